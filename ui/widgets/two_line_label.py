"""A label that takes a second line where one does not hold its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

FEWEST_LETTERS = 4
MOST_LINES = 2


class TwoLineLabel(QLabel):
    """Shows one line, or two where asked to; what even they do not hold is in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._wraps = False
        self._lines = 1

    @property
    def lines(self) -> list[str]:
        """The words as they stand in their lines."""
        metrics, room = self.fontMetrics(), self.width()
        parts = self._parts()
        end = Qt.TextElideMode.ElideRight
        shown = [*parts[: self._lines - 1], " ".join(parts[self._lines - 1 :])]
        return [metrics.elidedText(one, end, room) for one in shown]

    def show_text(self, text: str, *, wraps: bool = False) -> None:
        """Show words; in two lines, if they wrap and one does not hold them."""
        self._wraps = wraps
        self.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._count_lines()

    def _parts(self) -> list[str]:
        """Return the words broken where the room ends."""
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        parts = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, self.width()))
            parts.append(self.text()[line.textStart() :][: line.textLength()].strip())
        layout.endLayout()
        return parts

    def _count_lines(self) -> None:
        lines = min(MOST_LINES, max(1, len(self._parts()))) if self._wraps else 1
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Return room for all on one line, as high as its lines."""
        hint = super().sizeHint()
        return QSize(hint.width(), self._lines * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        few = self.fontMetrics().averageCharWidth() * FEWEST_LETTERS
        return QSize(min(super().minimumSizeHint().width(), few), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the line anew."""
        super().resizeEvent(event)
        self._count_lines()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        metrics, lines = self.fontMetrics(), self.lines
        top = (self.height() - len(lines) * metrics.height()) / 2
        for number, line in enumerate(lines):
            painter.drawText(QPointF(0, top + number * metrics.height() + metrics.ascent()), line)
        painter.end()
