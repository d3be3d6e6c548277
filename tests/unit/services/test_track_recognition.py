from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import (
    PartialText,
    RecognitionModel,
    RecognizedSegment,
    RemoteModel,
    TrackAudio,
)
from app.domain.errors import (
    AudioUnreadableError,
    ModelDamagedError,
    ModelError,
    ServerUnavailableError,
    StorageError,
)
from app.domain.events import (
    LanguageDetected,
    PartialHeard,
    ProblemArose,
    RecognitionFellBehind,
    SegmentsTranscribed,
)
from app.domain.glossary import Glossary
from app.domain.recognition_pace import RecognitionPace
from app.domain.recognitions import Recognition
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from app.domain.transcript import RecognitionPass
from app.domain.transcription_server import TranscriptionServer
from app.services.track_recognition import MAX_RESTARTS, TrackRecognition
from app.services.track_speakers import TrackSpeakers
from tests.builders import BRIDGE, CHECKOUT_API, INCIDENT, a_session, words_of
from tests.unit.services.fake_recognizers import Nursery

if TYPE_CHECKING:
    from app.domain.engine_types import AnyModel
    from app.domain.ports import TrackClock
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

LIVE = RecognitionPass.LIVE
NOWHERE = Path("no folder of audio")
TINY = RecognitionModel("tiny", NOWHERE)


@pytest.fixture
def nursery() -> Nursery:
    return Nursery()


@pytest.fixture
def work(store: SqlRecordStore, bus: LocalBus, nursery: Nursery) -> TrackRecognition:
    return started_pass(store, bus, nursery, LIVE)


def started_pass(
    store: SqlRecordStore,
    bus: LocalBus,
    nursery: Nursery,
    made_in: RecognitionPass,
    model: AnyModel = TINY,
) -> TrackRecognition:
    speaker = TrackSpeakers(store).ensure(INCIDENT, TrackLabel.BRIDGE)
    work = TrackRecognition(
        store,
        bus,
        session=a_session(),
        made_in=made_in,
        clocks=FolderAudioReader().clock,
        tracks={BRIDGE: (TrackAudio(BRIDGE, NOWHERE, TrackLabel.BRIDGE), speaker)},
        glossary=Glossary((CHECKOUT_API,)),
    )
    work.start(nursery, model)
    return work


def away() -> ServerUnavailableError:
    return ServerUnavailableError("asr.example.org is not reached.", remedy="Wait.")


def partial_heard(start_ms: int, text: str) -> PartialHeard:
    return PartialHeard(INCIDENT, a_session().id, BRIDGE, start_ms, text)


def heard_words(start_ms: int, text: str = "rolling back") -> tuple[RecognizedSegment, ...]:
    return (RecognizedSegment(Span(start_ms, start_ms + 900), text, ()),)


def test_words_are_committed_with_the_cursor_then_told(
    work: TrackRecognition, store: SqlRecordStore, heard: Heard
) -> None:
    work.on_segments(BRIDGE, heard_words(81_000), 82_000)

    told = [event for event in heard if isinstance(event, SegmentsTranscribed)]
    assert [segment.text for segment in told[0].segments] == ["rolling back"]
    assert told[0].segments[0] in store.record(INCIDENT).segments
    assert store.record(INCIDENT).speaker_name(told[0].segments[0].speaker_id) == "Bridge"
    assert store.cursor_ms(BRIDGE, LIVE) == 82_000


def test_silence_moves_the_cursor_and_tells_nothing(
    work: TrackRecognition, store: SqlRecordStore, heard: Heard
) -> None:
    work.on_segments(BRIDGE, (), 30_000)
    assert store.cursor_ms(BRIDGE, LIVE) == 30_000
    assert heard == []


def test_a_child_that_dies_is_replaced_where_the_database_stands(
    work: TrackRecognition, nursery: Nursery
) -> None:
    work.advance(BRIDGE, 40_000)
    work.on_segments(BRIDGE, heard_words(1_000), 20_000)
    work.finish(BRIDGE, 50_000)

    work.on_exit(-9)

    assert nursery.born[0].asked == [("follow", 0), ("advance", 40_000), ("finish", 50_000)]
    assert nursery.born[1].asked == [("follow", 20_000), ("finish", 50_000)]
    nursery.born[1].replies.on_finished(BRIDGE)
    assert work.wait(0)
    assert work.problem is None


def test_a_child_that_keeps_dying_is_given_up_and_nobody_waits_for_it(
    work: TrackRecognition, nursery: Nursery, heard: Heard
) -> None:
    for _ in range(MAX_RESTARTS + 1):
        work.on_exit(139)

    assert len(nursery.born) == 1 + MAX_RESTARTS
    assert work.wait(0)
    assert isinstance(work.problem, ModelError)
    assert any(isinstance(event, ProblemArose) for event in heard)


def test_words_that_could_not_be_placed_are_not_passed_over(
    work: TrackRecognition,
    store: SqlRecordStore,
    heard: Heard,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreadable(_audio: TrackAudio) -> TrackClock:
        raise AudioUnreadableError(tmp_path, "the disk does not answer")

    work.on_segments(BRIDGE, heard_words(1_000), 2_000)
    with monkeypatch.context() as patch:
        patch.setattr(work, "_clocks", unreadable)
        work.on_segments(BRIDGE, heard_words(3_000), 4_000)
    assert isinstance(work.problem, AudioUnreadableError)

    work.on_segments(BRIDGE, heard_words(5_000), 6_000)  # it was on its way in the pipe
    work.on_partial(BRIDGE, PartialText(7_000, "rolling"))

    assert store.cursor_ms(BRIDGE, LIVE) == 2_000, "the next run goes on from there"
    assert not any(isinstance(event, PartialHeard) for event in heard)


def test_progress_between_deaths_is_no_reason_to_give_up(
    work: TrackRecognition, nursery: Nursery
) -> None:
    for number in range(10):
        work.on_exit(139)
        work.on_segments(BRIDGE, (), 1_000 * (number + 1))
    assert work.problem is None
    assert len(nursery.born) == 11


def test_a_model_that_does_not_load_ends_it_and_a_bad_stretch_live_does_not(
    work: TrackRecognition, tmp_path: Path, heard: Heard
) -> None:
    work.on_failed(AudioUnreadableError(tmp_path / "room.wav", "it is damaged"))
    assert work.problem is None
    assert not work.wait(0)

    work.on_failed(ModelDamagedError("The model is damaged.", remedy="Install it again."))
    assert work.wait(0)
    assert len([event for event in heard if isinstance(event, ProblemArose)]) == 2


def test_what_was_given_up_is_not_begun_again_when_the_child_dies(
    work: TrackRecognition, nursery: Nursery, heard: Heard
) -> None:
    work.on_failed(ModelDamagedError("The model is damaged.", remedy="Install it again."))

    for _ in range(MAX_RESTARTS + 1):
        work.on_exit(-9)

    assert len(nursery.born) == 1
    assert isinstance(work.problem, ModelDamagedError)
    assert len(heard) == 1, "it is told once"


def test_a_recogniser_that_is_given_up_is_ended(work: TrackRecognition, nursery: Nursery) -> None:
    work.on_failed(ModelDamagedError("The model is damaged.", remedy="Install it again."))

    assert work.wait(0)
    assert nursery.born[0].asked == [("follow", 0), ("stop", 0)]
    work.advance(BRIDGE, 40_000)
    work.stop()
    assert nursery.born[0].asked[2:] == [], "there is nobody to ask any more"


def test_how_far_it_is_behind_is_told_and_the_recogniser_hurries(
    work: TrackRecognition, nursery: Nursery, heard: Heard
) -> None:
    work.advance(BRIDGE, 9_000)

    assert heard[-1] == RecognitionFellBehind(a_session().id, 9_000, RecognitionPace.LONGER_STEPS)
    assert nursery.born[0].paces[-1] is RecognitionPace.LONGER_STEPS
    work.on_exit(-9)
    assert nursery.born[1].paces == [RecognitionPace.LONGER_STEPS], "the next one as well"
    assert work.share_done() == 0.0


def test_what_is_being_said_is_no_backlog(work: TrackRecognition, heard: Heard) -> None:
    """Words of an utterance that goes on for 19 seconds are not late."""
    for until_ms in range(0, 19_000, 500):
        work.advance(BRIDGE, until_ms)
        work.on_listened(BRIDGE, until_ms)

    assert heard == []
    assert work.backlog_ms == 0


def test_that_it_has_caught_up_is_told_once(
    work: TrackRecognition, nursery: Nursery, heard: Heard
) -> None:
    work.advance(BRIDGE, 20_000)
    work.on_segments(BRIDGE, heard_words(18_000), 20_000)
    work.on_listened(BRIDGE, 20_000)

    told = [event.pace for event in heard if isinstance(event, RecognitionFellBehind)]
    assert told == [RecognitionPace.CATCHING_UP, RecognitionPace.PARTIALS]
    assert nursery.born[0].paces[-1] is RecognitionPace.PARTIALS


def test_what_is_being_said_is_told_and_not_stored(
    work: TrackRecognition, store: SqlRecordStore, heard: Heard
) -> None:
    before = store.record(INCIDENT)

    work.on_partial(BRIDGE, PartialText(81_000, "rolling"))

    assert heard == [partial_heard(81_000, "rolling")]
    assert store.record(INCIDENT) == before
    assert store.cursor_ms(BRIDGE, LIVE) == 0


def test_a_line_takes_the_place_of_its_partials(work: TrackRecognition, heard: Heard) -> None:
    work.on_partial(BRIDGE, PartialText(81_000, "rolling"))
    work.on_segments(BRIDGE, heard_words(81_000), 82_000)
    work.on_segments(BRIDGE, (), 84_000)

    _, cleared, line = heard
    assert cleared == partial_heard(0, "")
    assert isinstance(line, SegmentsTranscribed)


def test_partials_do_not_outlive_the_recogniser(work: TrackRecognition, heard: Heard) -> None:
    work.on_partial(BRIDGE, PartialText(81_000, "rolling"))
    work.on_exit(-9)
    assert heard[-1] == partial_heard(0, "")

    work.on_partial(BRIDGE, PartialText(81_000, "rolling"))
    work.stop()
    assert heard[-1] == partial_heard(0, "")
    assert len(heard) == 4


def test_a_final_pass_has_time(
    store: SqlRecordStore, bus: LocalBus, nursery: Nursery, heard: Heard
) -> None:
    work = started_pass(store, bus, nursery, RecognitionPass.FINAL)
    work.finish(BRIDGE, 3_600_000)
    work.on_segments(BRIDGE, (), 10_000)

    assert heard == []
    assert nursery.born[0].paces == [RecognitionPace.PARTIALS]


def test_stopping_ends_the_child_and_no_new_one_is_born(
    work: TrackRecognition, nursery: Nursery
) -> None:
    work.stop()
    work.on_exit(-15)
    assert nursery.born[0].asked[-1] == ("stop", 0)
    assert len(nursery.born) == 1
    assert work.wait(0)


def test_words_wait_while_the_database_cannot_take_them(
    work: TrackRecognition, store: SqlRecordStore, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.track_recognition.RETRY_S", 0.01)
    refusals = iter([StorageError("The disk is full."), StorageError("The disk is full.")])
    add = store.add_segments

    def add_later(*given: Any, **named: Any) -> None:
        refusal = next(refusals, None)
        if refusal is not None:
            raise refusal
        add(*given, **named)

    monkeypatch.setattr(store, "add_segments", add_later)
    work.on_segments(BRIDGE, heard_words(81_000), 82_000)

    assert store.cursor_ms(BRIDGE, LIVE) == 82_000
    assert work.problem is None
    assert len([event for event in heard if isinstance(event, ProblemArose)]) == 1


def test_a_server_that_does_not_answer_is_told_once_and_live_words_wait(
    work: TrackRecognition, heard: Heard
) -> None:
    for _ in range(3):
        work.on_waiting(away())
    work.on_segments(BRIDGE, heard_words(81_000), 82_000)
    work.on_waiting(away())

    told = [event for event in heard if isinstance(event, ProblemArose)]
    assert len(told) == 2, "each time it goes away"
    assert work.problem is None
    assert not work.wait(0)


def test_a_final_pass_does_not_wait_for_a_server_for_ever(
    store: SqlRecordStore, bus: LocalBus, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = started_pass(store, bus, nursery, RecognitionPass.FINAL)
    work.on_waiting(away())
    assert work.problem is None

    monkeypatch.setattr("app.services.track_recognition.PATIENCE_S", 0.0)
    work.on_waiting(away())

    assert isinstance(work.problem, ServerUnavailableError)
    assert work.wait(0)


def test_what_recognises_is_on_record_before_the_first_word(
    store: SqlRecordStore, bus: LocalBus, nursery: Nursery
) -> None:
    server = TranscriptionServer("https://asr.example.org:8443", "whisper-1")
    started_pass(store, bus, nursery, LIVE, RemoteModel(server, language="de"))

    assert store.record(INCIDENT).session(a_session().id).recognised == (
        Recognition(LIVE, "whisper-1", "de", "asr.example.org:8443"),
    )


def test_a_language_that_is_settled_is_told_kept_and_given_to_the_next_child(
    work: TrackRecognition, store: SqlRecordStore, heard: Heard, nursery: Nursery
) -> None:
    work.on_language("nl", settled=False)
    work.on_exit(-9)
    work.on_language("de", settled=True)
    work.on_exit(-9)

    session = a_session().id
    assert heard == [
        LanguageDetected(session, "nl", settled=False),
        LanguageDetected(session, "de", settled=True),
    ]
    assert store.record(INCIDENT).session(session).recognised == (Recognition(LIVE, "tiny", "de"),)
    assert [model.language for model in nursery.models] == [None, None, "de"]


def test_words_are_spelled_as_the_team_does_and_keep_what_was_heard(
    work: TrackRecognition, store: SqlRecordStore, heard: Heard
) -> None:
    words = words_of("check out api fails", 90_000, 92_000)
    said = RecognizedSegment(Span(90_000, 92_000), "check out api fails", words)

    work.on_segments(BRIDGE, (said,), 92_000)

    stored = store.record(INCIDENT).segments[-1]
    assert (stored.text, stored.original_text) == ("checkout-api fails", "check out api fails")
    assert stored.words[0].heard_as == "check out api"
    assert not stored.edited
    (told,) = [event for event in heard if isinstance(event, SegmentsTranscribed)]
    assert told.segments == (stored,)


def test_a_model_is_told_the_teams_spellings_if_it_takes_them(
    store: SqlRecordStore, bus: LocalBus, nursery: Nursery
) -> None:
    server = TranscriptionServer("https://asr.example.org", "whisper-1", prompt="Lisbon")
    for model in (TINY, replace(TINY, takes_hotwords=False), RemoteModel(server)):
        started_pass(store, bus, nursery, LIVE, model)

    assert [model.hotwords for model in nursery.models] == [
        ("checkout-api",),
        (),
        ("checkout-api",),
    ]
    assert nursery.models[-1].prompt == "Lisbon, checkout-api"  # type: ignore[union-attr]
