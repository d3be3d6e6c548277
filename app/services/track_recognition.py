"""Keeps a recogniser at work on the tracks of one session and its words in the database.

Serves live recognition (audio keeps coming) and the final pass (all audio is there) alike.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.errors import AppError, ModelError, StorageError
from app.domain.events import LanguageDetected, ProblemArose, SegmentsTranscribed
from app.domain.glossary import NO_TERMS
from app.domain.ids import SegmentId, SpeakerId, TrackId, new_id
from app.domain.recognitions import Recognition
from app.domain.spelling import SpellingMap
from app.domain.transcript import RecognitionPass, Segment
from app.domain.voice_turns import VoiceTurns
from app.services.partial_words import PartialWords
from app.services.recognition_backlog import RecognitionBacklog
from app.services.track_positions import on_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.engine_types import (
        AnyModel,
        PartialText,
        RecognizedSegment,
        TrackAudio,
    )
    from app.domain.glossary import Glossary
    from app.domain.ports import EventBus, Recognizer, RecognizerFactory, RecordStore
    from app.domain.sessions import Session
    from app.domain.times import Span
    from app.services.track_positions import Clocks

log = logging.getLogger(__name__)

MAX_RESTARTS = 3  # in a row without a word of progress
RETRY_S = 1.0  # while words cannot be stored
PATIENCE_S = 120.0  # with a server that does not answer, where somebody waits for the end


@dataclass(slots=True)
class _Progress:
    audio: TrackAudio
    speaker_id: SpeakerId
    until_ms: int = 0
    cursor_ms: int = 0
    listened_ms: int = 0
    ends_at_ms: int | None = None
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def backlog_ms(self) -> int:
        """How much audio nobody has listened to, or waits for its words to be stored."""
        if self.finished.is_set():
            return 0
        return max(0, self.until_ms - max(self.cursor_ms, self.listened_ms))


class TrackRecognition:
    """Recognises a session's tracks; replies arrive on the recogniser's thread.

    When the child process dies, a new one takes over where the database says that recognition
    has come. ``problem`` is set when recognition had to be given up; audio is never affected.
    """

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        session: Session,
        made_in: RecognitionPass,
        clocks: Clocks,
        tracks: Mapping[TrackId, tuple[TrackAudio, SpeakerId]],
        glossary: Glossary = NO_TERMS,
        voices_before: Mapping[TrackId, VoiceTurns] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._bus = bus
        self._session = session
        self._made_in = made_in
        self._clocks = clocks
        self._tracks = {key: _Progress(*value) for key, value in tracks.items()}
        self.glossary = glossary
        self._voices_before = voices_before
        self._spellings = SpellingMap.of(glossary)
        self._lock = threading.RLock()
        self._restarts = 0
        self._partials = PartialWords(bus, session)
        self._backlog = RecognitionBacklog(bus, session.id)
        self._ended = threading.Event()
        self._waiting = False
        self._unanswered_since: float | None = None
        self._recognizer: Recognizer | None = None
        self.problem: AppError | None = None

    def start(self, factory: RecognizerFactory, model: AnyModel) -> None:
        """Spawn the recogniser and give it every track from where recognition has come."""
        self._factory = factory
        told = self.glossary.hotwords if model.takes_hotwords else ()
        self._model = replace(model, hotwords=told)
        self._note(model.language)  # before any audio leaves
        self._spawn()

    def advance(self, track_id: TrackId, until_ms: int) -> None:
        """Audio is on disk up to here."""
        with self._lock:
            progress = self._tracks[track_id]
            progress.until_ms = max(progress.until_ms, until_ms)
            if self._recognizer is not None:
                self._recognizer.advance(track_id, until_ms=progress.until_ms)
        self._judge()

    def finish(self, track_id: TrackId, until_ms: int) -> None:
        """No audio follows."""
        with self._lock:
            progress = self._tracks[track_id]
            progress.until_ms = progress.ends_at_ms = until_ms
            if self._recognizer is not None:
                self._recognizer.finish(track_id, until_ms=until_ms)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until every track is finished, or recognition was given up."""
        return all(progress.finished.wait(timeout_s) for progress in self._tracks.values())

    def stop(self) -> None:
        """End the recogniser; what is committed stays."""
        self._ended.set()
        self._end_recognizer()
        self._release_waiting()

    @property
    def backlog_ms(self) -> int:
        """How much audio waits, over all tracks; what is said just now does not."""
        with self._lock:
            return sum(progress.backlog_ms for progress in self._tracks.values())

    def share_done(self) -> float:
        """Return how much of the known audio has been recognised, 0 to 1."""
        with self._lock:
            total = sum(progress.until_ms for progress in self._tracks.values())
            done = sum(progress.cursor_ms for progress in self._tracks.values())
            return 1.0 if total == 0 else min(1.0, done / total)

    # Replies

    def on_segments(
        self, track_id: TrackId, segments: tuple[RecognizedSegment, ...], cursor_ms: int
    ) -> None:
        """Commit the words and how far recognition has come, together; then tell.

        Once it was given up nothing more is: the cursor would pass the words that were not stored.
        """
        if self.problem is not None:
            return
        progress = self._tracks[track_id]
        try:
            clock = self._clocks(progress.audio)
            made = tuple(
                self._segment(progress, on_session(heard, clock))
                for heard in segments
                if heard.text.strip()
            )
            while not self._commit(track_id, made, cursor_ms, clock.session_ms(cursor_ms)):
                # Replies queue in the pipe meanwhile, and the audio is on disk: nothing is lost.
                if self._ended.wait(RETRY_S):
                    return
        except AppError as error:
            self._give_up(error)
            return
        with self._lock:
            progress.cursor_ms = cursor_ms
            self._restarts = 0
            self._unanswered_since = None
        self._partials.clear(track_id)
        if made:
            event = SegmentsTranscribed(self._session.incident_id, track_id, made)
            self._bus.publish(event)
        self._judge()

    def on_listened(self, track_id: TrackId, until_ms: int) -> None:
        """Note what does not wait any more."""
        with self._lock:
            self._tracks[track_id].listened_ms = until_ms
        self._judge()

    def on_partial(self, track_id: TrackId, partial: PartialText) -> None:
        """Tell what is being said, at its place in the session."""
        if self.problem is not None:
            return
        try:
            clock = self._clocks(self._tracks[track_id].audio)
        except AppError as error:
            self._give_up(error)
            return
        self._partials.show(track_id, clock.session_ms(partial.start_ms), partial.text)

    def _commit(
        self, track_id: TrackId, made: tuple[Segment, ...], cursor_ms: int, session_ms: int
    ) -> bool:
        """Store the words; False while the disk is full or another program has the database."""
        try:
            self._store.add_segments(
                track_id,
                made,
                made_in=self._made_in,
                cursor_ms=cursor_ms,
                session_ms=session_ms,
            )
        except StorageError as error:
            if not self._waiting:
                self._bus.publish(ProblemArose(error))
            self._waiting = True
            return False
        self._waiting = False
        return True

    def on_finished(self, track_id: TrackId) -> None:
        """Note that a track is complete, or that nothing more of it can be recognised."""
        self._partials.clear(track_id)
        self._tracks[track_id].finished.set()
        self._judge()

    def on_failed(self, error: AppError) -> None:
        """A model that does not load ends recognition; live, one bad stretch does not."""
        if isinstance(error, ModelError) or self._made_in is RecognitionPass.FINAL:
            self._give_up(error)
        else:
            self._bus.publish(ProblemArose(error))

    def on_waiting(self, error: AppError) -> None:
        """Tell once that a server does not answer. A live pass waits as long as it takes."""
        now = time.monotonic()
        if self._unanswered_since is None:
            self._unanswered_since = now
            self._bus.publish(ProblemArose(error))
        is_over = now - self._unanswered_since >= PATIENCE_S
        if is_over and self._made_in is RecognitionPass.FINAL:
            self._give_up(error)

    def on_language(self, language: str, *, settled: bool) -> None:
        """Tell in which language people speak; a child that takes over need not find out again."""
        if settled:
            self._model = replace(self._model, language=language)
        self._note(language)
        self._bus.publish(LanguageDetected(self._session.id, language, settled=settled))

    def on_warning(self, error: AppError) -> None:
        """Tell people."""
        self._bus.publish(ProblemArose(error))

    def on_exit(self, exit_code: int) -> None:
        """Start a new child where the old one left off."""
        log.warning("the recogniser ended with %s", exit_code)
        self._partials.clear_all()
        with self._lock:
            if self._ended.is_set() or self.problem is not None:
                return
            self._restarts += 1
            if self._restarts <= MAX_RESTARTS:
                self._spawn()
                return
        self._give_up(
            ModelError(
                f"The recogniser ended by itself {self._restarts} times (exit code {exit_code}).",
                remedy="The audio is safe: choose a smaller model and run “hotwash transcribe”.",
            )
        )

    def _note(self, language: str | None) -> None:
        """Put on record what recognises the session. Words do not wait for it."""
        latest = Recognition(self._made_in, self._model.name, language, self._model.host)
        try:
            self._store.note_recognition(self._session.id, latest)
        except StorageError as error:
            self._bus.publish(ProblemArose(error))

    def _spawn(self) -> None:
        with self._lock:
            recognizer = self._recognizer = self._factory(self._model, self)
            recognizer.keep_pace(self._backlog.pace)
            for track_id, progress in self._tracks.items():
                if progress.finished.is_set():
                    continue
                progress.cursor_ms = self._store.cursor_ms(track_id, self._made_in)
                progress.listened_ms = progress.cursor_ms
                recognizer.follow(progress.audio, from_ms=progress.cursor_ms)
                if progress.ends_at_ms is not None:
                    recognizer.finish(track_id, until_ms=progress.ends_at_ms)
                elif progress.until_ms:
                    recognizer.advance(track_id, until_ms=progress.until_ms)

    def _judge(self) -> None:
        """Live, let the recogniser leave out what it must to keep up; a final pass has time."""
        if self._made_in is not RecognitionPass.LIVE or self.problem is not None:
            return
        if self._backlog.judge(self.backlog_ms):
            with self._lock:
                if self._recognizer is not None:
                    self._recognizer.keep_pace(self._backlog.pace)

    def _give_up(self, error: AppError) -> None:
        self.problem = error
        self._bus.publish(ProblemArose(error))
        self._end_recognizer()  # it holds a model's memory, and would go on
        self._release_waiting()

    def _end_recognizer(self) -> None:
        with self._lock:
            recognizer, self._recognizer = self._recognizer, None
        if recognizer is not None:
            recognizer.stop()

    def _release_waiting(self) -> None:
        self._partials.clear_all()
        for progress in self._tracks.values():
            progress.finished.set()

    def _segment(self, progress: _Progress, heard: RecognizedSegment) -> Segment:
        segment = Segment(
            id=SegmentId(new_id("seg")),
            session_id=self._session.id,
            track_id=progress.audio.track_id,
            start_ms=heard.span.start_ms,
            end_ms=heard.span.end_ms,
            text=heard.text.strip(),
            original_text=heard.text.strip(),
            made_in=self._made_in,
            speaker_id=self._speaker(progress, heard.span),
            flag=heard.flag,
            words=heard.words,
        )
        return self._spellings.respelled(segment)

    def _speaker(self, progress: _Progress, span: Span) -> SpeakerId:
        """Return who said longest what stood there before; where nothing stood, the track's."""
        before = self._voices_before.get(progress.audio.track_id, VoiceTurns())
        shares = before.overlaps(span)
        return SpeakerId(max(shares, key=shares.__getitem__)) if shares else progress.speaker_id
