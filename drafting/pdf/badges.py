"""The kind of an entry as a letter in a shape of its own: legible without colour."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

from reportlab.platypus import Flowable

from app.domain.timeline import EntryKind
from drafting.pdf.fonts import BOLD
from drafting.pdf.look import KIND_COLOURS, PAPER

if TYPE_CHECKING:
    from collections.abc import Sequence

RADIUS = 6.2
LETTER_SIZE = 7.2
BASELINE = 0.36  # of the letter's size: half the height of a capital

Point = tuple[float, float]


class Badge(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """One badge, as wide as it is high. A hypothesis is hollow, with a dashed outline."""

    def __init__(self, kind: EntryKind) -> None:
        super().__init__()
        self._kind = kind
        self.width = self.height = 2 * RADIUS

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the shape and its letter."""
        draw_badge(self.canv, self._kind, RADIUS, RADIUS)


def draw_badge(canvas: Any, kind: EntryKind, x: float, y: float) -> None:
    """Draw a badge centred on a point."""
    colour = KIND_COLOURS[kind]
    hollow = kind is EntryKind.HYPOTHESIS
    canvas.saveState()
    canvas.setStrokeColor(colour)
    canvas.setFillColor(PAPER if hollow else colour)
    canvas.setLineWidth(0.9)
    if hollow:
        canvas.setDash(1.6, 1.1)
    _shape(canvas, kind, x, y)
    canvas.setFillColor(colour if hollow else PAPER)
    canvas.setFont(BOLD, LETTER_SIZE)
    canvas.drawCentredString(x, y - LETTER_SIZE * BASELINE, kind.letter)
    canvas.restoreState()


def _shape(canvas: Any, kind: EntryKind, x: float, y: float) -> None:
    r = RADIUS
    match kind:
        case EntryKind.FACT:
            canvas.circle(x, y, r - 0.4, fill=1)
        case EntryKind.STATUS:
            canvas.roundRect(x - r + 0.8, y - r + 0.8, 2 * r - 1.6, 2 * r - 1.6, 2, fill=1)
        case EntryKind.HYPOTHESIS:
            corners = [pi / 6 + pi / 3 * i for i in range(6)]
            _polygon(canvas, [(x + r * cos(a), y + r * sin(a)) for a in corners])
        case EntryKind.DECISION:
            d = r * 1.12
            _polygon(canvas, [(x, y + d), (x + d, y), (x, y - d), (x - d, y)])
        case EntryKind.ACTION:
            back, tip, h = x - r + 0.4, x + r + 0.6, r - 0.8
            neck = x + r * 0.35
            _polygon(
                canvas, [(back, y + h), (neck, y + h), (tip, y), (neck, y - h), (back, y - h)]
            )
        case EntryKind.RESPONSIBILITY:
            w, low, eaves = r - 0.8, y - r + 0.8, y + r * 0.35
            _polygon(
                canvas,
                [(x - w, low), (x - w, eaves), (x, y + r + 0.4), (x + w, eaves), (x + w, low)],
            )


def _polygon(canvas: Any, points: Sequence[Point]) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    canvas.drawPath(path, fill=1)
