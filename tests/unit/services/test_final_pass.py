"""The final pass over a real recording, with the real recogniser and the demonstration model."""

from __future__ import annotations

import os
import signal
import wave
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.engine_types import RecognitionModel, RecorderStatus, TrackStatus
from app.domain.errors import (
    ModelMissingError,
    RecognitionBrokenError,
    RecognitionStoppedError,
    RecordError,
)
from app.domain.events import (
    AudioStored,
    ProblemArose,
    RecordingStarted,
    RecordingStopped,
    SegmentsReplaced,
    SegmentsTranscribed,
    WorkProgressed,
)
from app.domain.glossary import NO_TERMS, Glossary, Term
from app.domain.home import Home
from app.domain.ids import SessionId
from app.domain.record import Change
from app.domain.sessions import SessionKind
from app.domain.settings import Settings
from app.domain.timeline import EntryKind
from app.domain.transcript import RecognitionPass
from app.recognition_wiring import model_folder
from app.services.edit_sources import heard_within
from app.services.engine_choice import EngineChoice
from app.services.promotion import Selection
from app.services.recognition_reach import unheard
from app.services.recognition_turn import take_turn
from app.services.unfinished_pass import BegunPass, UnfinishedPass
from tests.builders import START, a_session
from tests.unit.transcription.conftest import pcm_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.events import Event
    from app.domain.ids import IncidentId
    from app.domain.sessions import Session, Track
    from app.domain.transcript import Segment
    from app.services.program import Program

ROOM = Path(__file__).parents[3] / "resources" / "demo" / "room.flac"


@pytest.fixture
def incident(program: Program) -> IncidentId:
    incident = program.incidents.create("Checkout").id
    program.attachment.attach(incident, [ROOM], start_utc=START, kind=SessionKind.BRIDGE)
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


@pytest.fixture
def minute(program: Program, tmp_path: Path) -> IncidentId:
    """An incident with the first minute of the recording."""
    pcm = pcm_of(ROOM)[: 60 * 32_000]
    path = tmp_path / "room.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(pcm)
    incident = program.incidents.create("Checkout").id
    program.attachment.attach(incident, [path], start_utc=START, kind=SessionKind.BRIDGE)
    return incident


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.final_pass.BATCH_SIZE", 2)


@contextmanager
def after_the_first_batch(program: Program, act: Callable[[], None]) -> Iterator[None]:
    """Do something once, when the first words are stored; on the recogniser's own thread."""

    def hear(event: Event) -> None:
        if isinstance(event, SegmentsTranscribed):
            program.bus.unsubscribe(hear)
            act()

    program.bus.subscribe(hear)
    yield


def said_by(segments: tuple[Segment, ...]) -> list[tuple[int, int, str]]:
    return [(segment.start_ms, segment.end_ms, segment.text) for segment in segments]


@pytest.mark.usefixtures("small_batches")
def test_a_pass_that_is_stopped_goes_on_where_it_was(program: Program, minute: IncidentId) -> None:
    running = program.transcription
    told: list[Event] = []
    program.bus.subscribe(told.append)
    with (
        after_the_first_batch(program, running.cancel),
        pytest.raises(RecognitionStoppedError, match="what was recognised is kept"),
    ):
        running.run(minute)
    assert told[-1] == SegmentsReplaced(minute), "others show what has gone"
    begun = program.incidents.record(minute)
    (track,) = begun.tracks
    assert 0 < unheard(begun, program.store)[track.id] < 45_000
    running.run(minute)
    complete = program.incidents.record(minute)
    running.run(minute, anew=True)
    made_anew = program.incidents.record(minute)

    assert 0 < len(begun.segments) < len(complete.segments)
    assert complete.segments[: len(begun.segments)] == begun.segments, "it is not done again"
    assert unheard(complete, program.store) == {}
    assert said_by(complete.segments) == said_by(made_anew.segments)
    assert {one.id for one in made_anew.segments}.isdisjoint(one.id for one in begun.segments)


@pytest.mark.usefixtures("small_batches")
def test_a_recogniser_that_is_killed_within_a_batch_loses_and_doubles_no_word(
    program: Program, minute: IncidentId
) -> None:
    def kill() -> None:
        recognizer = program.transcription._running._recognizer  # type: ignore[union-attr]
        os.kill(recognizer.pid, signal.SIGKILL)  # type: ignore[union-attr,arg-type]

    with after_the_first_batch(program, kill):
        program.transcription.run(minute)
    killed = program.incidents.record(minute).segments
    program.transcription.run(minute)
    undisturbed = program.incidents.record(minute).segments

    assert len(killed) > 4
    assert said_by(killed) == said_by(undisturbed)


def test_a_fault_of_the_program_ends_the_pass_with_its_name_and_the_recogniser_with_it(
    program: Program, minute: IncidentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_given: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("app.services.track_recognition.on_session", faulty)

    with pytest.raises(RecognitionBrokenError, match="ZeroDivisionError: by nought") as told:
        program.transcription.run(minute)

    assert "recognise again" in told.value.remedy
    assert program.incidents.record(minute).segments == ()
    monkeypatch.undo()
    program.transcription.run(minute)
    assert len(program.incidents.record(minute).segments) > 4


def test_what_was_promoted_from_live_words_keeps_them_and_finds_the_new_ones(
    program: Program, minute: IncidentId
) -> None:
    program.transcription.run(minute, made_in=RecognitionPass.LIVE)
    live = program.incidents.record(minute).segments[1]
    chosen = Selection(live.id)
    program.promotion.promote(minute, [chosen], kind=EntryKind.FACT)
    (promoted,) = program.incidents.record(minute).entries

    program.transcription.run(minute)

    record = program.incidents.record(minute)
    assert record.entries == (promoted,)
    (source,) = promoted.sources
    assert source.quote == live.text
    assert live.id not in {segment.id for segment in record.segments}
    again = heard_within(record, source)
    assert again.quote == live.text
    (new,) = again.segment_ids
    assert new in {segment.id for segment in record.segments}


def test_a_pass_that_was_begun_with_another_model_or_glossary_is_no_beginning_of_this_one(
    tmp_path: Path,
) -> None:
    unfinished = UnfinishedPass(Home(tmp_path), a_session())
    model = RecognitionModel("small", tmp_path, "en")
    begun = BegunPass.by(model, RecognitionPass.FINAL, NO_TERMS)
    assert not unfinished.is_like(begun)

    unfinished.begin(begun)

    assert unfinished.is_like(begun)
    assert not unfinished.is_like(replace(begun, model="medium"))
    assert not unfinished.is_like(replace(begun, language="de"))
    assert not unfinished.is_like(replace(begun, host="asr.example.org"))
    terms = Glossary((Term("Priya"),))
    assert not unfinished.is_like(BegunPass.by(model, RecognitionPass.FINAL, terms))
    unfinished.forget()
    assert not unfinished.is_like(begun)


def test_a_pass_spells_as_the_glossary_says_and_the_demonstration_model_is_told_nothing(
    program: Program, incident: IncidentId
) -> None:
    program.glossary.add("hotfix", heard_as=["hot fix"])

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
    settings = Settings(model="none-such")
    engines = EngineChoice(model_folder(program.home, settings), settings)
    parts = replace(program.live._parts, engines=engines)
    monkeypatch.setattr(program.live, "_parts", parts)

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

    with pytest.raises(RecordError, match="is being transcribed"):
        program.transcription.run(incident)
    turn.release()
    program.transcription.run(incident)

    starts = [s.start_ms for s in program.incidents.record(incident).segments]
    assert len(starts) == len(set(starts)) > 10


def test_live_recognition_takes_over_when_the_program_that_did_it_has_ended(
    program: Program, incident: IncidentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.live_transcription.TRY_EVERY_S", 0.0)
    program.load("live")
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


def test_words_that_give_way_to_the_next_recording_are_told(
    program: Program, incident: IncidentId
) -> None:
    program.load("live")
    record = program.incidents.record(incident)
    (session,), (track,) = record.sessions, record.tracks
    told: list[Event] = []
    program.bus.subscribe(told.append)
    program.bus.publish(RecordingStarted(session, (track,)))
    program.bus.publish(audio_stored(session, track, 60_000))
    program.bus.publish(RecordingStopped(incident, session.id))

    following = replace(session, id=SessionId("ses-next"))
    program.bus.publish(RecordingStarted(following, ()))
    program.bus.publish(RecordingStopped(incident, following.id))
    program.bus.publish(RecordingStarted(replace(session, id=SessionId("ses-third")), ()))

    (problem,) = [event for event in told if isinstance(event, ProblemArose)]
    assert "Not all words of the recording of 14:46 UTC" in str(problem.error)


def audio_stored(session: Session, track: Track, until_ms: int) -> AudioStored:
    status = TrackStatus(track.id, track.label, until_ms)
    return AudioStored(RecorderStatus(session.id, until_ms, (status,)))
