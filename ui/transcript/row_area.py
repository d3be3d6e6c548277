"""Rows of text that scroll: measured once each, found by bisection.

Not a QListView: that measures all rows again on each append (1.5 s at 50 000 rows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QPushButton, QWidget

from app.domain.sessions import TrackLabel
from ui.colors import colors_of
from ui.transcript.heights import RowHeights
from ui.transcript.layout import Columns
from ui.transcript.painting import RowPainter

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QResizeEvent

    from ui.transcript.model import TranscriptModel

LIVE_EDGE = 24  # pixels from the end within which the view still follows it


class RowArea(QAbstractScrollArea):
    """Lays out a TranscriptModel; while live, follows its end until a person scrolls away.

    ``measured_rows`` counts how often a row was measured since the beginning.
    """

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.measured_rows = 0
        self._heights = RowHeights()
        self._columns = Columns.within(0, with_speaker=False)
        self._is_live = False
        self._follows_end = False
        self._painter = self.make_painter(self.font())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.live_button = QPushButton(self.tr("▼ Jump to live"), self)
        self.live_button.setToolTip(self.tr("Go to the newest words and follow them (Ctrl+End)"))
        self.live_button.clicked.connect(self.jump_to_live)
        self.live_button.hide()
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.dataChanged.connect(self._on_data_changed)
        model.modelReset.connect(self._on_model_reset)

    @property
    def columns(self) -> Columns:
        """Where the columns of the rows are."""
        return self._columns

    @property
    def follows_end(self) -> bool:
        """Whether new words scroll into view by themselves."""
        return self._follows_end

    @property
    def start_row(self) -> int:
        """Where reading starts: the newest words while they are followed, else what is on top."""
        if self._is_live and self._follows_end:
            return len(self._heights) - 1
        value = self.verticalScrollBar().value()
        row = self._heights.row_at(value)
        cut_off = self._heights.top(row) < value and row + 1 < len(self._heights)
        return row + 1 if cut_off else row

    @property
    def rows_in_view(self) -> range:
        """The rows of which anything is to be seen."""
        if not self._heights.total:
            return range(0)
        top = self.verticalScrollBar().value()
        bottom = min(self._heights.total, top + self.viewport().height()) - 1
        return range(self._heights.row_at(top), self._heights.row_at(bottom) + 1)

    def set_live(self, *, live: bool) -> None:
        """Follow what is being said; or stay where the reader is, when nothing is any more."""
        self._is_live = live
        if live:
            self._follows_end = True
            self._place_scroll_bar()
        self._place_live_button()

    def go_to_start(self) -> None:
        """Show the first row, as for a transcript that is complete."""
        self._follows_end = False
        self.verticalScrollBar().setValue(0)

    @Slot()
    def jump_to_live(self) -> None:
        """Show the end and follow it."""
        self._follows_end = True
        self._place_scroll_bar()
        self.setFocus()

    def reveal(self, number: int) -> None:
        """Scroll as little as needed to show a row."""
        bar, page = self.verticalScrollBar(), self.viewport().height()
        top = self._heights.top(number)
        bottom = top + self._heights.height(number)
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + page:
            bar.setValue(min(top, bottom - page))

    def make_painter(self, font: QFont) -> RowPainter:
        """Return what paints rows in that font and in the colours of the moment."""
        names = {
            TrackLabel.ROOM.value: self.tr("Room"),
            TrackLabel.BRIDGE.value: self.tr("Bridge"),
        }
        return RowPainter(font, colors_of(self), names)

    def _measure(self, first: int, last: int) -> list[int]:
        self.measured_rows += last - first + 1
        height, columns = self._painter.row_height, self._columns
        return [height(self.model.row(number), columns) for number in range(first, last + 1)]

    def _lay_out(self) -> None:
        """Measure all rows: only when they are other rows, or the columns have moved."""
        rows = self.model.rowCount()
        named = any(self.model.row(number).speaker for number in range(rows))
        self._columns = Columns.within(self.viewport().width(), with_speaker=named)
        self._heights.replace_all(self._measure(0, rows - 1))
        self._place_scroll_bar()

    def _place_scroll_bar(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        follows = self._follows_end
        bar.setPageStep(page)
        bar.setSingleStep(self._painter.measure.line_height)
        bar.setRange(0, max(0, self._heights.total - page))
        if follows:
            bar.setValue(bar.maximum())
            self._follows_end = True
        self._place_live_button()
        self.viewport().update()

    def _place_live_button(self) -> None:
        self.live_button.setVisible(
            self._is_live and not self._follows_end and self._heights.total > 0
        )
        size = self.live_button.sizeHint()
        area = self.viewport().geometry()
        self.live_button.setGeometry(
            QRect(
                QPoint(area.center().x() - size.width() // 2, area.bottom() - size.height() - 8),
                size,
            )
        )

    @property
    def _has_speaker_column(self) -> bool:
        return self._columns.speaker < self._columns.text

    def _needs_speaker_column(self, first: int, last: int) -> bool:
        return not self._has_speaker_column and any(
            self.model.row(number).speaker for number in range(first, last + 1)
        )

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        if self._needs_speaker_column(first, last):
            self._lay_out()
            return
        self._heights.insert(first, self._measure(first, last))
        self._place_scroll_bar()

    @Slot(QModelIndex, QModelIndex)
    def _on_data_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if self._needs_speaker_column(top.row(), bottom.row()):
            self._lay_out()
            return
        for number in range(top.row(), bottom.row() + 1):
            self._heights.set_height(number, self._measure(number, number)[0])
        self._place_scroll_bar()

    @Slot()
    def _on_model_reset(self) -> None:
        self._lay_out()

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        self._follows_end = value >= self.verticalScrollBar().maximum() - LIVE_EDGE
        self._place_live_button()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines anew where the width has changed."""
        if event.size().width() != event.oldSize().width():
            self._lay_out()
        else:
            self._place_scroll_bar()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the desktop's font and colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._painter = self.make_painter(self.font())
            if event.type() == QEvent.Type.FontChange:
                self._lay_out()

    def sizeHint(self) -> QSize:
        """Return a comfortable reading width."""
        return QSize(640, 480)
