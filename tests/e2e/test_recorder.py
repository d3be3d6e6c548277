"""The real recorder process on a real sound server: two silent sinks and their monitors."""

import json
import multiprocessing.connection
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import is_being_written
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import AudioSource, TrackAudio, TrackPlan
from app.domain.errors import AudioNotStoredError, NoDeviceError, RecorderUnreachableError
from app.domain.sessions import MarkerKind, TrackLabel, TrackSource
from capture.devices import SystemSources
from capture.recorder_client import DetachedRecorders
from capture.running_recording import RunningRecording
from tests.recorders import (
    BRIDGE,
    ROOM,
    ROOT,
    a_signal,
    likeness,
    plans,
    recorder_pid,
    safe_until,
    start,
)
from tests.sound import SoundServer, wait_until


def has_gone(recording: RunningRecording) -> bool:
    try:
        assert not recording.status().running
    except RecorderUnreachableError:
        return True
    return False


def test_two_tracks_at_once_hold_what_was_played_and_are_not_swapped(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    room_wav, room_signal = a_signal(tmp_path, "room", 1)
    bridge_wav, bridge_signal = a_signal(tmp_path, "bridge", 2)
    recording = start(session_dir)
    with server.playing("room", room_wav) as first, server.playing("bridge", bridge_wav) as second:
        wait_until(lambda: recording.status().tracks[1].peak > 0.05, "the bridge is heard")
        assert (first.wait(), second.wait()) == (0, 0)
    safe_until(recording, recording.status().elapsed_ms)
    status = recording.stop()

    reader = FolderAudioReader()
    room, bridge = (
        reader.samples(TrackAudio(track_id, session_dir, label), 0, status.elapsed_ms)
        for track_id, label in ((ROOM, TrackLabel.ROOM), (BRIDGE, TrackLabel.BRIDGE))
    )
    assert likeness(room, room_signal) > 0.95
    assert likeness(bridge, bridge_signal) > 0.95
    assert likeness(room, bridge_signal) < 0.2
    assert likeness(bridge, room_signal) < 0.2
    stored = FolderArchive().describe(session_dir)
    assert stored.ended
    assert stored.gaps == ()
    assert all(abs(t.duration_ms - status.elapsed_ms) < 500 for t in stored.tracks)
    assert FolderArchive().verify(session_dir).problems == ()
    assert not (session_dir / "recorder.json").exists()


@pytest.mark.usefixtures("server")
def test_a_killed_recorder_loses_a_second_at_most(session_dir: Path) -> None:
    recording = start(session_dir)
    safe_until(recording, 1_500)
    elapsed_ms = recording.status().elapsed_ms
    os.kill(recorder_pid(session_dir), signal.SIGKILL)

    with pytest.raises(RecorderUnreachableError):
        recording.status()
    wait_until(lambda: DetachedRecorders().attach(session_dir) is None, "the recorder is gone")
    wait_until(lambda: not is_being_written(session_dir), "the system has ended the process")
    stored = FolderArchive().recover(session_dir)

    assert not stored.ended
    losses = [elapsed_ms - track.duration_ms for track in stored.tracks]
    print("lost at the kill, ms:", losses)
    assert max(losses) <= 1_000
    assert FolderArchive().verify(session_dir).problems == ()


START_AND_DIE = """
import sys
from pathlib import Path
from tests.recorders import start
print(start(Path(sys.argv[1])).status().elapsed_ms, flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("server")
def test_the_recorder_outlives_its_parent_and_is_found_again(session_dir: Path) -> None:
    command = [sys.executable, "-c", START_AND_DIE, str(session_dir)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as parent:  # type: ignore[call-overload]
        assert int(parent.stdout.readline()) >= 0
        parent.kill()

    found = DetachedRecorders().attach(session_dir)
    assert found is not None
    assert found.session_id == "ses-1"
    safe_until(found, 1_000)
    marker = found.mark(MarkerKind.DECISION, by="ic", text="zurückrollen")
    also_found = DetachedRecorders().attach(session_dir)
    assert also_found is not None
    last = also_found.stop()

    assert not last.running
    assert DetachedRecorders().attach(session_dir) is None
    wait_until(lambda: has_gone(found), "who asks is told that the recorder has gone")
    stored = FolderArchive().describe(session_dir)
    assert (stored.ended, stored.markers) == (True, (marker,))
    assert all(track.duration_ms >= 1_000 for track in stored.tracks)


@pytest.mark.usefixtures("server")
def test_a_recorder_that_is_told_to_terminate_seals_its_files(session_dir: Path) -> None:
    safe_until(start(session_dir), 500)
    os.kill(recorder_pid(session_dir), signal.SIGTERM)

    wait_until(lambda: FolderArchive().describe(session_dir).ended, "the session is closed")
    assert not list(session_dir.glob("*.part"))
    assert FolderArchive().verify(session_dir).problems == ()


@pytest.mark.usefixtures("server")
def test_a_folder_that_cannot_be_written_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")

    with pytest.raises(AudioNotStoredError, match="could not be written"):
        start(tmp_path / "home" / "session")


@pytest.mark.usefixtures("server")
def test_only_who_knows_the_key_is_answered(session_dir: Path) -> None:
    recording = start(session_dir)
    address = session_dir / "recorder.json"
    assert address.stat().st_mode & 0o777 == 0o600
    fields = json.loads(address.read_bytes())
    assert Path(fields["address"]).parent.stat().st_mode & 0o777 == 0o700

    with pytest.raises(multiprocessing.AuthenticationError):
        multiprocessing.connection.Client(fields["address"], authkey=b"guessed")

    assert recording.stop().running is False


@pytest.mark.usefixtures("server")
def test_a_recorder_that_hangs_is_told_of_and_found_again_when_it_goes_on(
    session_dir: Path,
) -> None:
    recording = start(session_dir)
    recorder = psutil.Process(recorder_pid(session_dir))
    recorder.suspend()
    with pytest.raises(RecorderUnreachableError, match="does not answer"):
        recording.status()
    recorder.resume()

    assert recording.status().running
    assert recording.stop().running is False
    assert FolderArchive().verify(session_dir).problems == ()


def test_a_lost_source_is_told_leaves_a_gap_and_does_not_touch_the_other_track(
    server: SoundServer, session_dir: Path
) -> None:
    module = server.pactl("load-module", "module-null-sink", "sink_name=usb").strip()
    sources = {source.id: source for source in SystemSources().sources()}
    tracks = [plans()[1], TrackPlan(ROOM, TrackLabel.ROOM, sources["pulse:usb.monitor"])]
    recording = start(session_dir, tracks)
    safe_until(recording, 500)

    server.pactl("unload-module", module)
    wait_until(lambda: bool(recording.status().tracks[1].problem), "the loss is noticed")
    assert "stopped delivering audio" in recording.status().tracks[1].problem
    missed = recording.status()
    assert missed.tracks[0].problem == ""
    while_gone_ms = missed.elapsed_ms + 1_000
    wait_until(lambda: recording.status().elapsed_ms > while_gone_ms + 500, "it is gone a while")
    server.pactl("load-module", "module-null-sink", "sink_name=usb")
    wait_until(lambda: not recording.status().tracks[1].problem, "the source is back")
    last = recording.stop()

    stored = FolderArchive().describe(session_dir)
    assert {gap.track_id for gap in stored.gaps} == {ROOM}
    assert any(gap.start_ms < while_gone_ms < gap.end_ms for gap in stored.gaps)
    assert abs(stored.tracks[0].duration_ms - last.elapsed_ms) < 500
    assert abs(stored.tracks[1].duration_ms - last.elapsed_ms) < 500


@pytest.mark.usefixtures("server")
def test_an_unknown_source_is_refused_and_names_those_that_exist(session_dir: Path) -> None:
    known = plans()[0]
    gone = AudioSource("pulse:gone", "Gone", TrackSource.MIC, 48_000)

    with pytest.raises(NoDeviceError, match="pulse:gone") as refused:
        start(session_dir, [replace(known, source=gone)])

    assert "pulse:room.monitor" in refused.value.remedy
    assert not session_dir.exists()
