"""The badge of a kind of entry, as ``app.domain.badges`` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.domain.badges import BADGES, DASHES, LINE_WIDTH

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from app.domain.timeline import EntryKind
    from ui.colors import Colors

BADGE_SIZE = 20
FILLED = 0.9  # of the box by the radius: what reaches beyond it stays inside with its line


def paint_badge(
    painter: QPainter, kind: EntryKind, box: QRectF, *, colors: Colors, font: QFont
) -> None:
    """Paint a kind's badge into a square."""
    shape, ink = BADGES[kind], QColor(colors.kind(kind))
    radius = FILLED * box.width() / 2
    pen = QPen(ink, LINE_WIDTH * radius)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if shape.hollow:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([part / LINE_WIDTH for part in DASHES])  # Qt counts in line widths
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(QColor(colors.surface) if shape.hollow else ink)
    painter.drawPath(_outline(kind, box.center(), radius))
    painter.setFont(font)
    painter.setPen(ink if shape.hollow else QColor(colors.on_fill))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, kind.letter)
    painter.restore()


def _outline(kind: EntryKind, center: QPointF, radius: float) -> QPainterPath:
    shape, path = BADGES[kind], QPainterPath()
    if shape.corners:
        corners = [QPointF(x, -y) * radius + center for x, y in shape.corners]  # y grows downwards
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    else:
        path.addEllipse(center, shape.reach * radius, shape.reach * radius)
    return path
