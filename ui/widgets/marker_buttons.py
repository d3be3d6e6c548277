"""Markers: one key stamps this moment, whether or not there is any text yet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.domain.sessions import MarkerKind
from ui.colors import Colors, colors_of
from ui.widgets.marker_sign import paint_marker_sign

KEYS = {
    MarkerKind.FACT: "F2",
    MarkerKind.HYPOTHESIS: "F3",
    MarkerKind.DECISION: "F4",
    MarkerKind.ACTION: "F5",
    MarkerKind.LOOK: "F6",
}
ICON = 16
ROUND_IT = 20  # frame, padding, and between sign and key


class MarkerButtons(QWidget):
    """Five buttons with the keys F2 to F6, which work wherever the focus is.

    Signals:
        mark_requested: The ``MarkerKind`` to stamp.
    """

    mark_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names = {
            MarkerKind.FACT: self.tr("fact"),
            MarkerKind.HYPOTHESIS: self.tr("hypothesis"),
            MarkerKind.DECISION: self.tr("decision"),
            MarkerKind.ACTION: self.tr("action"),
            MarkerKind.LOOK: self.tr("look at this"),
        }
        self.actions_by_kind: dict[MarkerKind, QAction] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.setSpacing(2)
        for kind, key in KEYS.items():
            action = QAction(names[kind], self)
            action.setShortcut(key)
            action.setData(kind)
            action.triggered.connect(self._on_triggered)
            text = self.tr("Mark the last 20 seconds: {0} ({1})").format(names[kind], key)
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(ICON, ICON))
            action.setText(key)
            action.setToolTip(text)
            button.setAccessibleName(text)
            # However narrow the window, the key must be read: else Qt cuts it off first
            button.setFixedWidth(ICON + self.fontMetrics().horizontalAdvance(key) + ROUND_IT)
            row.addWidget(button)
            self.actions_by_kind[kind] = action
        self._draw()

    def _draw(self) -> None:
        for kind, action in self.actions_by_kind.items():
            action.setIcon(self._icon(kind, colors_of(self)))

    def _icon(self, kind: MarkerKind, colors: Colors) -> QIcon:
        scale = 2  # sharp on dense screens as well
        pixmap = QPixmap(ICON * scale, ICON * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        box = QRectF(0, 0, ICON, ICON)
        paint_marker_sign(painter, kind, box, colors=colors, font=self.font())
        painter.end()
        return QIcon(pixmap)

    @Slot()
    def _on_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.mark_requested.emit(MarkerKind(action.data()))  # Qt hands back a plain str

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Follow the desktop's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
