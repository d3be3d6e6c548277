"""The light that burns while anything is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from ui.colors import colors_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

BEAT_MS = 700


class RecordLight(QWidget):
    """A red disc while recording, an empty ring otherwise; steady where motion is unwanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_on = False
        self._bright = True
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Not recording"))

    def burn(self, on: bool) -> None:  # noqa: FBT001  like setVisible
        """Light up or go out."""
        self.is_on, self._bright = on, True
        moves = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animate, None, self)
        if on and moves:
            self._beat.start()
        else:
            self._beat.stop()
        self.setAccessibleName(self.tr("Recording") if on else self.tr("Not recording"))
        self.update()

    @Slot()
    def _on_beat(self) -> None:
        self._bright = not self._bright
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Return the size of the disc."""
        return QSize(16, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the disc or the ring."""
        colors = colors_of(self)
        color = QColor(colors.recording if self.is_on else colors.secondary)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color)
        if self.is_on:
            color.setAlphaF(1.0 if self._bright else 0.45)
            painter.setBrush(color)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(3, 3, 10, 10))
        painter.end()
