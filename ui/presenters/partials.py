"""Shows what is being said just now in the incident that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.events import PartialHeard, RecordingStarted
from app.domain.times import after
from ui.transcript.row import PartialRow

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.ids import TrackId
    from app.domain.sessions import Session, TrackLabel
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident


class Partials(QObject):
    """Follows the recording that this program recognises; those of others tell no partials."""

    def __init__(self, window: MainWindow, incident: OpenIncident) -> None:
        super().__init__(window)
        self._lines = window.transcript.partials
        self._incident = incident
        self._session: Session | None = None
        self._labels: dict[TrackId, TrackLabel] = {}
        incident.opened.connect(self._on_opened)

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Follow what is said."""
        match event:
            case RecordingStarted(session=session, tracks=tracks):
                self._session = session
                self._labels = {track.id: track.label for track in tracks}
            case PartialHeard() if event.incident_id == self._incident.incident_id:
                self._show(event)
            case _:
                pass

    def _show(self, event: PartialHeard) -> None:
        session = self._session
        if session is None or session.id != event.session_id:
            return
        at = after(session.start_utc, event.start_ms)
        label = self._labels[event.track_id]
        self._lines.show_row(PartialRow(at, label, tuple(event.text.split())))

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        self._lines.clear()
