"""Connects pause and announcement with the use cases that do them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.events import AudioStored, RecordingStopped
from ui.moments import duration_text, utc_text

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.ids import IncidentId, SessionId
    from app.domain.sessions import Consent, Pause
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.live_recording import LiveRecording


class RecordingConduct(QObject):
    """The strip shows what the recorder says, not what was asked of it."""

    def __init__(
        self, program: Program, recorder: Lane, window: MainWindow, recording: LiveRecording
    ) -> None:
        super().__init__(window)
        self._program = program
        self._recorder = recorder
        self._window = window
        self._strip = window.recorder
        self._recording = recording
        buttons = window.recorder.conduct
        buttons.pause_requested.connect(self._on_pause_requested)
        buttons.resume_requested.connect(self._on_resume_requested)
        buttons.announce_requested.connect(self._on_announce_requested)
        window.consent.stamp_requested.connect(self._on_stamp_requested)

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Show what the recorder says."""
        match event:
            case AudioStored(status=status) if self._strip.is_recording and status.running:
                self._strip.show_conduct(status.pause, status.consent)
            case RecordingStopped():
                self._window.consent.close_form()
            case _:
                pass

    @property
    def _incident_id(self) -> IncidentId | None:
        return self._recording.incident_id

    @Slot()
    def _on_pause_requested(self) -> None:
        incident_id = self._incident_id
        if incident_id is not None:
            self._recorder.run(
                lambda: self._program.conduct.pause(incident_id), self._on_paused, self._on_refused
            )

    def _on_paused(self, pause: Pause) -> None:
        self._strip.show_conduct(pause, None)
        at = duration_text(pause.start_ms)
        text = self.tr("Paused at {0}: nothing is stored until you resume (F10).")
        self._window.status.say(text.format(at))

    @Slot()
    def _on_resume_requested(self) -> None:
        incident_id = self._incident_id
        if incident_id is not None:
            self._recorder.run(
                lambda: self._program.conduct.resume(incident_id),
                self._on_resumed,
                self._on_refused,
            )

    def _on_resumed(self, _pause: Pause) -> None:
        self._strip.show_conduct(None, None)
        self._window.status.say(self.tr("Recording again."))

    def _on_refused(self, error: Exception) -> None:
        self._strip.conduct.show_pause(on=self._strip.conduct.is_paused)
        self._recording.failed.emit(error)

    @Slot()
    def _on_announce_requested(self) -> None:
        self._recorder.run(self._program.conduct.consent_text, self._window.consent.open_form)

    @Slot(str)
    def _on_stamp_requested(self, method: str) -> None:
        incident_id = self._incident_id
        if incident_id is not None:
            self._recorder.run(
                lambda: self._program.conduct.announce(incident_id, method=method),
                self._on_announced,
            )

    def _on_announced(self, stamped: tuple[SessionId, Consent]) -> None:
        consent = stamped[1]
        self._strip.conduct.show_announced(by=consent.by)
        text = self.tr("Announced at {0} by {1}.")
        self._window.status.say(text.format(utc_text(consent.announced_at), consent.by))
