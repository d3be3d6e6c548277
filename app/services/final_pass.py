"""Use case: recognise what is recorded, from the first to the last sample, and label voices."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import RemoteModel
from app.domain.errors import AppError, ModelError, RecognitionStoppedError, RecordError
from app.domain.events import RECOGNISING, ProblemArose, SegmentsReplaced, WorkProgressed
from app.domain.transcript import RecognitionPass
from app.services.recognition_turn import turn_of
from app.services.unfinished_pass import BegunPass, UnfinishedPass

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.domain.engine_types import AnyModel, InstalledModel
    from app.domain.ids import IncidentId, SessionId
    from app.domain.ports import AudioReader
    from app.domain.record import Record
    from app.domain.sessions import Session
    from app.services.bleed_pass import BleedPass
    from app.services.live_transcription import LiveTranscription
    from app.services.recognition_parts import RecognitionParts
    from app.services.speaker_pass import SpeakerPass
    from app.services.track_recognition import TrackRecognition

PROGRESS_EVERY_S = 0.25
BATCH_SIZE = 8  # more is hardly faster, and takes memory


class FinalPass:
    """Makes a session's transcript anew; live segments give way once it is complete.

    One that was cut off goes on where it was, if it is asked for with the same model while the
    glossary is the same; else it begins anew.
    """

    def __init__(
        self,
        parts: RecognitionParts,
        *,
        reader: AudioReader,
        speaker_pass: SpeakerPass,
        bleed_pass: BleedPass,
        live: LiveTranscription,
    ) -> None:
        self._parts = parts
        self._store = parts.store
        self._bus = parts.bus
        self._reader = reader
        self.speaker_pass = speaker_pass
        self._bleed_pass = bleed_pass
        self._live = live
        self._stopping = threading.Event()
        self._closing = False
        self._running: TrackRecognition | None = None

    def run(
        self,
        incident_id: IncidentId,
        *,
        sessions: Collection[SessionId] | None = None,
        model: str = "",
        language: str = "",
        made_in: RecognitionPass = RecognitionPass.FINAL,
        label_voices: bool = True,
        anew: bool = False,
    ) -> None:
        """Recognise the sessions, by default all, then tell the voices apart where possible.

        ``model`` is one of this machine, by default what the settings say; ``language`` likewise.
        With ``anew`` also a pass that was cut off is done from the beginning.

        Raises:
            ModelError: No model, or it does not work; the transcript stays as it was.
            RecognitionStoppedError: ``cancel`` or ``shutdown`` was called meanwhile.
            LabellingStoppedError: The same, once all words were there.
            RecordError: A session is still being recorded, or another program recognises it.
        """
        if not self._closing:
            self._stopping.clear()
        record = self._store.record(incident_id)
        chosen = [s for s in record.sessions if sessions is None or s.id in sessions]
        for session in chosen:
            _refuse_while_recording(record, session)
        try:
            for session in chosen:
                found = self._parts.engines.for_pass(made_in, model=model, language=language)
                self._replace(record, session, found, made_in, anew=anew)
        finally:  # of one that was cut off, some words have taken the place of others
            self._bus.publish(SegmentsReplaced(incident_id))
        if label_voices:
            self._label_voices(incident_id)

    def label(self, incident_id: IncidentId, *, is_draft: bool = False) -> None:
        """Tell the voices apart anew; the words stay. A draft takes less time, and says so.

        Raises:
            ModelError: There is a pipeline and it does not work.
            DiarizationUnavailableError: There is none.
            LabellingStoppedError: ``cancel`` or ``shutdown`` was called meanwhile.
        """
        if not self._closing:
            self._stopping.clear()
        self.speaker_pass.run(incident_id, is_draft=is_draft, stopping=self._stopping)
        if self.speaker_pass.unavailable is not None:
            raise self.speaker_pass.unavailable

    def models(self) -> list[InstalledModel]:
        """Return the models that ``run`` takes, by name."""
        return self._parts.engines.installed()

    def cancel(self) -> None:
        """Have what is under way stop soon; waits for nothing.

        What is committed stays, and the next run goes on from there.
        """
        self._stopping.set()

    def shutdown(self) -> None:
        """Stop what is under way and whatever is asked for from now on."""
        self._closing = True
        self.cancel()
        running = self._running
        if running is not None:
            running.stop()

    def _replace(
        self,
        record: Record,
        session: Session,
        model: AnyModel,
        made_in: RecognitionPass,
        *,
        anew: bool,
    ) -> None:
        self._live.let_go(session.id)
        with turn_of(self._parts.home, session):
            self._recognise(record, session, model, made_in, anew=anew)
            self._mark_bleed(session)

    def _recognise(
        self,
        record: Record,
        session: Session,
        model: AnyModel,
        made_in: RecognitionPass,
        *,
        anew: bool,
    ) -> None:
        tracks = record.tracks_of(session.id)
        work = self._running = self._parts.recognition(session, tracks, made_in)
        begun = BegunPass.by(model, made_in, work.glossary)
        unfinished = UnfinishedPass(self._parts.home, session)
        if anew or not unfinished.is_like(begun):
            unfinished.forget()
            for track in tracks:
                self._store.restart_pass(track.id, made_in)
            unfinished.begin(begun)
        try:
            work.start(self._parts.recognizers, _without_haste(model))
            for track in tracks:
                work.finish(track.id, self._reader.duration_ms(self._parts.audio(session, track)))
            while not work.wait(PROGRESS_EVERY_S) and not self._stopping.is_set():
                self._tell(RECOGNISING, work.share_done())
        finally:
            work.stop()
            self._running = None
        if work.problem is not None:
            raise work.problem
        if self._stopping.is_set():
            raise RecognitionStoppedError
        self._tell(RECOGNISING, 1.0)
        for track in tracks:
            self._store.finish_pass(track.id, made_in)
        unfinished.forget()

    def _mark_bleed(self, session: Session) -> None:
        try:
            self._bleed_pass.run(session.incident_id, session)
        except AppError as error:  # the words are there, and good without it
            self._bus.publish(ProblemArose(error))

    def _label_voices(self, incident_id: IncidentId) -> None:
        try:
            self.speaker_pass.run(incident_id, stopping=self._stopping)
        except ModelError as error:  # the words are there, labelled by track
            self._bus.publish(ProblemArose(error))

    def _tell(self, stage: str, share: float) -> None:
        self._bus.publish(WorkProgressed(stage, share, 1.0))


def _without_haste(model: AnyModel) -> AnyModel:
    """Return a model that may take several windows at once; a server has ways of its own."""
    return model if isinstance(model, RemoteModel) else replace(model, batch_size=BATCH_SIZE)


def _refuse_while_recording(record: Record, session: Session) -> None:
    if any(track.duration_ms is None for track in record.tracks_of(session.id)):
        raise RecordError(
            f"The session of {session.start_utc:%H:%M} UTC is still being recorded.",
            remedy="Stop the recording first.",
        )
