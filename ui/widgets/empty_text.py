"""What an empty list has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter

from ui.colors import colors_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea

MARGIN = 24


def paint_empty_text(view: QAbstractScrollArea, text: str) -> None:
    """Paint a text into the middle of a view; only while the view itself is painted."""
    painter = QPainter(view.viewport())
    painter.setPen(QColor(colors_of(view).secondary))
    box = view.viewport().rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
    painter.end()
