"""The real recorder, real audio, and a clock that a test sets: what it makes of time."""

import contextlib
import json
import os
import signal
import wave
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from app.audio_files.archive import FolderArchive
from app.audio_files.format import write_session_info
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Ended, Slept, Stepped
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio, TrackPlan
from app.domain.home import Home
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import GapReason, SessionKind, TrackLabel
from app.domain.times import now_utc
from capture.devices import SystemSources
from capture.recorder_client import DetachedRecorders
from capture.running_recording import RunningRecording
from tests.command_line import Hotwash
from tests.proof.recorded import KeepFigure
from tests.sound import SoundServer, sound_server, wait_until
from tests.unit.audio_files.recordings import a_session_info

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
    folder = tmp_path / "session"
    yield folder
    with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
        psutil.Process(recorder_pid(folder)).kill()


def recorder_pid(session_dir: Path) -> int:
    return int(json.loads((session_dir / "recorder.json").read_bytes())["pid"])


def start(session_dir: Path, sinks: dict[TrackId, str], clock: str = "") -> RunningRecording:
    sources = {source.id: source for source in SystemSources().sources()}
    labels = {ROOM: TrackLabel.ROOM, BRIDGE: TrackLabel.BRIDGE}
    return DetachedRecorders(clock=clock).start(
        session_dir,
        incident_id=IncidentId("inc-1"),
        session_id=SessionId("ses-1"),
        kind=SessionKind.BRIDGE,
        plans=[
            TrackPlan(track_id, labels[track_id], sources[f"pulse:{sink}.monitor"])
            for track_id, sink in sinks.items()
        ],
    )


TWO = {ROOM: "room", BRIDGE: "bridge"}


def recorded_for(recording: RunningRecording, ms: int) -> None:
    wait_until(
        lambda: all(track.safe_until_ms >= ms for track in recording.status().tracks),
        f"{ms} ms are on the disk",
        seconds=60 + ms / 500,
    )


@pytest.mark.usefixtures("server")
def test_a_clock_that_is_set_by_an_hour_is_recorded_and_moves_and_loses_nothing(
    session_dir: Path,
) -> None:
    began = now_utc()
    recording = start(session_dir, TWO, "tests.stepping_clock:SteppingClock")
    wait_until(lambda: "set by +3,600.0 s" in " ".join(recording.status().notices), "it is told")
    marked_ms = recording.status().elapsed_ms
    recorded_for(recording, marked_ms + 1_000)
    last = recording.stop()

    stored = FolderArchive().describe(session_dir)
    (step,) = (line for line in read_journal(session_dir).lines if isinstance(line, Stepped))
    assert step.by_ms == pytest.approx(3_600_000, abs=50)
    assert 1_500 < step.at_ms < 5_000
    assert stored.gaps == ()
    assert abs(stored.start_utc - began) < timedelta(seconds=10), "not an hour later"
    lengths = [track.duration_ms for track in stored.tracks]
    assert all(abs(length - last.elapsed_ms) < 500 for length in lengths), lengths
    clock = FolderAudioReader().clock(TrackAudio(ROOM, session_dir, TrackLabel.ROOM))
    assert abs(clock.session_ms(3_000) - 3_000) < 150
    outcome = FolderArchive().verify(session_dir)
    assert outcome.problems == ()
    assert [(event.kind, event.at_ms) for event in outcome.clock_events] == [
        ("stepped", step.at_ms)
    ]


@pytest.mark.usefixtures("server")
def test_a_machine_that_slept_leaves_a_gap_that_says_so_and_the_session_goes_on(
    session_dir: Path,
) -> None:
    recording = start(session_dir, TWO, "tests.stepping_clock:SleepyClock")
    wait_until(lambda: "slept for 40 s" in " ".join(recording.status().notices), "it is told")
    recorded_for(recording, 43_000)
    last = recording.stop()

    stored = FolderArchive().describe(session_dir)
    assert {(gap.track_id, gap.reason) for gap in stored.gaps} == {
        (ROOM, GapReason.SUSPEND),
        (BRIDGE, GapReason.SUSPEND),
    }
    assert all(abs(gap.end_ms - gap.start_ms - 40_000) < 300 for gap in stored.gaps), stored.gaps
    assert all(abs(track.duration_ms - last.elapsed_ms) < 500 for track in stored.tracks)
    slept = [line for line in read_journal(session_dir).lines if isinstance(line, Slept)]
    assert [line.for_ms for line in slept] == [40_000]
    assert FolderArchive().verify(session_dir).problems == ()


def noise_wav(path: Path, seconds: float, seed: int) -> NDArray[np.int16]:
    """Write half a second of silence, noise in which no two samples are alike, silence again."""
    random = np.random.default_rng(seed)
    samples = random.integers(-12_000, 12_000, round(seconds * RATE), dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(RATE))
        file.writeframes(samples.astype("<i2").tobytes())
        file.writeframes(bytes(RATE))
    return samples


def play_and_compare(server: SoundServer, folder: Path, session_dir: Path, seconds: float) -> int:
    """Return how many samples of what was played came back, in order, not one of them changed."""
    exact = ("rate=16000", "channels=1", "format=s16le")
    module = server.pactl("load-module", "module-null-sink", "sink_name=exact", *exact).strip()
    try:
        played = noise_wav(folder / "noise.wav", seconds, 5)
        recording = start(session_dir, {ROOM: "exact"})
        server.play("exact", folder / "noise.wav")
        recorded_for(recording, recording.status().elapsed_ms)
        recording.stop()
    finally:
        server.pactl("unload-module", module)
    track = TrackAudio(ROOM, session_dir, TrackLabel.ROOM)
    reader = FolderAudioReader()
    stored = np.frombuffer(reader.pcm(track, 0, reader.duration_ms(track)), dtype="<i2")
    first = played[:64].tobytes()
    found = stored.tobytes().find(first) // 2
    assert found > 0, "the beginning came back"
    there = stored[found : found + len(played)]
    assert FolderArchive().describe(session_dir).gaps == ()
    return int(np.argmin(np.append(there == played[: len(there)], False)))


def test_what_is_played_comes_back_sample_by_sample(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    assert play_and_compare(server, tmp_path, session_dir, 10) == 10 * RATE


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_ten_minutes_come_back_with_no_sample_missing_or_doubled(
    server: SoundServer, session_dir: Path, tmp_path: Path, proof_figure: KeepFigure
) -> None:
    same = play_and_compare(server, tmp_path, session_dir, 600)

    assert same == 600 * RATE
    bar = f"all {600 * RATE} of ten minutes, in order, not one of them changed"
    proof_figure("through the null sink: samples that came back", same, "samples", bar)


@pytest.mark.usefixtures("server")
def test_a_recorder_without_a_message_bus_says_so_and_records(
    session_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={session_dir}/no-bus")
    recording = start(session_dir, TWO)
    wait_until(lambda: recording.status().notices != (), "it is told")
    (notice,) = recording.status().notices
    os.kill(recorder_pid(session_dir), signal.SIGTERM)

    assert "may fall asleep" in notice
    wait_until(lambda: FolderArchive().describe(session_dir).ended, "the session is closed")


def test_verify_tells_that_the_clock_was_set_and_that_the_machine_slept(tmp_path: Path) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    incident = IncidentId(hotwash.json("new", "Clocks")["id"])
    folder = Home(hotwash.home).session_dir(incident, SessionId("ses-1"))
    write_session_info(folder, replace(a_session_info(), incident_id=incident))
    with contextlib.closing(Journal(folder)) as journal:
        journal.append(Stepped(61_000, -3_600_000), Slept(125_000, 40_000), Ended())

    told = hotwash.run("verify", incident)
    events = hotwash.json("verify", incident)["clock_events"]

    assert told.returncode == 0, told
    words = " ".join(told.stdout.split())
    assert "the machine's clock was set by -3,600.0 s at 0:01:01.0" in words
    assert "the machine slept for 40.0 s until 0:02:05.0" in words
    assert events == [
        {"session_id": "ses-1", "kind": "stepped", "at_ms": 61_000, "by_ms": -3_600_000},
        {"session_id": "ses-1", "kind": "slept", "at_ms": 125_000, "by_ms": 40_000},
    ]
