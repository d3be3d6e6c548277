"""The phase ribbon: the incident's anchors, what lies between them, and how severe it was."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from drafting.pdf.fonts import BOLD, draw_line
from drafting.pdf.hatching import hatch
from drafting.pdf.labels import (
    SIZE,
    STEP,
    Label,
    clock_runs,
    draw_label,
    lines_of,
    placed,
)
from drafting.pdf.look import ACCENT, INK, LINE, PAPER, RAISED, SECONDARY, WARNING, WARNING_TINT

if TYPE_CHECKING:
    from drafting.pdf.fonts import Typesetter
    from drafting.report import Tick
    from drafting.report_charts import Bar

BAR_HEIGHT = 15.0
BAND_HEIGHT = 11.0
BAND_GAP = 2.0
FIRST_LABEL = 10.0
# Each phase differs from its neighbours in lightness, not only in hue.
PHASE_COLOURS: dict[str, tuple[Color, Color]] = {
    "impact": (HexColor("#4a545f"), PAPER),
    "response": (ACCENT, PAPER),
    "recovery": (HexColor("#7fb3b7"), INK),
    "monitoring": (HexColor("#dcebec"), INK),
}
HATCH_DARK = HexColor("#c9a24a")


class Ribbon(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A bar of phases with a labelled tick for each anchor, severities above it."""

    def __init__(self, ticks: tuple[Tick, ...], bands: tuple[Bar, ...], types: Typesetter) -> None:
        super().__init__()
        self._ticks = ticks
        self._bands = bands
        self._types = types
        self._labels: list[Label] = []

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Place the labels; return the size in points."""
        self.width = width
        ticks = [
            (self._x(tick.offset_s), clock_runs(tick.clock, tick.name)) for tick in self._ticks
        ]
        self._labels = placed(ticks, width)
        above = BAND_HEIGHT + BAND_GAP if self._bands else 0.0
        self.height = above + BAR_HEIGHT + FIRST_LABEL + lines_of(self._labels) * STEP - 2
        return self.width, self.height

    def _x(self, offset_s: float) -> float:
        return offset_s / self._ticks[-1].offset_s * float(self.width)

    @property
    def _top(self) -> float:
        """Where the bar of phases begins."""
        return float(self.height) - (BAND_HEIGHT + BAND_GAP if self._bands else 0.0)

    def draw(self) -> None:
        """Draw severities, phases, leaders, then labels over them."""
        for number, band in enumerate(self._bands):
            self._band(band, shaded=bool(number % 2))
        for tick, after in pairwise(self._ticks):
            x = self._x(tick.offset_s)
            self._phase(tick.phase, x, self._top - BAR_HEIGHT, self._x(after.offset_s) - x)
        canvas = self.canv
        canvas.setStrokeColor(SECONDARY)
        canvas.setLineWidth(0.6)
        for label in self._labels:
            x = min(max(label.x, 0.3), self.width - 0.3)
            canvas.line(x, self._top, x, self._baseline(label) - 1)
        for label in self._labels:
            draw_label(canvas, label, self._baseline(label))

    def _baseline(self, label: Label) -> float:
        return self._top - BAR_HEIGHT - FIRST_LABEL - label.line * STEP

    def _band(self, band: Bar, *, shaded: bool) -> None:
        canvas, x = self.canv, self._x(band.start_s)
        width = self._x(band.end_s) - x
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.setFillColor(RAISED if shaded else PAPER)
        canvas.rect(x, self._top + BAND_GAP, width, BAND_HEIGHT, fill=1)
        runs = self._types.fitting(band.words, BOLD, SIZE, width - 6)
        canvas.setFillColor(INK)
        draw_line(canvas, runs, x + 3, self._top + BAND_GAP + 3, SIZE)
        canvas.restoreState()

    def _phase(self, phase: str, x: float, y: float, width: float) -> None:
        canvas = self.canv
        if width <= 0:
            return
        canvas.saveState()
        if phase == "undetected":
            hatch(canvas, (x, y, width, BAR_HEIGHT), ground=WARNING_TINT, colour=HATCH_DARK)
            ink: Color = WARNING
        else:
            ground, ink = PHASE_COLOURS[phase]
            canvas.setFillColor(ground)
            canvas.rect(x, y, width, BAR_HEIGHT, stroke=0, fill=1)
        if stringWidth(phase, BOLD, SIZE) + 8 < width:
            canvas.setFillColor(ink)
            canvas.setFont(BOLD, SIZE)
            canvas.drawCentredString(x + width / 2, y + BAR_HEIGHT / 2 - 2.6, phase)
        canvas.restoreState()
