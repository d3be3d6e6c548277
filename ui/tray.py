"""The program in the desktop's panel, where there is one that takes icons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.domain.sessions import MarkerKind
from ui.colors import colors_of
from ui.glance import Glance, Phase
from ui.widgets.marker_buttons import marker_names
from ui.widgets.phase_icon import phase_icon

if TYPE_CHECKING:
    from collections.abc import Callable


class Tray(QObject):
    """Shows by its shape what the recorder does, and offers what can be done.

    Where the desktop has no place for it nothing is seen, and nothing else is different.

    Signals:
        record_requested, stop_requested, pause_requested: The person wants that; a pause, or
            its end.
        mark_requested: The ``MarkerKind`` to stamp.
        bar_requested, window_requested: The person wants to see it.
    """

    record_requested = Signal()
    stop_requested = Signal()
    pause_requested = Signal()
    mark_requested = Signal(object)
    bar_requested = Signal()
    window_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._glance: Glance | None = None
        self.menu = QMenu()
        self.record = self._add(self.tr("Record"), self.record_requested.emit)
        self.pause = self._add("", self.pause_requested.emit)
        self.stop = self._add(self.tr("Stop the recording"), self.stop_requested.emit)
        self.marks = self.menu.addMenu(self.tr("Mark the last 20 seconds"))
        for kind, name in marker_names().items():
            action = QAction(name, self.marks)
            action.setData(kind)
            action.triggered.connect(self._on_mark_triggered)
            self.marks.addAction(action)
        self.menu.addSeparator()
        self._add(self.tr("Compact bar"), self.bar_requested.emit)
        self._add(self.tr("Show the window"), self.window_requested.emit)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.show_glance(Glance())

    def open(self) -> None:
        """Put it into the panel."""
        self.icon.show()

    def show_glance(self, glance: Glance) -> None:
        """Show what the recorder is doing, and what is wrong; the panel hears of changes alone."""
        before, self._glance = self._glance, glance
        if before is None or (before.phase, before.alarm) != (glance.phase, glance.alarm):
            self.icon.setIcon(phase_icon(glance, colors_of(self.menu)))
            self._offer(glance.phase)
        tip = f"Hotwash: {glance.alarm or glance.words}"
        if tip != self.icon.toolTip():
            self.icon.setToolTip(tip)

    def close(self) -> None:
        """Take it out of the panel."""
        self.icon.hide()
        self.menu.deleteLater()

    def _offer(self, phase: Phase) -> None:
        recording = phase is not Phase.IDLE
        paused = phase is Phase.PAUSED
        self.record.setVisible(not recording)
        self.stop.setVisible(recording)
        self.pause.setVisible(recording)
        self.pause.setText(self.tr("Record again") if paused else self.tr("Pause"))
        self.marks.menuAction().setVisible(recording)

    def _add(self, text: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, self.menu)
        action.triggered.connect(slot)
        self.menu.addAction(action)
        return action

    @Slot()
    def _on_mark_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.mark_requested.emit(MarkerKind(action.data()))  # Qt hands back a plain str

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.window_requested.emit()
