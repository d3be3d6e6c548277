"""Sources with a Bluetooth headset's names on a real PipeWire, through the real pw-record."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import psutil
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio, TrackPlan
from app.domain.sessions import GapReason, TrackLabel, TrackSource
from capture.devices import SystemSources
from capture.pipewire_input import is_for_pipewire
from tests.pipewire import HEADSET_MIC, HEADSET_SINK, pipewire
from tests.recorders import BRIDGE, ROOM, a_signal, likeness, recorder_pid, start
from tests.sound import SoundServer, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.engine_types import AudioSource, TrackStatus
    from capture.running_recording import RunningRecording

MONITOR = f"pulse:{HEADSET_SINK}.monitor"
MIC = f"pulse:{HEADSET_MIC}"


@pytest.fixture
def server() -> Iterator[SoundServer]:
    with pipewire() as running, pytest.MonkeyPatch.context() as patch:
        running.use(patch)
        yield running


def sources() -> dict[str, AudioSource]:
    return {source.id: source for source in SystemSources().sources()}


def headset() -> list[TrackPlan]:
    known = sources()
    return [
        TrackPlan(ROOM, TrackLabel.ROOM, known[MIC]),
        TrackPlan(BRIDGE, TrackLabel.BRIDGE, known[MONITOR]),
    ]


def bridge(recording: RunningRecording) -> TrackStatus:
    return recording.status().tracks[1]


def pw_records(session_dir: Path) -> list[psutil.Process]:
    children = psutil.Process(recorder_pid(session_dir)).children()
    return [child for child in children if child.name() == "pw-record"]


@pytest.mark.usefixtures("server")
def test_a_headset_is_known_by_its_names_and_nothing_else_is_taken_for_one() -> None:
    known = sources()

    kinds = {found.id: found.kind for found in known.values() if is_for_pipewire(found)}
    assert kinds == {MIC: TrackSource.MIC, MONITOR: TrackSource.LOOPBACK}
    assert "pulse:room.monitor" in known


def test_what_a_headset_plays_is_recorded_through_pw_record(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    wav, played = a_signal(tmp_path, "bridge", 2)
    recording = start(session_dir, headset())
    assert len(pw_records(session_dir)) == 2
    server.play(HEADSET_SINK, wav)
    heard_ms = recording.status().elapsed_ms
    wait_until(lambda: bridge(recording).safe_until_ms >= heard_ms, "it is on the disk")
    status = recording.stop()

    reader = FolderAudioReader()
    room, bridged = (
        reader.samples(TrackAudio(track_id, session_dir, label), 0, status.elapsed_ms)
        for track_id, label in ((ROOM, TrackLabel.ROOM), (BRIDGE, TrackLabel.BRIDGE))
    )
    assert likeness(bridged, played) > 0.95
    assert abs(room).max() == 0.0
    stored = FolderArchive().describe(session_dir)
    assert stored.gaps == ()
    assert all(abs(track.duration_ms - status.elapsed_ms) < 500 for track in stored.tracks)


@pytest.mark.usefixtures("server")
def test_a_pw_record_that_dies_is_a_gap_on_its_track_alone_and_is_started_again(
    session_dir: Path,
) -> None:
    recording = start(session_dir, headset())
    wait_until(lambda: bridge(recording).safe_until_ms > 1_000, "both are under way")
    of_bridge = next(p for p in pw_records(session_dir) if HEADSET_SINK in p.cmdline())
    of_bridge.send_signal(signal.SIGKILL)
    wait_until(lambda: bridge(recording).problem != "", "it is told")
    wait_until(lambda: bridge(recording).problem == "", "it is heard again")
    others = [process.pid for process in pw_records(session_dir)]
    recording.stop()

    assert len(others) == 2
    assert of_bridge.pid not in others
    (gap,) = FolderArchive().describe(session_dir).gaps
    assert (gap.track_id, gap.reason) == (BRIDGE, GapReason.DEVICE_LOST)
    assert gap.end_ms - gap.start_ms < 3_000


@pytest.mark.usefixtures("server")
def test_a_killed_recorder_leaves_no_pw_record_behind(session_dir: Path) -> None:
    start(session_dir, headset())
    children = pw_records(session_dir)
    os.kill(recorder_pid(session_dir), signal.SIGKILL)

    gone, alive = psutil.wait_procs(children, timeout=10)
    assert (len(gone), alive) == (2, [])


def test_a_headset_that_leaves_is_a_gap_and_no_other_source_is_heard_instead(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    wav, _played = a_signal(tmp_path, "room", 1)
    recording = start(session_dir, headset())
    wait_until(lambda: bridge(recording).safe_until_ms > 500, "it is under way")
    for module in server.pactl("list", "short", "modules").splitlines():
        if HEADSET_SINK in module:
            server.pactl("unload-module", module.split()[0])
    wait_until(lambda: bridge(recording).problem != "", "its absence is told")
    server.play("room", wav)
    assert bridge(recording).peak == 0.0
    server.pactl("load-module", "module-null-sink", f"sink_name={HEADSET_SINK}")
    wait_until(lambda: bridge(recording).problem == "", "it is heard again")
    recording.stop()

    reader = FolderAudioReader()
    samples = reader.samples(TrackAudio(BRIDGE, session_dir, TrackLabel.BRIDGE), 0, 60_000)
    assert abs(samples).max() == 0.0
    (gap,) = FolderArchive().describe(session_dir).gaps
    assert (gap.track_id, gap.reason) == (BRIDGE, GapReason.DEVICE_LOST)
