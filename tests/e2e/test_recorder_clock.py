"""The real recorder, real audio, and a clock that a test sets: what it makes of time."""

import contextlib
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.format import write_session_info
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Ended, Slept, Stepped
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.home import Home
from app.domain.ids import IncidentId, SessionId
from app.domain.sessions import GapReason, TrackLabel
from app.domain.times import now_utc
from tests.command_line import Hotwash
from tests.proof.recorded import KeepFigure
from tests.recorders import BRIDGE, RATE, ROOM, noise_wav, plans, recorder_pid, safe_until, start
from tests.sound import SoundServer, wait_until
from tests.stepping_clock import HAPPENS_WHEN
from tests.unit.audio_files.recordings import a_session_info


@pytest.fixture
def happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that a test makes when something is to happen to the recorder's clock."""
    path = tmp_path / "happens"
    monkeypatch.setenv(HAPPENS_WHEN, str(path))
    return path


@pytest.mark.usefixtures("server")
def test_a_clock_that_is_set_by_an_hour_is_recorded_and_moves_and_loses_nothing(
    session_dir: Path, happens: Path
) -> None:
    recording = start(session_dir, clock="tests.stepping_clock:SteppingClock")
    began = now_utc() - timedelta(milliseconds=recording.status().elapsed_ms)
    safe_until(recording, 1_500)
    before_ms = recording.status().elapsed_ms
    happens.touch()
    wait_until(lambda: "set by +3,600.0 s" in " ".join(recording.status().notices), "it is told")
    told_ms = recording.status().elapsed_ms
    safe_until(recording, told_ms + 1_000)
    last = recording.stop()

    stored = FolderArchive().describe(session_dir)
    (step,) = (line for line in read_journal(session_dir).lines if isinstance(line, Stepped))
    assert step.by_ms == pytest.approx(3_600_000, abs=50)
    assert before_ms <= step.at_ms <= told_ms
    assert stored.gaps == ()
    assert abs(stored.start_utc - began) < timedelta(seconds=5), "not an hour later"
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
    session_dir: Path, happens: Path
) -> None:
    recording = start(session_dir, clock="tests.stepping_clock:SleepyClock")
    safe_until(recording, 1_500)
    happens.touch()
    wait_until(lambda: "slept for 40 s" in " ".join(recording.status().notices), "it is told")
    safe_until(recording, 43_000)
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


def play_and_compare(server: SoundServer, folder: Path, session_dir: Path, seconds: float) -> int:
    """Return how many samples of what was played came back, in order, not one of them changed."""
    exact = ("rate=16000", "channels=1", "format=s16le")
    module = server.pactl("load-module", "module-null-sink", "sink_name=exact", *exact).strip()
    try:
        played = noise_wav(folder / "noise.wav", seconds, 5)
        recording = start(session_dir, plans({ROOM: "exact"}))
        server.play("exact", folder / "noise.wav")
        safe_until(recording, recording.status().elapsed_ms)
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
    recording = start(session_dir)
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
