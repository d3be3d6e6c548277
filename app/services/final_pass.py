"""Use case: recognise what is recorded, from the first to the last sample, and label voices."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.domain.engine_types import TrackAudio
from app.domain.errors import AppError, ModelError, RecordError
from app.domain.events import ProblemArose, SegmentsReplaced, WorkProgressed
from app.domain.transcript import RecognitionPass
from app.services.recognition_turn import take_turn
from app.services.track_recognition import TrackRecognition

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId
    from app.domain.ports import AudioReader, EventBus, ModelStore, RecognizerFactory, RecordStore
    from app.domain.record import Record
    from app.domain.sessions import Session
    from app.domain.settings import Settings
    from app.services.bleed_pass import BleedPass
    from app.services.glossary import GlossaryReader
    from app.services.live_transcription import LiveTranscription
    from app.services.speaker_pass import SpeakerPass
    from app.services.track_speakers import TrackSpeakers

PROGRESS_EVERY_S = 0.25


class FinalPass:
    """Makes a session's transcript anew; live segments give way once it is complete."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        models: ModelStore,
        recognizers: RecognizerFactory,
        reader: AudioReader,
        speakers: TrackSpeakers,
        speaker_pass: SpeakerPass,
        bleed_pass: BleedPass,
        live: LiveTranscription,
        settings: Settings,
        glossary: GlossaryReader,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._models = models
        self._recognizers = recognizers
        self._reader = reader
        self._speakers = speakers
        self.speaker_pass = speaker_pass
        self._bleed_pass = bleed_pass
        self._live = live
        self._settings = settings
        self._glossary = glossary
        self._stopping = threading.Event()
        self._running: TrackRecognition | None = None

    def run(
        self,
        incident_id: IncidentId,
        *,
        sessions: Collection[SessionId] | None = None,
        model: str = "",
        made_in: RecognitionPass = RecognitionPass.FINAL,
        label_voices: bool = True,
    ) -> None:
        """Recognise the sessions, by default all, then tell the voices apart where possible.

        Raises:
            ModelError: No model, or it does not work; the transcript stays as it was.
            RecordError: A session is still being recorded, or another program recognises it.
        """
        record = self._store.record(incident_id)
        chosen = [s for s in record.sessions if sessions is None or s.id in sessions]
        for session in chosen:
            _refuse_while_recording(record, session)
        for session in chosen:
            self._live.let_go(session.id)
            turn = take_turn(self._home, session)
            if turn is None:
                raise RecordError(
                    "Another program is recognising this session.",
                    remedy="Wait until it is done, or close it.",
                )
            try:
                self._recognise(record, session, model or self._settings.model, made_in)
                self._mark_bleed(session)
            finally:
                turn.release()
        self._bus.publish(SegmentsReplaced(incident_id))
        if label_voices:
            self.speaker_pass.run(incident_id)

    def shutdown(self) -> None:
        """Give up what is under way; what is committed stays and is done again next time."""
        self._stopping.set()
        if self._running is not None:
            self._running.stop()

    def _recognise(
        self, record: Record, session: Session, model: str, made_in: RecognitionPass
    ) -> None:
        found = self._models.recognition_model(model, language=self._settings.language)
        folder = self._home.session_dir(session.incident_id, session.id)
        audio = {
            track.id: TrackAudio(track.id, folder, track.label)
            for track in record.tracks_of(session.id)
        }
        tracks = {
            track_id: (where, self._speakers.ensure(session.incident_id, where.label))
            for track_id, where in audio.items()
        }
        for track_id in tracks:
            self._store.restart_pass(track_id, made_in)
        work = self._running = TrackRecognition(
            self._store,
            self._bus,
            session=session,
            made_in=made_in,
            clocks=self._reader.clock,
            tracks=tracks,
            glossary=self._glossary(),
        )
        try:
            work.start(self._recognizers, found)
            for track_id, where in audio.items():
                work.finish(track_id, self._reader.duration_ms(where))
            while not work.wait(PROGRESS_EVERY_S) and not self._stopping.is_set():
                self._tell("recognise", work.share_done())
        finally:
            work.stop()
            self._running = None
        if work.problem is not None:
            raise work.problem
        if self._stopping.is_set():
            raise ModelError("Recognition was stopped.", remedy="Run “hotwash transcribe” again.")
        self._tell("recognise", 1.0)
        for track_id in tracks:
            self._store.finish_pass(track_id, made_in)

    def _mark_bleed(self, session: Session) -> None:
        try:
            self._bleed_pass.run(session.incident_id, session)
        except AppError as error:  # the words are there, and good without it
            self._bus.publish(ProblemArose(error))

    def _tell(self, stage: str, share: float) -> None:
        self._bus.publish(WorkProgressed(stage, share, 1.0))


def _refuse_while_recording(record: Record, session: Session) -> None:
    if any(track.duration_ms is None for track in record.tracks_of(session.id)):
        raise RecordError(
            f"The session of {session.start_utc:%H:%M} UTC is still being recorded.",
            remedy="Stop the recording first.",
        )
