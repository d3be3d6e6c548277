"""Says what to expect where there are no words yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.errors import ModelError
from app.domain.events import ProblemArose, RecordingStopped

if TYPE_CHECKING:
    from app.domain.events import Event
    from ui.main_window import MainWindow
    from ui.presenters.live_recording import LiveRecording
    from ui.presenters.open_incident import OpenIncident


class EmptyTranscript(QObject):
    """Follows which incident is on screen, whether it is recorded, and if there is a model."""

    def __init__(
        self, window: MainWindow, incident: OpenIncident, recording: LiveRecording
    ) -> None:
        super().__init__(window)
        self._window = window
        self._incident = incident
        self._recording = recording
        self._missing: ModelError | None = None
        incident.opened.connect(self._tell)
        recording.changed.connect(self._tell)

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Learn that no words will come, or that this is over."""
        match event:
            case ProblemArose(error=ModelError() as error):
                self._missing = error
            case RecordingStopped():
                self._missing = None
            case _:
                return
        self._tell()

    @Slot()
    def _tell(self) -> None:
        incident_id = self._incident.incident_id
        if incident_id is None:
            return  # the list of incidents says what can be done
        if self._recording.incident_id != incident_id:
            text = self.tr("No words yet. F9 records, Ctrl+O attaches files.")
        elif self._missing is not None:
            text = self.tr("Recording, without words: {0}\n{1}").format(
                self._missing, self._missing.remedy
            )
        else:
            text = self.tr("Recording. Words appear here in a few seconds.")
        self._window.transcript.view.empty_text = text
