"""The sign of a marker: the badge of what was meant, or a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor

from app.domain.sessions import MarkerKind
from app.domain.timeline import EntryKind
from ui.theme import SMALL_PX, sized
from ui.widgets.badge import paint_badge

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

    from ui.colors import Colors


def paint_marker_sign(
    painter: QPainter, kind: MarkerKind, box: QRectF, *, colors: Colors, font: QFont
) -> None:
    """Paint a marker's sign into a box of about 16 pixels."""
    if kind is MarkerKind.LOOK:
        painter.setFont(sized(font, SMALL_PX + 2, strong=True))
        painter.setPen(QColor(colors.text))
        painter.drawText(box.adjusted(-1, -1, 1, 1), Qt.AlignmentFlag.AlignCenter, "⚑")
        return
    letter = sized(font, SMALL_PX - 2, strong=True)
    paint_badge(painter, EntryKind(kind.value), box, colors=colors, font=letter)
