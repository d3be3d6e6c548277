"""Lines under words that a person should know something of; told apart by shape, not by colour."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.colors import Colors

BELOW = 3  # pixels under the letters' foot
APART = 2


class Underline(enum.Enum):
    """What a line under a word says of it."""

    UNSURE = enum.auto()  # dotted: the recogniser doubted it
    SPELLED = enum.auto()  # two thin lines: the glossary's spelling stands there


def paint_underline(
    painter: QPainter, kind: Underline, foot: QPointF, width: float, colors: Colors
) -> None:
    """Paint a line ``width`` pixels long under letters that stand on ``foot``."""
    start = QPointF(foot.x(), foot.y() + BELOW)
    if kind is Underline.UNSURE:
        painter.setPen(QPen(QColor(colors.warning), 2, Qt.PenStyle.DotLine))
        painter.drawLine(start, start + QPointF(width, 0))
        return
    painter.setPen(QPen(QColor(colors.accent), 1))
    for down in (0, APART):
        lower = start + QPointF(0, down)
        painter.drawLine(lower, lower + QPointF(width, 0))
