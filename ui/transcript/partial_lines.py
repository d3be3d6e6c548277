"""What is being said just now, below the transcript: grey and slanted, since it is not final.

No row of the transcript: it can neither be selected nor promoted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.sessions import TrackLabel
from ui.transcript.painting import RowPainter, RowState

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from ui.transcript.row import PartialRow
    from ui.transcript.row_area import RowArea


class PartialLine(QWidget):
    """The line of one track, in the columns of the transcript above; hidden without words."""

    def __init__(self, view: RowArea, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: PartialRow | None = None
        self._view = view
        self._name = name
        self._painter = self._make_painter()
        self.hide()

    def show_row(self, row: PartialRow | None) -> None:
        """Show other words, or none."""
        self.row = row
        self.setVisible(row is not None)
        text = "" if row is None else " ".join(row.words)
        self.setAccessibleName(self.tr("{0}, not final yet: {1}").format(self._name, text))
        self._fit()
        self.update()

    def _make_painter(self) -> RowPainter:
        font = self._view.font()
        font.setItalic(True)
        return self._view.make_painter(font)

    def _fit(self) -> None:
        if self.row is not None:
            width = self._view.columns.text_width
            self.setFixedHeight(self._painter.measure.row_height(self.row.words, width))

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line as the transcript paints its rows."""
        if self.row is None:
            return
        viewport = self._view.viewport()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._painter.colors.surface))
        rect = QRect(viewport.x(), 0, viewport.width(), self.height())
        self._painter.paint(painter, rect, self._view.columns, self.row, RowState())
        painter.end()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Break lines anew."""
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the desktop's font and colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._painter = self._make_painter()
            self._fit()


class PartialLines(QWidget):
    """A line for each track that is being spoken on."""

    def __init__(self, view: RowArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = {
            TrackLabel.BRIDGE: PartialLine(view, self.tr("Bridge")),
            TrackLabel.ROOM: PartialLine(view, self.tr("Room")),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in self.lines.values():
            column.addWidget(line)

    def show_row(self, row: PartialRow) -> None:
        """Show what a track says just now; without words, nothing more."""
        self.lines[row.track_label].show_row(row if row.words else None)

    def clear(self) -> None:
        """Show nothing."""
        for line in self.lines.values():
            line.show_row(None)
