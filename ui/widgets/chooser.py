"""A combo box whose arrow follows the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox

from ui.colors import colors_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Chooser(QComboBox):
    """Draws its own arrow: a style sheet that shapes a combo box takes the style's arrow away."""

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then the arrow."""
        super().paintEvent(event)
        colors = colors_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.secondary), 1.5))
        tip = QPointF(self.width() - 12, self.height() / 2 + 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([tip + QPointF(-4, -4), tip, tip + QPointF(4, -4)])
        painter.end()
