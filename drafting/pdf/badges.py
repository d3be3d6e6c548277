"""The kind of an entry as a letter in a shape of its own: legible without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.platypus import Flowable

from app.domain.badges import BADGES, DASHES, LINE_WIDTH, BadgeShape
from drafting.pdf.fonts import BOLD
from drafting.pdf.look import KIND_COLOURS, PAPER

if TYPE_CHECKING:
    from app.domain.timeline import EntryKind

RADIUS = 6.2
LETTER_SIZE = 7.2
BASELINE = 0.36  # of the letter's size: half the height of a capital
ROUND = 1


class Badge(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """One badge, as wide as it is high."""

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
    colour, shape = KIND_COLOURS[kind], BADGES[kind]
    canvas.saveState()
    canvas.setStrokeColor(colour)
    canvas.setFillColor(PAPER if shape.hollow else colour)
    canvas.setLineWidth(LINE_WIDTH * RADIUS)
    canvas.setLineJoin(ROUND)
    if shape.hollow:
        canvas.setDash([part * RADIUS for part in DASHES])
    canvas.drawPath(_outline(canvas, shape, x, y), fill=1)
    canvas.setFillColor(colour if shape.hollow else PAPER)
    canvas.setFont(BOLD, LETTER_SIZE)
    canvas.drawCentredString(x, y - LETTER_SIZE * BASELINE, kind.letter)
    canvas.restoreState()


def _outline(canvas: Any, shape: BadgeShape, x: float, y: float) -> Any:
    path = canvas.beginPath()
    if not shape.corners:
        path.circle(x, y, shape.reach * RADIUS)
        return path
    (start, *others) = [(x + RADIUS * right, y + RADIUS * up) for right, up in shape.corners]
    path.moveTo(*start)
    for corner in others:
        path.lineTo(*corner)
    path.close()
    return path
