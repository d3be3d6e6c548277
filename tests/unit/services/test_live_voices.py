"""Who speaks, told while people speak; voices sound as the test says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import DiarizationUnavailableError
from app.domain.events import (
    ProblemArose,
    RecordChanged,
    RecordingStarted,
    SegmentsReplaced,
    SegmentsTranscribed,
    VoicesHeard,
)
from app.domain.ids import SegmentId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass, Segment
from app.services.live_voices import BEHIND_MS, MOST_RESTARTS, LiveVoices
from app.services.people import People
from app.services.track_speakers import TrackSpeakers
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import BRIDGE, INCIDENT, ROOM, a_segment, a_session
from tests.unit.services.fake_embedders import Embedders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.home import Home
    from app.domain.ids import TrackId
    from app.services.bus import LocalBus
    from tests.unit.services.conftest import Heard


class Recording:
    """A recording under way, whose words the test brings."""

    def __init__(self, store: SqlRecordStore, bus: LocalBus, live: LiveVoices) -> None:
        self.store = store
        self.bus = bus
        self.live = live
        speakers = TrackSpeakers(store)
        self.whole = {
            BRIDGE: speakers.ensure(INCIDENT, TrackLabel.BRIDGE),
            ROOM: speakers.ensure(INCIDENT, TrackLabel.ROOM),
        }

    def say(self, start_s: int, *, track_id: TrackId = BRIDGE, seconds: float = 4) -> Segment:
        """Commit words, as recognition does, without telling of them."""
        line = a_segment(
            id=SegmentId(f"seg-{track_id}-{start_s}"),
            track_id=track_id,
            start_ms=start_s * 1_000,
            end_ms=int((start_s + seconds) * 1_000),
            made_in=RecognitionPass.LIVE,
            speaker_id=self.whole[track_id],
            words=(),
        )
        live = RecognitionPass.LIVE
        self.store.add_segments(track_id, [line], made_in=live, cursor_ms=line.end_ms)
        return line

    def hear(self, start_s: int, *, track_id: TrackId = BRIDGE, seconds: float = 4) -> str:
        """Commit words and tell; return the voice they get."""
        line = self.say(start_s, track_id=track_id, seconds=seconds)
        self.bus.publish(SegmentsTranscribed(INCIDENT, track_id, (line,)))
        assert self.live.wait(5)
        return self.voice(line.id)

    def voice(self, segment_id: str) -> str:
        record = self.store.record(INCIDENT)
        (line,) = (s for s in record.segments if s.id == segment_id)
        return record.speaker_name(line.speaker_id)

    def voices(self) -> set[str]:
        return {speaker.shown_as for speaker in self.store.record(INCIDENT).speakers}


@pytest.fixture
def sounds() -> Embedders:
    return Embedders({0: 0, 10_000: 90, 20_000: 5, 30_000: 95, 40_000: 180})


@dataclass
class Recognition:
    """Live recognition of this program."""

    working: bool = True
    backlog_ms: int = 0


@pytest.fixture
def recognition() -> Recognition:
    return Recognition()


@pytest.fixture
def start(
    store: SqlRecordStore, bus: LocalBus, home: Home, sounds: Embedders, recognition: Recognition
) -> Iterator[Callable[[], Recording]]:
    started: list[LiveVoices] = []

    def start() -> Recording:
        live = LiveVoices(
            store,
            bus,
            home=home,
            make_embedder=sounds,
            live=recognition,
        )
        started.append(live)
        return Recording(store, bus, live)

    yield start
    for live in started:
        live.shutdown()


@pytest.fixture
def recording(start: Callable[[], Recording]) -> Recording:
    return start()


def test_lines_are_labelled_by_voice_as_they_come(recording: Recording, heard: Heard) -> None:
    voices = [recording.hear(start_s) for start_s in (0, 10, 20, 30)]

    assert voices == ["Bridge 1", "Bridge 2", "Bridge 1", "Bridge 2"]
    told = [event for event in heard if isinstance(event, VoicesHeard)]
    assert [list(event.voices) for event in told] == [
        [f"seg-{BRIDGE}-{start_s}"] for start_s in (0, 10, 20, 30)
    ]


def test_a_voice_on_the_bridge_is_no_voice_in_the_room(recording: Recording) -> None:
    assert recording.hear(0) == "Bridge 1"
    assert recording.hear(0, track_id=ROOM) == "Room 1"


def test_labels_are_not_what_undo_takes_back(recording: Recording, store: SqlRecordStore) -> None:
    recording.hear(0)

    assert store.undo(INCIDENT, by="Priya") is None
    assert recording.voice(f"seg-{BRIDGE}-0") == "Bridge 1"


def test_a_voice_that_was_two_by_mistake_becomes_one_and_its_name_goes(
    recording: Recording, sounds: Embedders
) -> None:
    sounds.degrees = {0: 0, 10_000: 24, 20_000: 12, 30_000: 12}
    assert recording.hear(0, seconds=8) == "Bridge 1"
    assert recording.hear(10) == "Bridge 2"
    recording.hear(20)
    recording.hear(30)

    assert recording.voice(f"seg-{BRIDGE}-10") == "Bridge 1"
    assert recording.voices() == {"Bridge", "Room", "Bridge 1"}


def test_a_name_typed_meanwhile_is_on_the_lines_that_follow(
    recording: Recording, store: SqlRecordStore, bus: LocalBus
) -> None:
    recording.hear(0)
    (voice,) = (s for s in store.record(INCIDENT).speakers if s.label == "Bridge 1")
    People(store, bus, actor="Priya").rename(INCIDENT, voice.id, "Elena")

    assert recording.hear(20) == "Elena"


def test_a_line_that_a_person_gave_to_a_voice_teaches_how_it_sounds(
    recording: Recording, store: SqlRecordStore, bus: LocalBus
) -> None:
    recording.hear(0)
    recording.hear(10)
    record = store.record(INCIDENT)
    line = next(s for s in record.segments if s.id == f"seg-{BRIDGE}-10")
    first = next(s for s in record.speakers if s.label == "Bridge 1")
    given = replace(line, speaker_id=first.id, speaker_by_person=True)
    operation = store.commit(INCIDENT, [Change(line, given)], by="Priya", label="reassign")
    bus.publish(RecordChanged(INCIDENT, operation))

    assert recording.hear(30) == "Bridge 1", "it sounds as the line that was given away"


def test_what_another_program_did_to_voices_is_followed(recording: Recording, home: Home) -> None:
    recording.hear(0)
    recording.hear(10)
    elsewhere = SqlRecordStore(open_database(home.database))
    record = elsewhere.record(INCIDENT)
    line = next(s for s in record.segments if s.id == f"seg-{BRIDGE}-10")
    first = next(s for s in record.speakers if s.label == "Bridge 1")
    given = replace(line, speaker_id=first.id, speaker_by_person=True)
    elsewhere.commit(INCIDENT, [Change(line, given)], by="Priya", label="reassign")
    elsewhere.close()

    assert recording.hear(30) == "Bridge 1"


def test_a_line_that_a_better_pass_made_anew_meanwhile_makes_no_voice(
    recording: Recording, store: SqlRecordStore, sounds: Embedders
) -> None:
    recording.hear(0)
    line = recording.say(10)
    sounds.let_go.clear()
    recording.bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (line,)))
    store.finish_pass(BRIDGE, RecognitionPass.FINAL)  # which drops what was heard live
    sounds.let_go.set()
    assert recording.live.wait(5)

    assert recording.voices() == {"Bridge", "Room", "Bridge 1"}
    assert recording.hear(30) == "Bridge 2", "and it is not known any more"


@pytest.mark.parametrize("is_told", [True, False])
def test_what_is_redacted_does_not_stay_known_by_its_sound(
    recording: Recording, home: Home, *, is_told: bool
) -> None:
    """Whichever program redacts: of another one's work nothing is told here."""
    recording.hear(0)
    recording.hear(10)
    elsewhere = SqlRecordStore(open_database(home.database))
    line = next(s for s in elsewhere.record(INCIDENT).segments if s.start_ms == 10_000)
    cut = Change(line, replace(line, redacted=True))
    (recording.store if is_told else elsewhere).commit(INCIDENT, [cut], by="Priya", label="redact")
    elsewhere.close()
    if is_told:
        recording.bus.publish(SegmentsReplaced(INCIDENT))
    recording.hear(20)

    assert set(recording.live._vectors) == {f"seg-{BRIDGE}-0", f"seg-{BRIDGE}-20"}


def test_labels_wait_while_recognition_is_behind(
    recording: Recording, sounds: Embedders, recognition: Recognition
) -> None:
    recognition.backlog_ms = BEHIND_MS
    line = recording.say(0)
    recording.bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (line,)))
    assert not recording.live.wait(0.1)
    assert sounds.heard == []

    recognition.backlog_ms = 0
    assert recording.live.wait(5)
    assert recording.voice(line.id) == "Bridge 1"


def test_whoever_tells_of_words_does_not_wait_for_their_voice(
    recording: Recording, sounds: Embedders
) -> None:
    sounds.let_go.clear()
    line = recording.say(0)
    recording.bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (line,)))
    sounds.let_go.set()

    assert recording.live.wait(5)
    assert [thread for _, thread in sounds.heard] == ["live-voices"]


def test_a_process_that_dies_is_replaced_and_nothing_is_lost(
    recording: Recording, sounds: Embedders, heard: Heard
) -> None:
    sounds.deaths = MOST_RESTARTS

    assert recording.hear(0) == "Bridge 1"
    assert len(sounds.born) == MOST_RESTARTS + 1
    assert all(dead.stopped.is_set() for dead in sounds.born[:-1]), "nothing of it is left"
    assert not [event for event in heard if isinstance(event, ProblemArose)]


def test_one_that_dies_each_time_is_given_up_and_told_once(
    recording: Recording, sounds: Embedders, heard: Heard
) -> None:
    sounds.deaths = 100

    assert recording.hear(0) == "Bridge", "it keeps the label of its track"
    (told,) = (event for event in heard if isinstance(event, ProblemArose))
    assert "ended unexpectedly" in str(told.error)
    assert not recording.live.working


def test_without_a_pipeline_nobody_is_told_and_a_later_recording_tries_again(
    recording: Recording, sounds: Embedders, heard: Heard, store: SqlRecordStore
) -> None:
    sounds.refusal = DiarizationUnavailableError("No pipeline.", remedy="Add one.")
    assert recording.hear(0) == "Bridge"
    assert not [event for event in heard if isinstance(event, ProblemArose)]

    sounds.refusal = None
    recording.bus.publish(RecordingStarted(a_session(), store.record(INCIDENT).tracks))
    assert recording.hear(10) == "Bridge 1"


def test_what_listens_is_loaded_before_there_are_words_by_the_program_that_recognises(
    recording: Recording, recognition: Recognition, sounds: Embedders, store: SqlRecordStore
) -> None:
    began = RecordingStarted(a_session(), store.record(INCIDENT).tracks)
    recognition.working = False
    recording.bus.publish(began)
    assert not recording.live.working

    recognition.working = True
    recording.bus.publish(began)
    assert recording.live.working
    assert recording.hear(0) == "Bridge 1"
    assert len(sounds.born) == 1


def test_a_program_that_takes_over_knows_the_voices_and_labels_what_was_left(
    recording: Recording, start: Callable[[], Recording]
) -> None:
    recording.hear(0)
    recording.hear(10)
    recording.live.shutdown()
    left = recording.say(30)
    successor = start()

    assert successor.hear(20) == "Bridge 1"
    assert successor.voice(left.id) == "Bridge 2"
    assert successor.voices() == {"Bridge", "Room", "Bridge 1", "Bridge 2"}


def test_a_track_whose_voice_a_person_named_is_a_voice(
    recording: Recording, store: SqlRecordStore, bus: LocalBus
) -> None:
    recording.say(0)
    whole = recording.whole[BRIDGE]
    People(store, bus, actor="Priya").rename(INCIDENT, whole, "Tom")

    assert recording.hear(20) == "Tom"
    assert recording.hear(10) == "Bridge 1"


def test_words_of_a_final_pass_are_not_labelled_again(
    recording: Recording, bus: LocalBus, sounds: Embedders
) -> None:
    bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (a_segment(),)))

    assert not recording.live.working
    assert sounds.born == []
