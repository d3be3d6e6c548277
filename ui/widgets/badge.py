"""The badge of a kind of entry: a letter in a shape of its own, so that colour is not needed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from app.domain.timeline import EntryKind

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from ui.colors import Colors

BADGE_SIZE = 20


def badge_path(kind: EntryKind, box: QRectF) -> QPainterPath:
    """Return the outline of a kind's badge within ``box``."""
    path = QPainterPath()
    match kind:
        case EntryKind.FACT:
            path.addRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        case EntryKind.HYPOTHESIS:
            path.addPolygon(_polygon(box.adjusted(-2, -2, 2, 2), corners=4, turned=0.0))
        case EntryKind.DECISION:
            path.addPolygon(_polygon(box.adjusted(-1, -1, 1, 1), corners=6, turned=30.0))
        case EntryKind.ACTION:
            path.addEllipse(box)
        case EntryKind.STATUS:
            path.addPolygon(_flag(box))
        case EntryKind.RESPONSIBILITY:
            path.addPolygon(_house(box))
    path.closeSubpath()
    return path


def paint_badge(
    painter: QPainter, kind: EntryKind, box: QRectF, *, colors: Colors, font: QFont
) -> None:
    """Paint a kind's badge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(badge_path(kind, box), QColor(colors.kind(kind)))
    painter.setFont(font)
    painter.setPen(QColor(colors.on_fill))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, kind.letter)
    painter.restore()


def _polygon(box: QRectF, *, corners: int, turned: float) -> QPolygonF:
    center, radius = box.center(), box.width() / 2
    angles = [math.radians(turned + 360 * n / corners) for n in range(corners)]
    return QPolygonF(
        [
            QPointF(center.x() + radius * math.cos(angle), center.y() + radius * math.sin(angle))
            for angle in angles
        ]
    )


def _flag(box: QRectF) -> QPolygonF:
    notch = box.width() / 5
    body = box.adjusted(-1, 2, 3, -2)
    return QPolygonF(
        [
            body.topLeft(),
            body.topRight(),
            QPointF(body.right() - notch, body.center().y()),
            body.bottomRight(),
            body.bottomLeft(),
        ]
    )


def _house(box: QRectF) -> QPolygonF:
    eaves = box.top() + box.height() / 3.5
    return QPolygonF(
        [
            QPointF(box.center().x(), box.top() - 2),
            QPointF(box.right(), eaves),
            box.bottomRight(),
            box.bottomLeft(),
            QPointF(box.left(), eaves),
        ]
    )
