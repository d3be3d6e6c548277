"""A node of the chain of whys: its name in a circle, an arrow to the next."""

from __future__ import annotations

from reportlab.platypus import Flowable

from drafting.pdf.fonts import BOLD
from drafting.pdf.look import INK, PAPER, SECONDARY

RADIUS = 8.5
ARROW = 13.0
HEAD = 3.0
LETTER_SIZE = 7.0


class WhyNode(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Drawn in a table's cell; the last node leads nowhere."""

    def __init__(self, ref: str, *, is_last: bool) -> None:
        super().__init__()
        self._ref = ref
        self._is_last = is_last
        self.width = 2 * RADIUS
        self.height = 2 * RADIUS + (0 if is_last else ARROW)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the circle and, but for the last, the arrow below it."""
        canvas, y = self.canv, self.height - RADIUS
        canvas.saveState()
        canvas.setStrokeColor(INK)
        canvas.setFillColor(PAPER)
        canvas.setLineWidth(0.9)
        canvas.circle(RADIUS, y, RADIUS, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, LETTER_SIZE)
        canvas.drawCentredString(RADIUS, y - LETTER_SIZE * 0.36, self._ref)
        if not self._is_last:
            self._arrow()
        canvas.restoreState()

    def _arrow(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(SECONDARY)
        canvas.setFillColor(SECONDARY)
        canvas.line(RADIUS, ARROW - 1, RADIUS, HEAD)
        head = canvas.beginPath()
        head.moveTo(RADIUS, 0)
        head.lineTo(RADIUS - HEAD, HEAD + 1)
        head.lineTo(RADIUS + HEAD, HEAD + 1)
        head.close()
        canvas.drawPath(head, stroke=0, fill=1)
