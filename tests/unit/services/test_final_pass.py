"""The final pass over a real recording, with the real recogniser and the demonstration model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import build
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.errors import ModelMissingError, RecordError
from app.domain.events import (
    AudioStored,
    ProblemArose,
    RecordingStarted,
    RecordingStopped,
    WorkProgressed,
)
from app.domain.glossary import Term, TermKind
from app.domain.home import Home
from app.domain.record import Change
from app.domain.sessions import SessionKind
from app.domain.transcript import RecognitionPass
from app.services.recognition_turn import take_turn
from tests.builders import START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.events import Event
    from app.domain.ids import IncidentId
    from app.domain.sessions import Session, Track
    from app.services.program import Program

ROOM = Path(__file__).parents[3] / "resources" / "demo" / "room.flac"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = build(Home(tmp_path / "home"), actor="Marcus", offline=True)
    yield program
    program.shutdown()


@pytest.fixture
def incident(program: Program) -> IncidentId:
    incident = program.incidents.create("Checkout").id
    program.attachment.attach(
        incident, [ROOM], start_utc=START, kind=SessionKind.BRIDGE, transcribe=False
    )
    return incident


def test_a_second_pass_doubles_nothing_and_leaves_corrected_words_alone(
    program: Program, incident: IncidentId
) -> None:
    shares: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, WorkProgressed):
            shares.append(event.done)

    program.bus.subscribe(note)
    program.transcription.run(incident)
    first = program.incidents.record(incident).segments
    program.editing.set_segment_text(incident, first[0].id, "This is Priya; I am the IC.")
    program.transcription.run(incident)
    second = program.incidents.record(incident).segments

    assert len(first) > 10
    assert {segment.made_in for segment in second} == {RecognitionPass.FINAL}
    assert second[0].text == "This is Priya; I am the IC."
    assert second[0].original_text == first[0].text
    assert [s.text for s in second[1:]] == [s.text for s in first[1:]]
    assert shares == sorted(shares) or shares[-1] == 1.0
    assert shares[-1] == 1.0


def test_a_pass_spells_as_the_glossary_says_and_the_demonstration_model_is_told_nothing(
    program: Program, incident: IncidentId
) -> None:
    program.glossary.add(Term("hotfix", TermKind.OTHER, ("hot fix",)))

    program.transcription.run(incident)

    segments = program.incidents.record(incident).segments
    (spelled,) = [segment for segment in segments if segment.respelled]
    assert spelled.text == "We will roll back the release instead of a hotfix."
    assert spelled.original_text == "We will roll back the release instead of a hot fix."
    # One that had been told “hotfix” would have led the demonstration's model astray everywhere.
    assert segments[0].text == "This is Priya, I am the incident commander."


def test_a_model_that_is_not_installed_is_told_and_the_words_stay(
    program: Program, incident: IncidentId
) -> None:
    program.transcription.run(incident)
    before = program.incidents.record(incident).segments

    with pytest.raises(ModelMissingError, match="small") as told:
        program.transcription.run(incident, model="small")

    assert "models download small" in told.value.remedy
    assert program.incidents.record(incident).segments == before


def test_a_session_that_is_being_recorded_is_refused(
    program: Program, incident: IncidentId
) -> None:
    (track,) = program.incidents.record(incident).tracks
    open_track = type(track)(track.id, track.session_id, track.label, track.source, track.device)
    program.store.commit(incident, [Change(track, open_track)], by="x", label="open")

    with pytest.raises(RecordError, match="still being recorded"):
        program.transcription.run(incident)


def test_a_recording_that_cannot_be_recognised_is_told_and_goes_on(
    program: Program, incident: IncidentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    program.bus.subscribe(told.append)
    record = program.incidents.record(incident)
    monkeypatch.setattr(program.live, "_settings", type(program.settings)(model="none-such"))

    program.bus.publish(RecordingStarted(record.sessions[0], record.tracks))

    problems = [event for event in told if isinstance(event, ProblemArose)]
    assert "none-such" in str(problems[0].error)
    assert not program.live.working


def test_two_programs_do_not_recognise_a_session_at_once(
    program: Program, incident: IncidentId
) -> None:
    session = program.incidents.record(incident).sessions[0]
    turn = take_turn(program.home, session)
    assert turn is not None

    with pytest.raises(RecordError, match="Another program is recognising"):
        program.transcription.run(incident)
    turn.release()
    program.transcription.run(incident)

    starts = [s.start_ms for s in program.incidents.record(incident).segments]
    assert len(starts) == len(set(starts)) > 10


def test_live_recognition_takes_over_when_the_program_that_did_it_has_ended(
    program: Program, incident: IncidentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.live_transcription.TRY_EVERY_S", 0.0)
    record = program.incidents.record(incident)
    (session,), (track,) = record.sessions, record.tracks
    theirs = take_turn(program.home, session)
    assert theirs is not None
    program.bus.publish(RecordingStarted(session, (track,)))
    program.bus.publish(audio_stored(session, track, 30_000))
    assert not program.live.working

    theirs.release()
    program.bus.publish(audio_stored(session, track, 60_000))
    assert program.live.working
    program.bus.publish(RecordingStopped(incident, session.id))
    assert program.live.wait(60)

    heard = program.incidents.record(incident).segments
    assert min(s.start_ms for s in heard) < 10_000
    assert max(s.end_ms for s in heard) > 50_000


def audio_stored(session: Session, track: Track, until_ms: int) -> AudioStored:
    status = TrackStatus(track.id, track.label, until_ms)
    return AudioStored(RecorderStatus(session.id, until_ms, (status,)))
