"""Says what the marks in the transcript mean, as long as there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPointF, QSize, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.colors import colors_of
from ui.theme import SMALL_PX, sized
from ui.transcript.layout import MARGIN
from ui.transcript.underlines import Underline, paint_underline

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.transcript.model import TranscriptModel

BETWEEN = 18
HEIGHT = 22


class TranscriptLegend(QWidget):
    """One line above the transcript; hidden while nothing in it is marked."""

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._marks: set[Underline] = set()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.dataChanged.connect(self._on_data_changed)
        model.modelReset.connect(self._look_again)
        self.hide()

    @property
    def entries(self) -> list[tuple[Underline, str]]:
        """The marks that stand in the transcript, each with what it means."""
        meanings = {
            Underline.UNSURE: self.tr("unsure: listen (N next, Shift+N before)"),
            Underline.SPELLED: self.tr("spelled by the glossary (Backspace: as heard)"),
        }
        return [(mark, words) for mark, words in meanings.items() if mark in self._marks]

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._add(first, last)

    @Slot(QModelIndex, QModelIndex)
    def _on_data_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if self._marks <= self._marks_in(top.row(), bottom.row()):
            self._add(top.row(), bottom.row())
        else:  # the last spelling may have been taken back
            self._look_again()

    @Slot()
    def _look_again(self) -> None:
        self._show(self._marks_in(0, self._model.rowCount() - 1))

    def _add(self, first: int, last: int) -> None:
        self._show(self._marks | self._marks_in(first, last))

    def _marks_in(self, first: int, last: int) -> set[Underline]:
        rows = [self._model.row(number) for number in range(first, last + 1)]
        marks = set()
        if any(row.has_unsure for row in rows):
            marks.add(Underline.UNSURE)
        if any(row.is_respelled for row in rows):
            marks.add(Underline.SPELLED)
        return marks

    def _show(self, marks: set[Underline]) -> None:
        if marks == self._marks:
            return
        self._marks = marks
        self.setVisible(bool(marks))
        told = "; ".join(words for _mark, words in self.entries)
        self.setAccessibleName(self.tr("Marks: {0}").format(told) if told else "")
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Return the height of a line."""
        return QSize(0, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each mark under the words that explain it."""
        painter = QPainter(self)
        colors, font = colors_of(self), sized(self.font(), SMALL_PX)
        metrics = QFontMetricsF(font)
        foot = QPointF(MARGIN, (self.height() + metrics.capHeight()) / 2 - 2)
        for mark, words in self.entries:
            painter.setFont(font)
            painter.setPen(QColor(colors.secondary))
            painter.drawText(foot, words)
            marked = metrics.horizontalAdvance(words.partition(" ")[0].rstrip(":"))
            paint_underline(painter, mark, foot, marked, colors)
            foot += QPointF(metrics.horizontalAdvance(words) + BETWEEN, 0)
        painter.end()
