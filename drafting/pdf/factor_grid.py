"""Which factors lie in which layer, in one look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Flowable

from app.domain.analysis import FactorRole
from drafting.pdf.fonts import BOLD, REGULAR
from drafting.pdf.labels import SIZE
from drafting.pdf.look import INK, LINE, PAPER, SECONDARY

if TYPE_CHECKING:
    from drafting.report_analysis import Causes, FactorRow

NAMES_WIDTH = 128.0
LINE_HEIGHT = 15.0
CHIP_STEP = 33.0


class FactorGrid(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Layers as rows, their factors as chips: filled if confirmed, triggering ones underlined."""

    def __init__(self, causes: Causes) -> None:
        super().__init__()
        self._rows = [
            (layer, [factor for factor in causes.factors if factor.layer == layer])
            for layer in causes.layers
        ]
        self._chips_a_line = 1

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width = width
        self._chips_a_line = max(1, int((width - NAMES_WIDTH) // CHIP_STEP))
        lines = sum(self._lines(chips) for _, chips in self._rows)
        self.height = lines * LINE_HEIGHT
        return self.width, self.height

    def _lines(self, chips: list[FactorRow]) -> int:
        return max(1, -(-len(chips) // self._chips_a_line))

    def draw(self) -> None:
        """Draw the rows from the top."""
        canvas, y = self.canv, float(self.height)
        for layer, chips in self._rows:
            canvas.setFillColor(INK if chips else SECONDARY)
            canvas.setFont(REGULAR, SIZE)
            canvas.drawString(0, y - LINE_HEIGHT + 4.5, layer)
            for number, chip in enumerate(chips):
                line, place = divmod(number, self._chips_a_line)
                bottom = y - LINE_HEIGHT * (line + 1) + 2
                self._chip(NAMES_WIDTH + place * CHIP_STEP, bottom, chip)
            y -= LINE_HEIGHT * self._lines(chips)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.5)
            canvas.line(0, y, self.width, y)

    def _chip(self, x: float, y: float, factor: FactorRow) -> None:
        canvas = self.canv
        width, height = CHIP_STEP - 5, LINE_HEIGHT - 4
        ground, ink = (INK, PAPER) if factor.confirmed else (PAPER, INK)
        canvas.saveState()
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.setDash([] if factor.confirmed else [2, 1.5])
        canvas.setFillColor(ground)
        canvas.roundRect(x, y, width, height, 2, fill=1)
        canvas.setFillColor(ink)
        canvas.setFont(BOLD, SIZE)
        canvas.drawCentredString(x + width / 2, y + 3, factor.ref)
        if factor.role == FactorRole.TRIGGERING:
            canvas.setDash([])
            canvas.setStrokeColor(ink)
            canvas.line(x + 5, y + 1.8, x + width - 5, y + 1.8)
        canvas.restoreState()
        canvas.linkRect("", factor.ref, (x, y, x + width, y + height), relative=1)
