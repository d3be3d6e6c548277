"""A whole final pass over a war room with loudspeakers: what it marks, and what it lets stand."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.bootstrap import build
from app.domain.events import ProblemArose
from app.domain.home import Home
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.timeline import EntryKind
from app.domain.times import Span
from app.services.promotion import Selection
from tests.builders import START
from tests.loud_room import RATE, LoudRoom
from tests.unit.transcription.conftest import RESOURCES, pcm_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.events import Event
    from app.domain.ids import IncidentId
    from app.domain.transcript import Segment
    from app.services.program import Program

SECONDS = 40
SCRIPT = Path(__file__).parents[2] / "data" / "demo_script.json"
LOUD = LoudRoom(gain_db=-12, delay_ms=80, ringing_ms=250)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = build(Home(tmp_path / "home"), actor="Marcus", offline=True)
    yield program
    program.shutdown()


def write_wav(path: Path, pcm: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(pcm)
    return path


@pytest.fixture
def incident(program: Program, tmp_path: Path) -> IncidentId:
    """The demonstration's first seconds, in a room whose loudspeakers play the bridge."""
    said = {
        label: pcm_of(RESOURCES / "demo" / f"{label}.flac")[: SECONDS * RATE * 2]
        for label in TrackLabel
    }
    said[TrackLabel.ROOM] = LOUD.heard(said[TrackLabel.BRIDGE], said[TrackLabel.ROOM])
    files = [write_wav(tmp_path / f"{label}.wav", pcm) for label, pcm in said.items()]
    incident = program.incidents.create("Checkout").id
    program.attachment.attach(
        incident, files, start_utc=START, kind=SessionKind.BRIDGE, labels=list(said)
    )
    program.transcription.run(incident)
    return incident


def is_said_in_the_room(segment: Segment) -> bool:
    script: list[dict[str, Any]] = json.loads(SCRIPT.read_text("utf-8"))
    lines = [
        Span(*(round(line[end] * 1_000) for end in ("start", "end")))
        for line in script
        if line["track"] == TrackLabel.ROOM
    ]
    return any(segment.span.overlap_ms(line) > 500 for line in lines)


def of_room(program: Program, incident: IncidentId) -> list[Segment]:
    record = program.incidents.record(incident)
    (room,) = (track.id for track in record.tracks if track.label is TrackLabel.ROOM)
    return [segment for segment in record.segments if segment.track_id == room]


def test_a_final_pass_marks_what_the_loudspeakers_said_and_a_persons_word_stands(
    program: Program, incident: IncidentId
) -> None:
    heard = of_room(program, incident)
    bled = [segment for segment in heard if segment.bleed]
    own = [segment for segment in heard if not segment.bleed]

    assert [s.bleed for s in heard] == [not is_said_in_the_room(s) for s in heard]
    assert len(own) >= 3
    assert len(bled) >= 5
    assert all(segment.text for segment in bled)
    others = [s for s in program.incidents.record(incident).segments if s not in heard]
    assert not any(segment.bleed for segment in others)

    program.promotion.promote(incident, [Selection(bled[0].id)], kind=EntryKind.FACT)
    (entry,) = program.incidents.record(incident).entries
    assert entry.sources[0].quote == bled[0].text

    program.edits.apply(incident, {"segments": [{"id": bled[1].id, "bleed": False}]})
    program.editing.set_segment_text(incident, bled[2].id, "Tom has operations.")
    program.transcription.run(incident)

    again = {segment.id: segment for segment in of_room(program, incident)}
    assert not again[bled[1].id].bleed
    assert again[bled[2].id].text == "Tom has operations."
    assert again[bled[2].id].bleed
    assert sum(segment.bleed for segment in again.values()) == len(bled) - 1


def test_a_session_of_one_track_has_no_bleed(program: Program, tmp_path: Path) -> None:
    incident = program.incidents.create("Checkout").id
    room = pcm_of(RESOURCES / "demo" / "room.flac")[: 10 * RATE * 2]
    file = write_wav(tmp_path / "room.wav", room)

    program.attachment.attach(incident, [file], start_utc=START, kind=SessionKind.ROOM)
    program.transcription.run(incident)

    heard = program.incidents.record(incident).segments
    assert len(heard) > 1
    assert not any(segment.bleed for segment in heard)


def test_bleed_that_cannot_be_looked_for_is_told_and_the_words_stay(
    program: Program, incident: IncidentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    program.bus.subscribe(told.append)
    before = [segment.text for segment in of_room(program, incident)]
    session = program.incidents.record(incident).sessions[0]
    folder = program.home.session_dir(incident, session.id)
    bleed_pass = program.transcription._bleed_pass
    look = bleed_pass.run

    def look_after_a_file_was_lost(*given: object) -> None:
        next(folder.glob("bridge-*.wav")).unlink()
        look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bleed_pass, "run", look_after_a_file_was_lost)
    program.transcription.run(incident)

    problems = [event.error for event in told if isinstance(event, ProblemArose)]
    assert ["missing" in str(problem) for problem in problems] == [True]
    assert [segment.text for segment in of_room(program, incident)] == before
