"""Use case: words on the screen while people still speak."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.domain.errors import AppError, ModelError
from app.domain.events import (
    AudioStored,
    ProblemArose,
    RecordingStarted,
    RecordingStopped,
)
from app.domain.transcript import RecognitionPass
from app.services.recognition_turn import take_turn

if TYPE_CHECKING:
    from app.audio_files.folder_lock import FolderLock
    from app.domain.events import Event
    from app.domain.ids import SessionId, TrackId
    from app.domain.sessions import Session, Track
    from app.services.recognition_parts import RecognitionParts
    from app.services.track_recognition import TrackRecognition

TRY_EVERY_S = 2.0


class LiveTranscription:
    """Follows recordings by their events. Whatever fails here, the recording goes on."""

    def __init__(
        self,
        parts: RecognitionParts,
    ) -> None:
        self._parts = parts
        self._bus = parts.bus
        self._work: TrackRecognition | None = None
        self._turn: FolderLock | None = None
        self._session: Session | None = None
        self._tracks: tuple[Track, ...] = ()
        self._recording = False
        self._until_ms: dict[TrackId, int] = {}
        self._next_try = 0.0
        self._lock = threading.RLock()
        self._enabled = True
        parts.bus.subscribe(self._on_event)

    def turn_off(self) -> None:
        """Record only."""
        self._enabled = False

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything that was recorded is recognised; False when time ran out."""
        work = self._work
        return work is None or work.wait(timeout_s)

    @property
    def working(self) -> bool:
        """Whether this program recognises the recording that runs, or ran last."""
        return self._work is not None

    @property
    def backlog_ms(self) -> int:
        """How much recorded audio still waits."""
        work = self._work
        return 0 if work is None else work.backlog_ms

    def let_go(self, session_id: SessionId) -> None:
        """Give a session up, for a better pass over it; one still being recorded is kept."""
        with self._lock:
            is_over = self._session is not None and not self._recording
            mine = self._session is not None and self._session.id == session_id
        if mine and is_over:
            self.shutdown()

    def shutdown(self) -> None:
        """End the recogniser; it goes on from the database's cursor another time."""
        with self._lock:
            work, self._work = self._work, None
            turn, self._turn = self._turn, None
        if work is not None:
            work.stop()
        if turn is not None:
            turn.release()

    # Events

    def _on_event(self, event: Event) -> None:
        try:
            match event:
                case RecordingStarted():
                    self._begin(event)
                case AudioStored():
                    self._advance(event)
                case RecordingStopped():
                    self._finish()
                case _:
                    pass
        except AppError as error:  # recording goes on without words
            self._bus.publish(ProblemArose(error))

    def _begin(self, event: RecordingStarted) -> None:
        if not self._enabled:
            return
        before = self._session
        if before is not None and before.id != event.session.id and not self.wait(0.0):
            self._bus.publish(ProblemArose(_gave_way(before)))
        self.shutdown()
        with self._lock:
            self._session, self._tracks, self._recording = event.session, event.tracks, True
            self._until_ms = {track.id: 0 for track in event.tracks}
        self._try()

    def _try(self) -> None:
        """Recognise, if it is this program's turn: another that had it may have ended."""
        session = self._session
        self._next_try = time.monotonic() + TRY_EVERY_S
        if session is None:
            return
        turn = take_turn(self._parts.home, session)
        if turn is None:
            return
        try:
            work = self._start(session)
        except BaseException:
            turn.release()
            self._session = None  # told once; not tried again and again
            raise
        with self._lock:
            self._work, self._turn = work, turn

    def _start(self, session: Session) -> TrackRecognition:
        model = self._parts.engines.for_pass(RecognitionPass.LIVE)
        work = self._parts.recognition(session, self._tracks, RecognitionPass.LIVE)
        work.start(self._parts.recognizers, model)
        for track_id, until_ms in self._until_ms.items():
            if until_ms:
                work.advance(track_id, until_ms)
        return work

    def _advance(self, event: AudioStored) -> None:
        with self._lock:
            fresh = [
                track
                for track in event.status.tracks
                if track.safe_until_ms > self._until_ms.get(track.track_id, 0)
            ]
            self._until_ms.update({track.track_id: track.safe_until_ms for track in fresh})
            work = self._work
        if work is not None:
            for track in fresh:
                work.advance(track.track_id, track.safe_until_ms)
        elif self._session is not None and time.monotonic() >= self._next_try:
            self._try()

    def _finish(self) -> None:
        with self._lock:
            self._recording = False
            work = self._work
        if work is not None:
            for track_id, until_ms in self._until_ms.items():
                work.finish(track_id, until_ms)


def _gave_way(session: Session) -> ModelError:
    return ModelError(
        f"Not all words of the recording of {session.start_utc:%H:%M} UTC had come when the next "
        "one began.",
        remedy="Its audio is safe: run the final pass, or “hotwash transcribe”, some time.",
    )
