"""Use case: say who speaks while people still speak.

Each utterance that recognition has committed is listened to once more, by a process of its own
that gives way to all others. What waits is on disk: nothing is lost when that process dies, and
where recording or recognition is behind, it waits.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Protocol

from app.domain.engine_types import TrackAudio
from app.domain.errors import (
    AppError,
    AudioUnreadableError,
    DiarizationUnavailableError,
    InvalidRecordError,
    VoicesProcessEndedError,
)
from app.domain.events import (
    ProblemArose,
    RecordChanged,
    RecordingStarted,
    SegmentsReplaced,
    SegmentsTranscribed,
    VoicesHeard,
)
from app.domain.record import Change
from app.domain.transcript import RecognitionPass, Segment, Speaker
from app.domain.voice_vectors import SpokenStretch
from app.services.other_writers import OtherWriters
from app.services.track_speakers import BY
from app.services.track_voices import TrackVoices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.events import Event
    from app.domain.home import Home
    from app.domain.ids import IncidentId, SegmentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation, Record
    from app.domain.sessions import Track, TrackLabel
    from app.domain.voice_ports import EmbedderFactory, VoiceEmbedder
    from app.domain.voice_vectors import Vector

log = logging.getLogger(__name__)

BEHIND_MS = 2_000  # of audio that waits for words: half of what costs people the partials
LOOK_AGAIN_S = 0.25  # whether recognition has caught up
MOST_RESTARTS = 3  # in a row without a voice heard
JOIN_TIMEOUT_S = 5.0


class LiveRecognition(Protocol):
    """What recognises meanwhile; ``LiveTranscription``."""

    @property
    def working(self) -> bool:
        """Whether this program recognises: only one does, and so only one labels."""

    @property
    def backlog_ms(self) -> int:
        """How much audio waits for its words."""


class LiveVoices:
    """Labels live segments on a thread of its own. Whatever fails here, the words are there."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        make_embedder: EmbedderFactory,
        live: LiveRecognition,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._make_embedder = make_embedder
        self._live = live
        self._other_writers = OtherWriters(store)
        # Biometric, so kept in memory alone.
        self._vectors: dict[SegmentId, Vector] = {}
        self._tried: set[SegmentId] = set()
        self._voices: dict[tuple[IncidentId, TrackLabel], TrackVoices] = {}
        self._todo: deque[tuple[IncidentId, Segment]] = deque()
        self._changed = threading.Condition()
        self._idle = True
        self._is_stale = False  # whose lines are whose is to be read again before the next
        self._ended = False
        self._closed = False
        self._embedder: VoiceEmbedder | None = None
        self._restarts = 0
        self._thread: threading.Thread | None = None
        bus.subscribe(self._on_event)

    @property
    def working(self) -> bool:
        """Whether lines are being labelled: a pipeline is there and words have come."""
        return self._thread is not None and not self._ended

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until every line was listened to, or that was given up; False if time ran out."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._ended or (self._idle and not self._todo), timeout_s
            )

    def shutdown(self) -> None:
        """Stop listening; lines that waited keep the label of their track."""
        self._closed = True
        self._end()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def _end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()
            embedder, self._embedder = self._embedder, None
        if embedder is not None:
            embedder.stop()

    def _let_go(self) -> None:
        with self._changed:
            embedder, self._embedder = self._embedder, None
        if embedder is not None:
            embedder.stop()

    def _on_event(self, event: Event) -> None:
        match event:
            case RecordingStarted():
                self._begin()
            case SegmentsTranscribed():
                live = [s for s in event.segments if s.made_in is RecognitionPass.LIVE]
                self._take([(event.incident_id, segment) for segment in live])
            case RecordChanged(operation=step) if step is None or _is_of_voices(step):
                self._is_stale = True
            case SegmentsReplaced():
                self._is_stale = True
            case _:
                pass

    def _begin(self) -> None:
        """Load what listens before there are words; where that failed, try once more.

        What was missing for an earlier recording may be installed by now.
        """
        with self._changed:
            if self._closed or not self._live.working:
                return
            if self._ended:
                self._ended, self._thread, self._restarts = False, None, 0
                self._todo.clear()
            self._start()

    def _take(self, items: Sequence[tuple[IncidentId, Segment]]) -> None:
        """Put lines on the list."""
        with self._changed:
            if self._ended or not items:
                return
            self._todo.extend(items)
            self._changed.notify_all()
            self._start()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="live-voices", daemon=True)
            self._thread.start()

    # On the thread

    def _work(self) -> None:
        try:
            self._running()
            while (item := self._next()) is not None:
                self._label(*item)
        except DiarizationUnavailableError as error:  # the usual case: no pipeline is installed
            log.info("voices are labelled by track: %s", error)
        except AppError as error:
            if not self._ended:
                self._bus.publish(ProblemArose(error))
        finally:
            self._end()

    def _next(self) -> tuple[IncidentId, Segment] | None:
        with self._changed:
            self._idle = True
            self._changed.notify_all()
            while not self._ended and (not self._todo or self._live.backlog_ms >= BEHIND_MS):
                self._changed.wait(LOOK_AGAIN_S if self._todo else None)
            if self._ended:
                return None
            self._idle = False
            return self._todo.popleft()

    def _label(self, incident_id: IncidentId, segment: Segment) -> None:
        """Find out who said a segment, and what that changes about others."""
        _, track = self._store.track(segment.track_id)
        vector = self._heard(incident_id, track, segment)
        if vector is None:
            return
        voices = self._voices_of(incident_id, track)
        labelled = voices.hear(segment, vector)
        fresh = voices.take_fresh()
        if fresh and not self._is_there(incident_id, segment):
            self._is_stale = True  # what it taught is to be forgotten
            return
        for voice in fresh:
            self._commit(incident_id, Change(None, voice), "hear a new voice")
        if labelled:
            self._store.label_segments([(before, [after]) for before, after in labelled])
            heard = {after.id: after.speaker_id for _, after in labelled if after.speaker_id}
            self._bus.publish(VoicesHeard(incident_id, heard))
        for voice in voices.take_gone():
            with contextlib.suppress(InvalidRecordError):  # a person needs it by now: it stays
                self._commit(incident_id, Change(voice, None), "a voice was another's")

    def _is_there(self, incident_id: IncidentId, segment: Segment) -> bool:
        """Whether a line is still on record: a better pass may have made it anew."""
        return any(line.id == segment.id for line in self._store.record(incident_id).segments)

    def _commit(self, incident_id: IncidentId, change: Change, label: str) -> None:
        operation = self._store.commit(incident_id, [change], by=BY, label=label, undoable=False)
        self._bus.publish(RecordChanged(incident_id, operation))

    def _voices_of(self, incident_id: IncidentId, track: Track) -> TrackVoices:
        """Return the voices heard on such tracks, made anew after somebody else has written."""
        if self._other_writers.wrote() or self._is_stale:
            self._is_stale = False
            self._voices.clear()
        if (incident_id, track.label) not in self._voices:
            record = self._store.record(incident_id)
            self._forget_what_went(record)
            same_above = self._running().model().same_above
            voices = TrackVoices(record, track.label, same_above=same_above)
            for sample in voices.samples_lacking(self._vectors):
                self._heard(incident_id, record.track(sample.track_id), sample)
            voices.know(self._vectors)
            self._voices[incident_id, track.label] = voices
            # Another program may have died before it had labelled them.
            waiting = {segment.id for _, segment in self._todo} | self._tried
            left = [line for line in voices.nobodys(track.session_id) if line.id not in waiting]
            self._take([(incident_id, line) for line in left])
        return self._voices[incident_id, track.label]

    def _forget_what_went(self, record: Record) -> None:
        """Forget how lines sounded that are gone or were redacted, whoever did that."""
        left = {line.id for line in record.segments if not line.redacted}
        self._vectors = {key: self._vectors[key] for key in left & self._vectors.keys()}

    def _heard(self, incident_id: IncidentId, track: Track, segment: Segment) -> Vector | None:
        """Listen to a segment; a process that dies over it is replaced."""
        folder = self._home.session_dir(incident_id, track.session_id)
        audio = TrackAudio(track.id, folder, track.label)
        self._tried.add(segment.id)
        while True:
            try:
                vector = self._running().vector(SpokenStretch(audio, segment.span))
            except AudioUnreadableError:  # told by recognition; the line stays its track's
                return None
            except VoicesProcessEndedError:
                self._restarts += 1
                if self._ended or self._restarts > MOST_RESTARTS:
                    raise
                log.warning("the process that listens to voices died; another is started")
                self._let_go()
            else:
                self._restarts = 0
                if vector is not None:
                    self._vectors[segment.id] = vector
                return vector

    def _running(self) -> VoiceEmbedder:
        """Return the process that listens, spawned when it is first needed."""
        with self._changed:
            if self._ended:
                raise VoicesProcessEndedError(0)
            if self._embedder is None:
                self._embedder = self._make_embedder()
            return self._embedder


def _is_of_voices(operation: Operation) -> bool:
    """Whether a person's step may say whose lines are whose; our own steps do not count."""
    return operation.by != BY and any(
        isinstance(change.entity, Speaker | Segment) for change in operation.changes
    )
