"""Use case: words on the screen while people still speak."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock
from app.domain.engine_types import TrackAudio
from app.domain.errors import AppError
from app.domain.events import (
    AudioStored,
    ProblemArose,
    RecordingStarted,
    RecordingStopped,
)
from app.domain.transcript import RecognitionPass
from app.services.track_recognition import TrackRecognition

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.home import Home
    from app.domain.ids import TrackId
    from app.domain.ports import EventBus, ModelStore, RecognizerFactory, RecordStore
    from app.domain.sessions import Session
    from app.domain.settings import Settings
    from app.services.track_speakers import TrackSpeakers


class LiveTranscription:
    """Follows recordings by their events. Whatever fails here, the recording goes on."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        models: ModelStore,
        recognizers: RecognizerFactory,
        speakers: TrackSpeakers,
        settings: Settings,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._models = models
        self._recognizers = recognizers
        self._speakers = speakers
        self._settings = settings
        self._work: TrackRecognition | None = None
        self._turn: FolderLock | None = None
        self._until_ms: dict[TrackId, int] = {}
        self._lock = threading.RLock()
        self._enabled = True
        bus.subscribe(self._on_event)

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

    def shutdown(self) -> None:
        """End the recogniser; it goes on from the database's cursor another time."""
        with self._lock:
            work, self._work = self._work, None
            turn, self._turn = self._turn, None
        if work is not None:
            work.stop()
        if turn is not None:
            turn.release()

    def _on_event(self, event: Event) -> None:
        match event:
            case RecordingStarted():
                try:
                    self._begin(event)
                except AppError as error:  # recording goes on without words
                    self._bus.publish(ProblemArose(error))
            case AudioStored():
                self._advance(event)
            case RecordingStopped():
                self._finish()
            case _:
                pass

    def _begin(self, event: RecordingStarted) -> None:
        if not self._enabled:
            return
        session = event.session
        folder = self._home.session_dir(session.incident_id, session.id)
        self.shutdown()
        if not self._take_turn(session):
            return
        model = self._models.recognition_model(
            self._settings.model, language=self._settings.language
        )
        tracks = {
            track.id: (
                TrackAudio(track.id, folder, track.label),
                self._speakers.ensure(session.incident_id, track.label),
            )
            for track in event.tracks
        }
        work = TrackRecognition(
            self._store, self._bus, session=session, made_in=RecognitionPass.LIVE, tracks=tracks
        )
        work.start(self._recognizers, model)
        with self._lock:
            self._work = work
            self._until_ms = dict.fromkeys(tracks, 0)

    def _take_turn(self, session: Session) -> bool:
        """Only one program recognises a session; the others read its words from the database."""
        folder = self._home.incident_dir(session.incident_id)
        try:
            self._turn = FolderLock(folder, f"{session.id}.recognition.lock")
        except FolderInUseError:
            return False
        return True

    def _advance(self, event: AudioStored) -> None:
        with self._lock:
            work = self._work
            if work is None:
                return
            for track in event.status.tracks:
                if track.safe_until_ms > self._until_ms.get(track.track_id, 0):
                    self._until_ms[track.track_id] = track.safe_until_ms
                    work.advance(track.track_id, track.safe_until_ms)

    def _finish(self) -> None:
        with self._lock:
            if self._work is None:
                return
            for track_id, until_ms in self._until_ms.items():
                self._work.finish(track_id, until_ms)
