"""Paints a piece of evidence: its picture or a sign, its name, what is known or wrong of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.colors import Colors, colors_of
from ui.evidence.model import EvidenceRole
from ui.evidence.words import evidence_about, evidence_name, short_sign
from ui.theme import SMALL_PX, sized
from ui.widgets.row_ground import paint_row_ground

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QFont

    from ui.evidence.looks import Look
    from ui.evidence.model import EvidenceRow

    Index = QModelIndex | QPersistentModelIndex

TILE = QSize(72, 48)
MARGIN = 8
PADDING = 6
LINE = 16
ROW_HEIGHT = TILE.height() + 2 * PADDING
MIDDLE = Qt.AlignmentFlag.AlignVCenter
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop


class EvidenceDelegate(QStyledItemDelegate):
    """Belongs to one view."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view

    # Qt overrides

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the same height for every piece."""
        return QSize(TILE.width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one piece."""
        row: EvidenceRow = index.data(EvidenceRole.ROW)
        look: Look | None = index.data(EvidenceRole.LOOK)
        colors, box = colors_of(self._view), QRect(option.rect)
        paint_row_ground(painter, option, colors)
        tile = QRect(box.topLeft(), TILE).translated(MARGIN, PADDING)
        self._paint_tile(painter, tile, row, look, colors)
        words = box.adjusted(TILE.width() + 2 * MARGIN, PADDING, -MARGIN, -PADDING)
        self._write(painter, words, evidence_name(row.evidence), self._body, colors.text)
        words.setTop(words.top() + LINE)
        if look is not None and look.problem:
            painter.setFont(self._small)
            painter.setPen(QColor(colors.warning))
            painter.drawText(words, int(WRAP), f"! {look.problem}")
            return
        self._write(painter, words, evidence_about(row.evidence), self._small, colors.secondary)
        words.setTop(words.top() + LINE)
        self._write(painter, words, row.proves, self._small, colors.secondary)

    @property
    def _body(self) -> QFont:
        return sized(self._view.font(), self._view.font().pixelSize())

    @property
    def _small(self) -> QFont:
        return sized(self._view.font(), SMALL_PX)

    def _paint_tile(
        self, painter: QPainter, tile: QRect, row: EvidenceRow, look: Look | None, colors: Colors
    ) -> None:
        painter.save()
        painter.fillRect(tile, QColor(colors.raised))
        if look is not None and look.image is not None:
            size = look.image.size().scaled(TILE, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(tile.topLeft(), size)
            place.moveCenter(tile.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, look.image)
        else:
            flawed = look is not None and bool(look.problem)
            painter.setFont(sized(self._view.font(), SMALL_PX, strong=True))
            painter.setPen(QColor(colors.warning if flawed else colors.secondary))
            sign = "…" if look is None else "!" if flawed else short_sign(row.evidence)
            painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, sign)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawRect(tile.adjusted(0, 0, -1, -1))
        painter.restore()

    def _write(self, painter: QPainter, words: QRect, text: str, font: QFont, ink: str) -> None:
        """Write one line on top of a box, cut where the room ends."""
        painter.setFont(font)
        painter.setPen(QColor(ink))
        line = QRect(words.topLeft(), QSize(words.width(), LINE))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, MIDDLE, shown)
