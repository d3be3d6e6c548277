"""The real recorder process on a real sound server: two silent sinks and their monitors."""

import contextlib
import json
import multiprocessing.connection
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import is_being_written
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import AudioSource, TrackAudio, TrackPlan
from app.domain.errors import AudioNotStoredError, NoDeviceError, RecorderUnreachableError
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import MarkerKind, SessionKind, TrackLabel, TrackSource
from capture.devices import SystemSources
from capture.recorder_client import DetachedRecorders
from capture.running_recording import RunningRecording
from tests.command_line import Hotwash
from tests.sound import SoundServer, sound_server, wait_until
from tests.unit.audio_files.test_full_disk import mount_namespace

ROOT = Path(__file__).parents[2]
ROOM, BRIDGE = TrackId("trk-room"), TrackId("trk-bridge")
RATE = 16_000


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as running, pytest.MonkeyPatch.context() as patch:
        running.use(patch)
        yield running


@pytest.fixture
def session_dir(tmp_path: Path) -> Iterator[Path]:
    """A session's folder; a recorder that a failed test leaves is ended."""
    folder = tmp_path / "incidents" / "inc-1" / "audio" / "ses-1"
    yield folder
    with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
        psutil.Process(recorder_pid(folder)).kill()


def recorder_pid(session_dir: Path) -> int:
    return int(json.loads((session_dir / "recorder.json").read_bytes())["pid"])


def plans() -> list[TrackPlan]:
    sources = {source.id: source for source in SystemSources().sources()}
    return [
        TrackPlan(ROOM, TrackLabel.ROOM, sources["pulse:room.monitor"]),
        TrackPlan(BRIDGE, TrackLabel.BRIDGE, sources["pulse:bridge.monitor"]),
    ]


def start(session_dir: Path, tracks: list[TrackPlan] | None = None) -> RunningRecording:
    return DetachedRecorders().start(
        session_dir,
        incident_id=IncidentId("inc-1"),
        session_id=SessionId("ses-1"),
        kind=SessionKind.BRIDGE,
        plans=plans() if tracks is None else tracks,
    )


def has_gone(recording: RunningRecording) -> bool:
    try:
        assert not recording.status().running
    except RecorderUnreachableError:
        return True
    return False


def safe_until(recording: RunningRecording, ms: int) -> None:
    wait_until(
        lambda: all(track.safe_until_ms >= ms for track in recording.status().tracks),
        f"{ms} ms are on the disk",
    )


def a_signal(folder: Path, name: str, seed: int) -> tuple[Path, NDArray[np.float32]]:
    """Write two seconds of noise such as no other seed gives.

    Low tones, for which half a sample of delay is nothing; after a little silence, for PulseAudio
    renders ahead and the monitor misses what is mixed in afterwards.
    """
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(size=2 * RATE))
    spectrum[len(spectrum) // 4 :] = 0
    samples = np.fft.irfft(spectrum).astype(np.float32)
    samples *= 0.3 / np.abs(samples).max()
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(RATE))
        file.writeframes((samples * 32_767).astype("<i2").tobytes())
    return path, samples


def likeness(recorded: NDArray[np.float32], played: NDArray[np.float32]) -> float:
    """Return the correlation, 0 to 1, at the place where it is best."""
    size = len(recorded) + len(played)
    product = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
    lag = int(np.argmax(np.fft.irfft(product)[: len(recorded)]))
    there = recorded[lag : lag + len(played)]
    norm = np.linalg.norm(there) * np.linalg.norm(played[: len(there)])
    return float(abs(np.dot(there, played[: len(there)])) / norm) if norm else 0.0


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
from tests.e2e.test_recorder import start
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


FILL_THE_DISK = """
import subprocess, sys
from pathlib import Path
from tests.e2e.test_recorder import record_through_a_full_disk
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=True)
record_through_a_full_disk(disk)
"""


def record_through_a_full_disk(disk: Path) -> None:
    """Run inside a mount namespace, on a disk of 1 MB."""
    ballast, session_dir = disk / "ballast", disk / "session"
    recording = start(session_dir)
    safe_until(recording, 500)
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4_096)):
            pass
    wait_until(lambda: any(t.problem for t in recording.status().tracks), "the disk is full")
    problem = max(track.problem for track in recording.status().tracks)
    ballast.unlink()
    wait_until(lambda: not any(t.problem for t in recording.status().tracks), "there is room")
    last = recording.stop()
    stored = FolderArchive().describe(session_dir)
    outcome = {
        "problem": problem,
        "gaps": len(stored.gaps),
        "problems": len(FolderArchive().verify(session_dir).problems),
        "missing_ms": max(last.elapsed_ms - track.duration_ms for track in stored.tracks),
    }
    print(json.dumps(outcome))


@pytest.mark.usefixtures("server")
def test_a_disk_that_is_full_for_a_while_costs_nothing(tmp_path: Path) -> None:
    script = [*mount_namespace(), sys.executable, "-c", FILL_THE_DISK, str(tmp_path)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert "No space left on device" in outcome["problem"]
    assert (outcome["gaps"], outcome["problems"]) == (0, 0)
    assert outcome["missing_ms"] < 500


FILL_THE_DISK_FOR_GOOD = """
import subprocess, sys
from pathlib import Path
from tests.command_line import Hotwash
from tests.e2e.test_recorder import record_until_the_disk_is_full
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], check=True)
record_until_the_disk_is_full(Hotwash(disk / "home", {}), disk / "ballast")
"""


def record_until_the_disk_is_full(hotwash: Hotwash, ballast: Path) -> None:
    """Run inside a mount namespace: the disk fills during the recording and stays full."""
    incident = hotwash.json("new", "Full")["id"]
    recording = hotwash.start(
        "record", incident, "--bridge", "pulse:bridge.monitor", "--mic", "none", "--no-transcribe"
    )
    audio = hotwash.home / "incidents" / incident / "audio"
    wait_until(lambda: bool(list(audio.glob("*/recorder.json"))), "it records", seconds=30)
    (session_dir,) = audio.iterdir()
    running = DetachedRecorders().attach(session_dir)
    assert running is not None
    safe_until(running, 1_000)
    wait_until(lambda: bool(hotwash.json("show", incident)["sessions"]), "it is on record")
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4_096)):
            pass
    wait_until(lambda: bool(running.status().tracks[0].problem), "the disk is full")
    wait_until(lambda: running.status().elapsed_ms > 5_000, "more is lost than a moment")
    recording.send_signal(signal.SIGINT)
    said, problems = recording.communicate(timeout=60)
    stored = FolderArchive().describe(session_dir)
    ballast.unlink()
    shown = hotwash.json("show", incident)["sessions"][0]
    outcome = {
        "returncode": recording.returncode,
        "said": said,
        "told": " ".join(problems.split()),
        "ended": stored.ended,
        "duration_ms": stored.tracks[0].duration_ms,
        "gaps": [[gap.start_ms, gap.end_ms, gap.reason] for gap in stored.gaps],
        "shown_gaps": len(shown["gaps"]),
        "shown_ms": shown["tracks"][0]["duration_ms"],
        "ok": hotwash.json("verify", incident)["ok"],
        "files": sorted(path.name for path in session_dir.iterdir()),
    }
    print(json.dumps(outcome))


@pytest.mark.usefixtures("server")
def test_a_disk_that_is_full_at_the_end_is_told_and_what_is_missing_is_a_gap(
    tmp_path: Path,
) -> None:
    script = [*mount_namespace(), sys.executable, "-c", FILL_THE_DISK_FOR_GOOD, str(tmp_path)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["returncode"] == 3, outcome
    assert "No space left on device" in outcome["told"]
    assert "are on disk" in outcome["told"]
    assert "the audio is on disk" not in outcome["said"]
    ((start_ms, end_ms, reason),) = outcome["gaps"]
    assert (start_ms, reason) == (outcome["duration_ms"], "disk_full")
    assert end_ms > 4_800
    assert outcome["duration_ms"] >= 1_000
    assert (outcome["ended"], outcome["ok"]) == (False, True)
    assert (outcome["shown_ms"], outcome["shown_gaps"]) == (start_ms, 1)
    assert not [name for name in outcome["files"] if name.endswith((".part", "reserve"))]


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
