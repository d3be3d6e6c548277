"""Attaching files and the final pass: what takes a while and shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.errors import AppError, RecognitionStoppedError, WorkCancelledError
from app.domain.events import COPYING, EXPORTING, RECOGNISING, WorkProgressed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from app.domain.events import Event
    from app.domain.ids import IncidentId
    from app.domain.incident import Incident
    from app.domain.sessions import SessionKind, TrackLabel
    from app.services.attachment_plan import Attached
    from app.services.program import Program
    from ui.background import Lanes
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident


@dataclass(frozen=True, slots=True)
class _Attachment:
    """What a person asked to attach."""

    files: Sequence[Path]
    start_utc: datetime | None
    kind: SessionKind
    labels: Sequence[TrackLabel] | None


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
        if stage.startswith(COPYING):
            return self.tr("Cancel what is under way; nothing of it is kept")
        if stage.startswith(EXPORTING):
            return self.tr("Cancel the export; what was there before stays")
        if stage == RECOGNISING:
            return self.tr("Stop recognising; what is recognised is kept")
        return ""

    @Slot(object)
    def _on_files_named(self, files: Sequence[Path]) -> None:
        incident_id = self._incident.incident_id
        self._lanes.looking.run(
            lambda: self._program.attachment.found_start(incident_id, files),
            lambda found: self._window.attach.suggest(files, found.at, found.words),
            self._on_no_start,
        )

    def _on_no_start(self, error: Exception) -> None:
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

    @Slot(object, object, object, object)
    def _on_attach_requested(
        self,
        files: Sequence[Path],
        start_utc: datetime | None,
        kind: SessionKind,
        labels: Sequence[TrackLabel] | None,
    ) -> None:
        wanted = _Attachment(files, start_utc, kind, labels)
        incident_id = self._incident.incident_id
        self._forget_refusals()
        self._window.status.show_work(self.tr("Attaching"))
        if incident_id is not None:
            self._attach(incident_id, wanted)
        else:  # a new one, named after the first file; a second try then goes into it as well
            self._lanes.work.run(
                lambda: self._program.incidents.create(files[0].stem, None),
                lambda incident: self._attach_to_new(incident, wanted),
                lambda error: self._on_attach_failed(error, None, wanted),
            )

    def _attach_to_new(self, incident: Incident, wanted: _Attachment) -> None:
        if self._incident.incident_id is None:
            self._incident.open(incident.id)
        self._attach(incident.id, wanted)

    def _attach(self, incident_id: IncidentId, wanted: _Attachment) -> None:
        self._lanes.work.run(
            lambda: self._program.attachment.attach(
                incident_id,
                wanted.files,
                start_utc=wanted.start_utc,
                kind=wanted.kind,
                labels=wanted.labels,
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
        self, error: Exception, incident_id: IncidentId | None, wanted: _Attachment
    ) -> None:
        if not isinstance(error, WorkCancelledError):
            self._lanes.work.failed.emit(error)
        self._refusals.append(str(error))
        if self._incident.incident_id == incident_id:  # in another one they have no place
            self._window.attach.show_again(
                wanted.files, wanted.start_utc, wanted.kind, wanted.labels
            )

    @Slot()
    def _forget_refusals(self) -> None:
        """Take back what was said of attaching, to another incident or another time."""
        for sentence in self._refusals:
            self._window.banner.forget(sentence)
        self._refusals.clear()

    @Slot()
    def _on_recognise_requested(self) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._window.status.show_work(self.tr("Recognising"))
            self._lanes.work.run(
                lambda: self._program.transcription.run(incident_id),
                self._on_recognised,
                self._on_recognition_failed,
            )

    def _on_recognised(self, _nothing: None) -> None:
        self._window.status.say(self.tr("The transcript was made anew."))

    def _on_recognition_failed(self, error: Exception) -> None:
        if isinstance(error, RecognitionStoppedError):  # as a person wanted it
            self._window.status.say(f"{error} {error.remedy}")
        else:
            self._lanes.work.failed.emit(error)

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001  a slot
        self._window.transcript.recognise_button.setEnabled(
            not busy and self._incident.incident_id is not None
        )
        if not busy:
            self._window.status.show_work("")
            self._window.status.show_cancel("")
