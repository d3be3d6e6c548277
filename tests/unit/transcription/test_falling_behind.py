"""Live recognition that falls behind and recovers: the service and the child's desk together."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.events import PartialHeard, RecognitionFellBehind
from app.domain.recognition_pace import RecognitionPace
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.services.bus import LocalBus
from app.services.track_recognition import TrackRecognition
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import INCIDENT, a_session, a_speaker, a_track, an_incident
from tests.unit.transcription.test_recognizer_child import span_desk
from transcription import recognizer_child
from transcription.messages import Advance, Follow, Recognized
from transcription.recognizer_talk import RecognizerRequests, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.domain.engine_types import RecognitionModel, TrackAudio
    from app.domain.events import Event
    from app.domain.ports import RecognizerReplies

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

LENGTH_MS = 109_000  # in the middle of a line in the room
VOICE = a_speaker()


class DeskRecognizer(RecognizerRequests):
    """The recogniser without its process: ``work`` does one step of it."""

    def __init__(self, model: RecognitionModel, replies: RecognizerReplies) -> None:
        self._desk = span_desk(model)
        self._replies = replies
        super().__init__(self._desk.apply)

    def stop(self) -> None:
        """There is no process."""

    def work(self) -> bool:
        """Do one step; False when there is nothing to do."""
        if not self._desk.has_work:
            return False
        for reply in self._desk.work():
            tell(reply, self._replies)
        return True


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    store = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    parts = (an_incident(), a_session(), VOICE, a_track(TrackLabel.ROOM), a_track())
    store.commit(INCIDENT, [Change(None, part) for part in parts], by="test", label="set up")
    yield store
    store.close()


def spans(store: SqlRecordStore, track: TrackAudio) -> list[tuple[int, int]]:
    segments = store.record(INCIDENT).segments
    return sorted((s.start_ms, s.end_ms) for s in segments if s.track_id == track.track_id)


def test_words_that_come_late_all_come_and_then_partials_come_again(
    demo_model: RecognitionModel,
    store: SqlRecordStore,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognizer_child, "REST", 0)
    bus, told = LocalBus(), list["Event"]()
    bus.subscribe(told.append)
    tracks = write_tracks(demo_pcm)
    work = TrackRecognition(
        store,
        bus,
        session=a_session(),
        made_in=RecognitionPass.LIVE,
        clocks=FolderAudioReader().clock,
        tracks={track.track_id: (track, VOICE.id) for track in tracks},
    )
    born: list[DeskRecognizer] = []

    def factory(model: RecognitionModel, replies: RecognizerReplies) -> DeskRecognizer:
        born.append(DeskRecognizer(model, replies))
        return born[-1]

    work.start(factory, replace(demo_model, joins_utterances=True))
    for track in tracks:  # as after two minutes in which the model was loaded, or had died
        work.advance(track.track_id, LENGTH_MS)
    while born[0].work():
        pass
    assert not any(isinstance(event, PartialHeard) for event in told), "not in a hurry"
    work.advance(tracks[0].track_id, LENGTH_MS + 500)
    while born[0].work():
        pass

    assert work.problem is None
    paces = [event.pace for event in told if isinstance(event, RecognitionFellBehind)]
    assert (paces[0], paces[-1]) == (RecognitionPace.CATCHING_UP, RecognitionPace.PARTIALS)
    assert paces == sorted(paces, reverse=True), "no hurry comes back"
    (partial,) = [event for event in told if isinstance(event, PartialHeard)]
    assert partial.track_id == tracks[0].track_id
    for track in tracks:
        heard = spans(store, track)
        assert all(end <= start for (_, end), (start, _) in pairwise(heard))
        assert covered(heard, undisturbed(demo_model, track))
        assert store.cursor_ms(track.track_id, RecognitionPass.LIVE) > LENGTH_MS - 5_000


def undisturbed(model: RecognitionModel, track: TrackAudio) -> list[tuple[int, int]]:
    """Return where speech is heard by a desk that is in no hurry."""
    desk, found = span_desk(model), []
    desk.apply(Follow(track, 0))
    desk.apply(Advance(track.track_id, LENGTH_MS))
    while desk.has_work:
        for reply in desk.work():
            if isinstance(reply, Recognized):
                found += [(s.span.start_ms, s.span.end_ms) for s in reply.segments]
    return found


def covered(heard: list[tuple[int, int]], utterances: list[tuple[int, int]]) -> bool:
    """Whether each utterance lies in exactly one of the lines."""
    return all(
        sum(first <= start and end <= last for first, last in heard) == 1
        for start, end in utterances
    )
