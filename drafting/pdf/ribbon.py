"""The phase ribbon: the incident's anchors and what lies between them, on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from app.domain.times import APPROXIMATELY
from drafting.pdf.fonts import BOLD, FALLBACK, REGULAR
from drafting.pdf.hatching import hatch
from drafting.pdf.look import ACCENT, INK, PAPER, SECONDARY, WARNING, WARNING_TINT

if TYPE_CHECKING:
    from drafting.report import Tick

BAR_HEIGHT = 15.0
LABEL_SIZE = 7.5
LABEL_STEP = 11.0
LABEL_GAP = 3.0
FIRST_LABEL = 10.0
# Each phase differs from its neighbours in lightness, not only in hue.
PHASE_COLOURS: dict[str, tuple[Color, Color]] = {
    "impact": (HexColor("#4a545f"), PAPER),
    "response": (ACCENT, PAPER),
    "recovery": (HexColor("#7fb3b7"), INK),
    "monitoring": (HexColor("#dcebec"), INK),
}
HATCH_DARK = HexColor("#c9a24a")


@dataclass(slots=True)
class _Label:
    tick: Tick
    x: float
    start: float
    width: float
    line: int = 0

    @property
    def end(self) -> float:
        return self.start + self.width


class Ribbon(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A bar of phases with a labelled tick for each anchor."""

    def __init__(self, ticks: tuple[Tick, ...]) -> None:
        super().__init__()
        self._ticks = ticks
        self._labels: list[_Label] = []

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Place the labels so that none covers another; return the size in points."""
        self.width = width
        self._labels = [self._label(tick) for tick in self._ticks]
        # From the right, so that a label's leader passes left of the labels above it.
        for number in reversed(range(len(self._labels))):
            label = self._labels[number]
            taken = {
                other.line
                for other in self._labels[number + 1 :]
                if other.start < label.end + LABEL_GAP
            }
            label.line = max(taken) + 1 if taken else 0
        lines = max(label.line for label in self._labels) + 1
        self.height = BAR_HEIGHT + FIRST_LABEL + lines * LABEL_STEP - 2
        return self.width, self.height

    def _label(self, tick: Tick) -> _Label:
        x = self._x(tick)
        width = sum(stringWidth(words, font, LABEL_SIZE) for font, words in _runs(tick)) + 2
        return _Label(tick, x, min(x + 2.5, self.width - width), width)

    def _x(self, tick: Tick) -> float:
        return tick.offset_s / self._ticks[-1].offset_s * self.width

    def draw(self) -> None:
        """Draw phases, leaders, then labels over them."""
        bottom = self.height - BAR_HEIGHT
        for tick, after in zip(self._ticks, self._ticks[1:], strict=False):
            x = self._x(tick)
            self._phase(tick.phase, x, bottom, self._x(after) - x)
        canvas = self.canv
        canvas.setStrokeColor(SECONDARY)
        canvas.setLineWidth(0.6)
        for label in self._labels:
            x = min(max(label.x, 0.3), self.width - 0.3)
            canvas.line(x, self.height, x, self._baseline(label) - 1)
        for label in self._labels:
            self._draw_label(label)

    def _baseline(self, label: _Label) -> float:
        return float(self.height) - BAR_HEIGHT - FIRST_LABEL - label.line * LABEL_STEP

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
        if stringWidth(phase, BOLD, LABEL_SIZE) + 8 < width:
            canvas.setFillColor(ink)
            canvas.setFont(BOLD, LABEL_SIZE)
            canvas.drawCentredString(x + width / 2, y + BAR_HEIGHT / 2 - 2.6, phase)
        canvas.restoreState()

    def _draw_label(self, label: _Label) -> None:
        canvas, x, y = self.canv, label.start, self._baseline(label)
        if label.start < label.x:
            canvas.setFillColor(PAPER)
            canvas.rect(x - 1, y - 2, label.width, LABEL_SIZE + 1.5, stroke=0, fill=1)
        for font, words in _runs(label.tick):
            canvas.setFillColor(SECONDARY if font == REGULAR else INK)
            canvas.setFont(font, LABEL_SIZE)
            canvas.drawString(x, y, words)
            x += stringWidth(words, font, LABEL_SIZE)


def _runs(tick: Tick) -> list[tuple[str, str]]:
    """Return the label's parts as (font, words): the clock bold, the name not."""
    clock, runs = tick.clock, []
    if clock.startswith(APPROXIMATELY):
        runs.append((FALLBACK, APPROXIMATELY))
        clock = clock.removeprefix(APPROXIMATELY)
    return [*runs, (BOLD, clock), (REGULAR, f" {tick.name}")]
