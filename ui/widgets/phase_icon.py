"""Icons that tell by their shape what the recorder does: ring, disc, two bars, triangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from ui.glance import Phase

if TYPE_CHECKING:
    from ui.colors import Colors
    from ui.glance import Glance

SIDE = 64  # of which panels take as much as they need


def phase_icon(glance: Glance, colors: Colors) -> QIcon:
    """Return the icon of what is being done; something that is wrong goes before all else."""
    pixmap = QPixmap(SIDE, SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # A ground of its own: nobody knows how light the panel is
    painter.setPen(QPen(QColor(colors.secondary), 2))
    painter.setBrush(QColor(colors.raised))
    painter.drawRoundedRect(QRectF(2, 2, SIDE - 4, SIDE - 4), 12, 12)
    if glance.alarm:
        _paint_alarm(painter, colors)
    else:
        _paint_phase(painter, glance.phase, colors)
    painter.end()
    return QIcon(pixmap)


def _paint_phase(painter: QPainter, phase: Phase, colors: Colors) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    match phase:
        case Phase.IDLE:
            painter.setPen(QPen(QColor(colors.secondary), 6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(17, 17, 30, 30))
        case Phase.RECORDING:
            painter.setBrush(QColor(colors.recording))
            painter.drawEllipse(QRectF(14, 14, 36, 36))
        case Phase.PAUSED:
            painter.setBrush(QColor(colors.text))
            for left in (18, 36):
                painter.drawRect(QRectF(left, 16, 10, 32))


def _paint_alarm(painter: QPainter, colors: Colors) -> None:
    corners = [QPointF(32, 8), QPointF(58, 54), QPointF(6, 54)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.recording))
    painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(QColor(colors.on_fill))
    painter.drawRect(QRectF(29, 23, 6, 16))
    painter.drawRect(QRectF(29, 43, 6, 6))
