"""What lies under a row of a list: whether it is selected, and whether the keys act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from ui.colors import Colors


def paint_row_ground(painter: QPainter, option: QStyleOptionViewItem, colors: Colors) -> None:
    """Paint the ground of a row, and the frame of the one that has the focus."""
    row: QRect = option.rect
    state: QStyle.StateFlag = option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(row, QColor(colors.selected))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(colors.accent), 1))
        painter.drawRect(row.adjusted(0, 0, -1, -1))
