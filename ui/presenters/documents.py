"""Attaching files and the final pass: what takes a while and shows how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.errors import (
    AppError,
    LabellingStoppedError,
    RecognitionStoppedError,
    WorkCancelledError,
)
from app.domain.events import (
    COPYING,
    EXPORTING,
    LABELLING,
    READING,
    RECOGNISING,
    WorkProgressed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.events import Event
    from app.domain.ids import IncidentId
    from app.domain.incident import Incident
    from app.services.attachment_plan import Attached, Looked
    from app.services.program import Program
    from ui.background import Lanes
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident
    from ui.widgets.attach_form import AttachWish


class Documents(QObject):
    """Files come in, and become words; what can be stopped is stopped here."""

    def __init__(
        self, program: Program, lanes: Lanes, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._program = program
        self._lanes = lanes
        self._window = window
        self._incident = incident
        self._refusals: list[str] = []
        self._stage = ""  # of what is shown, and would be stopped
        window.attach.files_named.connect(self._on_files_named)
        window.attach.attach_requested.connect(self._on_attach_requested)
        window.status.cancel_requested.connect(self._on_cancel_requested)
        window.transcript.recognise_requested.connect(self._on_recognise_requested)
        window.transcript.labelling_requested.connect(self._on_labelling_requested)
        window.transcript.models_requested.connect(self._on_models_requested)
        incident.opened.connect(self._forget_refusals)
        lanes.work.busy_changed.connect(self._on_busy_changed)

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Show how far long work is."""
        if isinstance(event, WorkProgressed):
            self._stage = event.stage
            self._window.status.show_work(event.stage, event.done, event.total)
            self._window.status.show_cancel(self._end_of(event.stage))

    def _end_of(self, stage: str) -> str:
        """Return what becomes of work that is stopped at a stage; empty where it cannot be."""
        if stage.startswith((READING, COPYING)):
            return self.tr("Cancel what is under way; nothing of it is kept")
        if stage.startswith(EXPORTING):
            return self.tr("Cancel the export; what was there before stays")
        if stage == RECOGNISING:
            return self.tr("Stop recognising; what is recognised is kept")
        if stage.startswith(LABELLING):
            return self.tr("Stop telling voices apart; the labels stay as they are")
        return ""

    @Slot(object)
    def _on_files_named(self, files: Sequence[Path]) -> None:
        incident_id = self._incident.incident_id
        self._lanes.looking.run(
            lambda: self._program.attachment.look(incident_id, files),
            lambda looked: self._on_looked(files, looked),
            self._on_not_looked,
        )

    def _on_looked(self, files: Sequence[Path], looked: Looked) -> None:
        form = self._window.attach
        if looked.start is not None:
            form.suggest(files, looked.start.at, looked.start.words)
        form.offer_streams(files, looked.streams)

    def _on_not_looked(self, error: Exception) -> None:
        """Leave it to a person; what is wrong with a file is told when it is attached."""
        if not isinstance(error, AppError):
            self._lanes.looking.failed.emit(error)

    @Slot()
    def _on_cancel_requested(self) -> None:
        if self._stage.startswith(EXPORTING):
            self._program.exports.cancel()
        else:
            self._program.attachment.cancel()
            self._program.transcription.cancel()

    @Slot(object)
    def _on_attach_requested(self, wanted: AttachWish) -> None:
        incident_id = self._incident.incident_id
        self._forget_refusals()
        self._window.status.show_work(self.tr("Attaching"))
        if incident_id is not None:
            self._attach(incident_id, wanted)
        else:  # a new one, named after the first file; a second try then goes into it as well
            self._lanes.work.run(
                lambda: self._program.incidents.create(wanted.files[0].stem, None),
                lambda incident: self._attach_to_new(incident, wanted),
                lambda error: self._on_attach_failed(error, None, wanted),
            )

    def _attach_to_new(self, incident: Incident, wanted: AttachWish) -> None:
        if self._incident.incident_id is None:
            self._incident.open(incident.id)
        self._attach(incident.id, wanted)

    def _attach(self, incident_id: IncidentId, wanted: AttachWish) -> None:
        self._lanes.work.run(
            lambda: self._program.attachment.attach(
                incident_id,
                wanted.files,
                start_utc=wanted.start_utc,
                kind=wanted.kind,
                labels=wanted.labels,
                stream=wanted.stream,
            ),
            lambda attached: self._on_attached(incident_id, attached),
            lambda error: self._on_attach_failed(error, incident_id, wanted),
        )

    def _on_attached(self, incident_id: IncidentId, attached: Sequence[Attached]) -> None:
        """Recognise the words; where that fails, nobody is asked to attach the files again."""
        sessions = {one.session.id for one in attached}
        self._window.status.say(self.tr("Attached."))
        self._window.status.show_work(self.tr("Recognising"))
        self._lanes.work.run(
            lambda: self._program.transcription.run(incident_id, sessions=sessions),
            lambda _nothing: self._window.status.say(self.tr("Attached and transcribed.")),
            self._on_recognition_failed,
        )
        for remark in (remark for one in attached for remark in one.remarks):
            self._window.banner.show_problem(remark, "")
            self._refusals.append(remark)

    def _on_attach_failed(
        self, error: Exception, incident_id: IncidentId | None, wanted: AttachWish
    ) -> None:
        if not isinstance(error, WorkCancelledError):
            self._lanes.work.failed.emit(error)
        self._refusals.append(str(error))
        if self._incident.incident_id == incident_id:  # in another one they have no place
            self._window.attach.show_again(wanted)

    @Slot()
    def _forget_refusals(self) -> None:
        """Take back what was said of attaching, to another incident or another time."""
        for sentence in self._refusals:
            self._window.banner.forget(sentence)
        self._refusals.clear()

    @Slot()
    def _on_models_requested(self) -> None:
        self._lanes.looking.run(
            self._program.transcription.models, self._window.transcript.show_models
        )

    @Slot(str)
    def _on_recognise_requested(self, model: str) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._window.status.show_work(self.tr("Recognising"))
            self._lanes.work.run(
                lambda: self._program.transcription.run(incident_id, model=model),
                self._on_recognised,
                self._on_recognition_failed,
            )

    @Slot(bool)
    def _on_labelling_requested(self, is_draft: bool) -> None:  # noqa: FBT001  a slot
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._window.status.show_work(self.tr("Telling voices apart"))
            self._lanes.work.run(
                lambda: self._program.transcription.label(incident_id, is_draft=is_draft),
                self._on_labelled,
                self._on_recognition_failed,
            )

    def _on_labelled(self, _nothing: None) -> None:
        self._window.status.say(self.tr("The voices were told apart; given names stayed."))

    def _on_recognised(self, _nothing: None) -> None:
        self._window.status.say(self.tr("The transcript was made anew."))

    def _on_recognition_failed(self, error: Exception) -> None:
        if isinstance(
            error, RecognitionStoppedError | LabellingStoppedError
        ):  # as a person wanted it
            self._window.status.say(f"{error} {error.remedy}")
        else:
            self._lanes.work.failed.emit(error)

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001  a slot
        ready = not busy and self._incident.incident_id is not None
        self._window.transcript.allow_recognising(on=ready)
        if not busy:
            self._window.status.show_work("")
            self._window.status.show_cancel("")
