"""Tells what seems to be said just now, and takes it back once it is a line, or nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.domain.events import PartialHeard

if TYPE_CHECKING:
    from app.domain.ids import TrackId
    from app.domain.ports import EventBus
    from app.domain.sessions import Session


class PartialWords:
    """What stands on the screens of a session beside its record; nothing of it is stored."""

    def __init__(self, bus: EventBus, session: Session) -> None:
        self._bus = bus
        self._session = session
        self._shown: set[TrackId] = set()
        self._lock = threading.Lock()

    def show(self, track_id: TrackId, start_ms: int, text: str) -> None:
        """Tell what a track says, in place of what was told before."""
        with self._lock:
            self._shown.add(track_id)
        self._tell(track_id, start_ms, text)

    def clear(self, track_id: TrackId) -> None:
        """Take back what was told of a track, if anything."""
        with self._lock:
            if track_id not in self._shown:
                return
            self._shown.remove(track_id)
        self._tell(track_id, 0, "")

    def clear_all(self) -> None:
        """Take back what was told of any track."""
        with self._lock:
            shown = tuple(self._shown)
        for track_id in shown:
            self.clear(track_id)

    def _tell(self, track_id: TrackId, start_ms: int, text: str) -> None:
        session = self._session
        self._bus.publish(PartialHeard(session.incident_id, session.id, track_id, start_ms, text))
