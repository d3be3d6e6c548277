"""A share as a bar, its figure beside it."""

from __future__ import annotations

from reportlab.platypus import Flowable

from drafting.pdf.fonts import REGULAR
from drafting.pdf.look import CELL, INK, SECONDARY

HEIGHT = 11.0
BAR = 7.0
FIGURE_WIDTH = 34.0


class TalkBar(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """As long as its share, 0 to 1, of the cell."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """Draw bar and figure."""
        canvas = self.canv
        length = self._share * (self.width - FIGURE_WIDTH)
        canvas.setFillColor(SECONDARY)
        canvas.rect(0, 1, length, BAR, stroke=0, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(REGULAR, CELL.fontSize - 1)
        canvas.drawString(length + 4, 1.5, f"{100 * self._share:.0f} %")
