"""Paints a session: each thing that may be missing or there has a shape of its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QPolygonF

from app.domain.sessions import TrackLabel
from ui.theme import SMALL_PX, sized
from ui.waveform.overview import ticks
from ui.widgets.marker_sign import paint_marker_sign

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

    from ui.colors import Colors
    from ui.waveform.lacks import Lack
    from ui.waveform.overview import Lane, Overview, Place

SIGN = 14
NARROWEST = 3.0  # pixels: a tenth of a second in eight hours is seen all the same
HATCH, BARS, DOTS = 5.0, 6.0, 5.0  # pixels from one to the next
DOT = 1.2
TICKS_APART = 72.0
MARGIN = 2.0


class OverviewPainter:
    """Holds fonts and colours between paintings; made anew when either changes."""

    def __init__(self, font: QFont, colors: Colors, names: dict[TrackLabel, str]) -> None:
        self.small = sized(font, SMALL_PX - 1)
        self._colors = colors
        self._names = names

    def paint(self, painter: QPainter, overview: Overview, place: Place) -> None:
        """Paint everything that stays while sound is played and rows are scrolled."""
        for number, lane in enumerate(overview.lanes):
            ground = place.lane(number)
            self._paint_name(painter, lane, ground)
            self._paint_peaks(painter, lane, ground, overview.until_ms)
            if lane.track.label is TrackLabel.ROOM:
                self._paint_bleed(painter, overview, place, ground)
            for lack in overview.lacks_of(lane.track.label):
                self._paint_lack(painter, lack, place.stretch(lack.span, ground, NARROWEST))
        self._paint_ticks(painter, overview, place)
        self._paint_markers(painter, overview, place)

    def _paint_name(self, painter: QPainter, lane: Lane, ground: QRectF) -> None:
        painter.setFont(self.small)
        painter.setPen(QColor(self._colors.track(lane.track.label)))
        box = QRectF(MARGIN, ground.top(), ground.left() - 3 * MARGIN, ground.height())
        where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, where, self._names[lane.track.label])

    def _paint_peaks(self, painter: QPainter, lane: Lane, ground: QRectF, until_ms: int) -> None:
        scale = painter.device().devicePixelRatioF()
        count = max(1, round(ground.width() * scale))
        columns = lane.wave.envelope.columns(0, until_ms, count)
        middle, reach = ground.center().y(), ground.height() / 2 - MARGIN
        lines = [
            QLineF(
                x, middle - reach * _height(peak[1]) - 0.5, x, middle - reach * _height(peak[0])
            )
            for number, peak in enumerate(columns)
            if peak is not None
            for x in (ground.left() + number / scale,)
        ]
        painter.setPen(QPen(QColor(self._colors.track(lane.track.label)), 1 / scale))
        painter.drawLines(lines)

    def _paint_bleed(
        self, painter: QPainter, overview: Overview, place: Place, ground: QRectF
    ) -> None:
        """A row of dots below: it is heard, from the loudspeakers."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colors.bridge))
        for span in overview.bleed:
            box = place.stretch(span, ground, NARROWEST)
            for number in range(max(1, int(box.width() // DOTS))):
                center = QPointF(box.left() + (number + 0.5) * DOTS, box.bottom() - MARGIN)
                painter.drawEllipse(center, DOT, DOT)

    def _paint_lack(self, painter: QPainter, lack: Lack, box: QRectF) -> None:
        """Bars for a pause, as on its button; hatching for a loss, crossed for a lost file."""
        color = QColor(self._colors.secondary if lack.is_pause else self._colors.warning)
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, QColor(self._colors.surface))
        painter.setPen(QPen(color, 1.5 if lack.is_pause else 1.0))
        if lack.is_pause:
            painter.drawLines(_bars(box))
        else:
            lines = _hatching(box) if lack.reason else _hatching(box) + _hatching(box, falls=True)
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.drawLines(lines)
            painter.drawLine(QLineF(box.left() + 0.5, box.top(), box.left() + 0.5, box.bottom()))
            painter.drawLine(QLineF(box.right() - 0.5, box.top(), box.right() - 0.5, box.bottom()))
        painter.restore()

    def _paint_ticks(self, painter: QPainter, overview: Overview, place: Place) -> None:
        bottom = place.lane(len(overview.lanes)).top()
        painter.setFont(self.small)
        height = painter.fontMetrics().height()
        right = place.left + place.width
        for at_ms, text in ticks(overview, place, TICKS_APART):
            x = place.x(at_ms)
            painter.setPen(QColor(self._colors.line))
            painter.drawLine(QLineF(x, place.top, x, bottom + MARGIN))
            width = painter.fontMetrics().horizontalAdvance(text)
            if x + width <= right:
                painter.setPen(QColor(self._colors.secondary))
                where = QRectF(x + MARGIN, bottom, width + MARGIN, height)
                painter.drawText(where, Qt.AlignmentFlag.AlignLeft, text)

    def _paint_markers(self, painter: QPainter, overview: Overview, place: Place) -> None:
        for marker in overview.markers:
            x = place.x(marker.at_ms)
            painter.setPen(QPen(QColor(self._colors.text), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(x, place.top, x, place.lane(len(overview.lanes)).top()))
            box = QRectF(x - SIGN / 2, place.top - SIGN - 1, SIGN, SIGN)
            paint_marker_sign(painter, marker.kind, box, colors=self._colors, font=self.small)


def paint_head(painter: QPainter, x: float, lanes: QRectF, color: QColor) -> None:
    """Paint where sound is played: a line with a head."""
    painter.setPen(QPen(color, 2))
    painter.drawLine(QLineF(x, lanes.top(), x, lanes.bottom()))
    top = lanes.top()
    painter.setBrush(color)
    painter.drawPolygon(
        QPolygonF([QPointF(x - 4, top - 5), QPointF(x + 4, top - 5), QPointF(x, top)])
    )


def _height(sample: float) -> float:
    """Return how high a sample is drawn, -1 to 1: soft speech is a tenth of full scale."""
    return math.copysign(math.sqrt(min(1.0, abs(sample))), sample)


def _bars(box: QRectF) -> list[QLineF]:
    top, bottom = box.top() + 3, box.bottom() - 3
    found = []
    for number in range(int(box.width() // (2 * BARS)) + 1):
        x = box.left() + 1 + number * 2 * BARS
        found += [QLineF(x, top, x, bottom), QLineF(x + BARS / 2, top, x + BARS / 2, bottom)]
    return found


def _hatching(box: QRectF, *, falls: bool = False) -> list[QLineF]:
    height = box.height()
    lower, upper = (box.top(), box.bottom()) if falls else (box.bottom(), box.top())
    starts = range(int((box.width() + height) // HATCH) + 1)
    left = box.left() - height
    return [
        QLineF(left + number * HATCH, lower, left + number * HATCH + height, upper)
        for number in starts
    ]
