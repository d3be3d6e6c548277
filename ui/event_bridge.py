"""Carries events from whichever thread published them to the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.ports import EventBus


class EventBridge(QObject):
    """The only receiver of the bus in the window.

    The bus calls ``_forward`` on the publisher's thread; ``event_published`` is emitted on the
    thread this object lives in, in the order of publication.
    """

    event_published = Signal(object)
    _arrived = Signal(object)

    def __init__(self, bus: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        bus.subscribe(self._forward)

    def stop(self) -> None:
        """Pass nothing on any more; the bus may outlive the window."""
        self._open = False

    def _forward(self, event: Event) -> None:
        if self._open:
            self._arrived.emit(event)

    @Slot(object)
    def _on_arrived(self, event: Event) -> None:
        if self._open:
            self.event_published.emit(event)
