"""Corrects when a session began, where the clock or a file was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.ids import SessionId
from app.domain.times import after
from ui.widgets.start_line import start_text

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.sessions import Session
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident


class StartMending(QObject):
    """Opens the form with the sessions of the incident, and does what it asks for."""

    def __init__(
        self, program: Program, storage: Lane, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._program = program
        self._storage = storage
        self._window = window
        self._incident = incident
        window.attach.mend_requested.connect(self._on_mend_requested)
        window.mend_start.correct_requested.connect(self._on_correct_requested)
        incident.opened.connect(window.mend_start.hide)

    @Slot()
    def _on_mend_requested(self) -> None:
        record = self._incident.record
        sessions = record.sessions if record else ()
        if sessions:
            in_order = sorted(sessions, key=lambda session: session.start_utc)
            self._window.attach.hide()
            self._window.mend_start.open_form(in_order)
        else:
            self._window.status.say(self.tr("This incident has no session yet."))

    @Slot(str, object)
    def _on_correct_requested(self, session_id: str, start_utc: datetime) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._storage.run(
                lambda: self._program.attachment.correct_start(
                    incident_id, SessionId(session_id), start_utc
                ),
                self._on_corrected,
            )

    def _on_corrected(self, session: Session) -> None:
        began = start_text(after(session.start_utc, session.clock_offset_ms))
        self._window.status.say(self.tr("The session began at {0}.").format(began))
