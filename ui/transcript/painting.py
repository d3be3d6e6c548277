"""Paints one row of the transcript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPen

from ui.moments import utc_text
from ui.theme import SMALL_PX, sized
from ui.transcript.doubt_words import flag_words
from ui.transcript.layout import PADDING, SPEAKER_WIDTH, TRACK_WIDTH, Columns, TextMeasure
from ui.transcript.row import MarkerRow
from ui.transcript.underlines import Underline, paint_underline
from ui.widgets.marker_sign import paint_marker_sign

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from ui.colors import Colors
    from ui.transcript.row import PaintedRow

BAR_WIDTH = 3


@dataclass(frozen=True, slots=True)
class RowState:
    """How a row is to be shown.

    ``words`` are the first and last selected word; ``whole`` says that the row is selected as
    such. ``playing`` is the word that is heard now, -1 where the row is heard without words.
    """

    words: tuple[int, int] | None = None
    whole: bool = False
    focused: bool = False
    playing: int | None = None


class RowPainter:
    """Holds fonts and colours between paintings; made anew when either changes."""

    def __init__(self, font: QFont, colors: Colors, track_names: dict[str, str]) -> None:
        self.colors = colors
        self.body = sized(font, font.pixelSize())
        self.small = sized(font, SMALL_PX)
        self.strong = sized(font, SMALL_PX, strong=True)
        self.measure = TextMeasure(self.body)
        self._track_names = track_names

    def paint(
        self, painter: QPainter, rect: QRect, columns: Columns, row: PaintedRow, state: RowState
    ) -> None:
        """Paint a row into ``rect``, which is as high as it was measured."""
        if state.whole:
            painter.fillRect(rect, QColor(self.colors.selected))
        if not isinstance(row, MarkerRow):
            track = QColor(self.colors.track(row.said_on))
            painter.fillRect(QRect(rect.x(), rect.y() + 2, BAR_WIDTH, rect.height() - 4), track)
        if state.focused:
            painter.setPen(QPen(QColor(self.colors.accent), 1))
            painter.drawRect(rect.adjusted(BAR_WIDTH + 1, 0, -1, -1))
        self._paint_heads(painter, rect, columns, row, state)
        self._paint_words(painter, rect, columns, row, state)
        self._paint_reason(painter, rect, columns, row)

    def row_height(self, row: PaintedRow, columns: Columns) -> int:
        """Return how high a row is."""
        return self.measure.row_height(row.words, columns.text_width) + self.reason_height(row)

    def reason_height(self, row: PaintedRow) -> int:
        """Return how high the line is that says why a row is doubtful; 0 for the others."""
        return 0 if row.flag is None else self.measure.line_height

    def _paint_heads(
        self, painter: QPainter, rect: QRect, columns: Columns, row: PaintedRow, state: RowState
    ) -> None:
        line = QRect(rect.x(), rect.y() + PADDING, 0, self.measure.line_height)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.small)
        painter.setPen(QColor(self.colors.secondary))
        painter.drawText(
            line.translated(columns.time, 0).adjusted(0, 0, 64, 0), middle, utc_text(row.at)
        )
        if state.playing is not None:
            self._paint_playing(painter, line)
        painter.setFont(self.strong)
        if isinstance(row, MarkerRow):
            place = QRectF(line.x() + columns.track, line.center().y() - 8, 16, 16)
            paint_marker_sign(
                painter, row.marker.kind, place, colors=self.colors, font=self.strong
            )
            return
        painter.setPen(QColor(self.colors.track(row.track_label)))
        name = self._track_names[row.track_label]
        box = line.translated(columns.track, 0).adjusted(0, 0, TRACK_WIDTH - 4, 0)
        painter.drawText(box, middle, name)
        if row.speaker and columns.speaker < columns.text:
            painter.setPen(QColor(self.colors.text))
            box = line.translated(columns.speaker, 0).adjusted(0, 0, SPEAKER_WIDTH - 8, 0)
            who = row.speaker.removeprefix(f"{name} ")  # which is said beside it
            elided = painter.fontMetrics().elidedText(
                who, Qt.TextElideMode.ElideRight, box.width()
            )
            painter.drawText(box, middle, elided)

    def _paint_playing(self, painter: QPainter, line: QRect) -> None:
        x, y = line.x() + BAR_WIDTH + 2, line.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.colors.accent))
        painter.drawPolygon([QPointF(x, y - 4), QPointF(x + 6, y), QPointF(x, y + 4)])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(self.colors.secondary))

    def _paint_words(
        self,
        painter: QPainter,
        rect: QRect,
        columns: Columns,
        row: PaintedRow,
        state: RowState,
    ) -> None:
        placed = self.measure.place(row.words, columns.text_width)
        painter.setFont(self.body)
        ascent = (self.measure.line_height + self.measure.metrics.capHeight()) / 2
        ink = QColor(self.colors.secondary if row.is_dimmed else self.colors.text)
        selected = state.words if not state.whole else None
        for number, (text, word) in enumerate(zip(row.words, placed, strict=True)):
            x = rect.x() + columns.text + word.x
            y = rect.y() + PADDING + word.line * self.measure.line_height
            chosen = selected is not None and selected[0] <= number <= selected[1]
            if chosen or number == state.playing:
                self._paint_ground(
                    painter, QRectF(x, y, word.width, self.measure.line_height), chosen=chosen
                )
            painter.setPen(QColor(self.colors.on_fill) if chosen else ink)
            painter.drawText(QPointF(x, y + ascent), text)
            self._mark(painter, row, number, QPointF(x, y + ascent), word.width)

    def _paint_ground(self, painter: QPainter, box: QRectF, *, chosen: bool) -> None:
        half = self.measure.space / 2
        box = box.adjusted(-half, 1, half, -1)
        if chosen:
            painter.fillRect(box, QColor(self.colors.accent))
        else:
            painter.setPen(QPen(QColor(self.colors.accent), 1))
            painter.drawRoundedRect(box, 3, 3)

    def _mark(
        self, painter: QPainter, row: PaintedRow, number: int, foot: QPointF, width: float
    ) -> None:
        """Underline a word that is unsure, or the glossary's; a doubt is the graver of the two."""
        if row.is_unsure(number):
            paint_underline(painter, Underline.UNSURE, foot, width, self.colors)
        elif row.heard_as(number) is not None:
            paint_underline(painter, Underline.SPELLED, foot, width, self.colors)

    def _paint_reason(
        self, painter: QPainter, rect: QRect, columns: Columns, row: PaintedRow
    ) -> None:
        if row.flag is None:
            return
        height = self.reason_height(row)
        line = QRect(
            rect.x() + columns.text,
            rect.bottom() - height - PADDING + 1,
            columns.text_width,
            height,
        )
        painter.setFont(self.small)
        painter.setPen(QColor(self.colors.warning))
        text = painter.fontMetrics().elidedText(
            f"! {flag_words(row.flag)}", Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
