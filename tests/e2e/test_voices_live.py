"""Who said it, live: the demonstration's recording through the whole program, nothing replaced."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import build
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.events import AudioStored, RecordingStarted, SegmentsTranscribed, VoicesHeard
from app.domain.home import Home
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.settings import Settings
from app.services.settings_file import write_settings
from tests.bench.hearing import START, recognise_live
from tests.bench.material.recording import demonstration_file
from tests.lacking import skip_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.events import Event
    from app.domain.record import Record
    from app.domain.sessions import Session
    from app.domain.transcript import Segment
    from app.services.program import Program
    from tests.proof.recorded import KeepFigure

RESOURCES = Path(__file__).parents[2] / "resources"
PIPELINE = RESOURCES / "models" / "demo-voices"
SCRIPT = Path(__file__).parents[1] / "data" / "demo_script.json"
TRACKS = {"Bridge", "Room"}
STEP_MS = 500
LATENCY_MS = 40_000  # so much of the recording is played in its own time
LABEL_WITHIN_S = 1.0


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    if not (PIPELINE / "config.yaml").is_file():
        skip_for("The demonstration's speaker pipeline is not there.")
    home = Home(tmp_path / "home")
    home.root.mkdir()
    write_settings(home.settings, Settings(diarization=str(PIPELINE), offline=True))
    program = build(home, actor="Priya")
    program.load("live", "live_voices")
    yield program
    program.shutdown()


@pytest.fixture
def session(program: Program) -> Session:
    incident = program.incidents.create("Checkout errors")
    files = [demonstration_file(label) for label in TrackLabel]
    (attached,) = program.attachment.attach(
        incident.id, files, start_utc=START, kind=SessionKind.BRIDGE
    )
    return attached.session


@dataclass
class Lags:
    """How long after its words a line got its voice, in seconds."""

    words_at: dict[str, float] = field(default_factory=dict)
    voice_at: dict[str, float] = field(default_factory=dict)

    def see(self, event: Event) -> None:
        now = time.monotonic()
        match event:
            case SegmentsTranscribed(segments=segments):
                self.words_at.update((segment.id, now) for segment in segments)
            case VoicesHeard(voices=voices):
                for segment_id in voices:
                    self.voice_at.setdefault(segment_id, now)
            case _:
                pass

    def all(self) -> list[float]:
        return [at - self.words_at[key] for key, at in self.voice_at.items()]


def speaker_of(line: Segment, record: Record) -> str:
    """Return who says a line by the script of the recording."""
    side = record.track(line.track_id).label.value
    said = [one for one in json.loads(SCRIPT.read_text()) if one["track"] == side]

    def overlap_s(one: dict[str, float]) -> float:
        return min(one["end"], line.end_ms / 1_000) - max(one["start"], line.start_ms / 1_000)

    return str(max(said, key=overlap_s)["speaker"])


def share_right(record: Record) -> float:
    """Return how much of what is said has the voice that is mostly that person's.

    What has the label of its track alone has none.
    """
    said: dict[str, dict[str, int]] = {}
    for line in record.segments:
        label = record.speaker_name(line.speaker_id)
        by_person = said.setdefault(label, {})
        person = speaker_of(line, record)
        by_person[person] = by_person.get(person, 0) + line.span.duration_ms
    total = sum(sum(by_person.values()) for by_person in said.values())
    told = (max(said[label].values()) for label in said if label not in TRACKS)
    return sum(told) / total


def name_all(program: Program, record: Record) -> None:
    """Say of each voice who it is, as a person does who listens to its first line."""
    named = set()
    for line in record.segments:
        label = record.speaker_name(line.speaker_id)
        if line.speaker_id is not None and label not in TRACKS | named:
            named.add(label)
            program.people.rename(record.incident.id, line.speaker_id, speaker_of(line, record))


def listener() -> int:
    """Return the process id of what listens to voices."""
    (child,) = [one for one in multiprocessing.active_children() if one.name == "voices"]
    assert child.pid is not None
    return child.pid


@pytest.mark.prove
def test_five_voices_are_found_live_and_names_typed_meanwhile_stay_after_the_final_pass(
    program: Program, session: Session, proof_figure: KeepFigure
) -> None:
    recognise_live(program, session)
    os.kill(listener(), signal.SIGKILL)  # in the middle of what it has to do
    assert program.live_voices.wait(300)
    record = program.store.record(session.incident_id)
    found = {record.speaker_name(line.speaker_id) for line in record.segments} - TRACKS
    right = share_right(record)
    proof_figure("live voices of the demonstration", len(found), "voices", "5")
    proof_figure("live lines with the right voice, by time", right, "", ">= 0.95")
    assert len(found) == 5
    assert right >= 0.95

    name_all(program, record)
    program.transcription.run(session.incident_id)

    after = program.store.record(session.incident_id)
    names = {after.speaker_name(line.speaker_id) for line in after.segments} - TRACKS
    assert names >= {"Priya", "Marcus", "Tom", "Elena", "Daniel"}
    kept = share_right(after)
    proof_figure("lines with the right name after the final pass, by time", kept, "", ">= 0.95")
    assert kept >= 0.95


@pytest.mark.prove
def test_a_line_has_its_voice_within_a_second(
    program: Program, session: Session, proof_figure: KeepFigure
) -> None:
    lags = Lags()
    program.bus.subscribe(lags.see)
    tracks = program.store.record(session.incident_id).tracks
    program.bus.publish(RecordingStarted(session, tracks))
    began = time.monotonic()
    for until_ms in range(0, LATENCY_MS, STEP_MS):
        statuses = tuple(TrackStatus(track.id, track.label, until_ms) for track in tracks)
        program.bus.publish(AudioStored(RecorderStatus(session.id, until_ms, statuses)))
        time.sleep(max(0.0, began + until_ms / 1_000 - time.monotonic()))
    assert program.live_voices.wait(60)

    # The first lines come while the model is being loaded.
    settled = lags.all()[len(lags.all()) // 2 :]
    lag = statistics.median(settled)
    proof_figure("voice after the words of its line, median", round(lag, 2), "s", "<= 1")
    assert lag <= LABEL_WITHIN_S
