"""Small blocks of the first page: chips, panels and grids of figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from drafting.pdf.fonts import BOLD
from drafting.pdf.look import INK, LINE, PAPER, SECONDARY, WARNING, WARNING_TINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafting.pdf.fonts import Run

CHIP_SIZE = 8.5
CHIP_HEIGHT = 16.0
CHIP_PAD = 7.0
CHIP_GAP = 6.0
PANEL_PAD = 9.0
BAR = 3.0
GRID_PAD = 8.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A short word in a frame: filled for the severity, outlined for a state or a warning."""

    runs: tuple[Run, ...]
    filled: bool = False
    warning: bool = False

    @property
    def width(self) -> float:
        """Width in points."""
        return sum(_width(run) for run in self.runs) + 2 * CHIP_PAD


class ChipLine(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Chips side by side; those that do not fit go to the next line."""

    def __init__(self, chips: Sequence[Chip]) -> None:
        super().__init__()
        self._chips = tuple(chips)
        self._places: list[tuple[Chip, float, int]] = []

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Place the chips; return the size in points."""
        self._places, x, line = [], 0.0, 0
        for chip in self._chips:
            if x and x + chip.width > width:
                x, line = 0.0, line + 1
            self._places.append((chip, x, line))
            x += chip.width + CHIP_GAP
        self.width, self.height = width, (line + 1) * (CHIP_HEIGHT + CHIP_GAP) - CHIP_GAP
        return self.width, self.height

    def draw(self) -> None:
        """Draw the chips."""
        for chip, x, line in self._places:
            top = self.height - line * (CHIP_HEIGHT + CHIP_GAP)
            self._chip(chip, x, top - CHIP_HEIGHT)

    def _chip(self, chip: Chip, x: float, y: float) -> None:
        canvas = self.canv
        colour = WARNING if chip.warning else INK
        canvas.saveState()
        canvas.setLineWidth(0.9)
        canvas.setStrokeColor(colour if chip.filled or chip.warning else SECONDARY)
        canvas.setFillColor(colour if chip.filled else PAPER)
        canvas.roundRect(x, y, min(chip.width, self.width), CHIP_HEIGHT, 3, fill=1)
        canvas.setFillColor(PAPER if chip.filled else colour)
        x += CHIP_PAD
        for font, words in chip.runs:
            canvas.setFont(font, CHIP_SIZE)
            canvas.drawString(x, y + 4.9, words)
            x += _width((font, words))
        canvas.restoreState()


def _width(run: Run) -> float:
    font, words = run
    return float(stringWidth(words, font, CHIP_SIZE))


class Panel(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Text on a tinted ground with a bar at its left: what a reader must not miss."""

    def __init__(self, parts: Sequence[Flowable]) -> None:
        super().__init__()
        self._parts = tuple(parts)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Measure the parts; return the size in points."""
        inner = width - 2 * PANEL_PAD - BAR
        heights = [part.wrap(inner, 1e6)[1] for part in self._parts]
        self.width, self.height = width, sum(heights) + 1.6 * PANEL_PAD
        return self.width, self.height

    def draw(self) -> None:
        """Draw ground, bar and parts."""
        canvas = self.canv
        canvas.saveState()
        canvas.setFillColor(WARNING_TINT)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(WARNING)
        canvas.rect(0, 0, BAR, self.height, stroke=0, fill=1)
        canvas.restoreState()
        y = self.height - 0.8 * PANEL_PAD
        for part in self._parts:
            y -= part.height
            part.drawOn(canvas, BAR + PANEL_PAD, y)


class Grid(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Cells of equal width in one line, thin rules between them."""

    def __init__(self, cells: Sequence[Sequence[Flowable]], *, framed: bool = False) -> None:
        super().__init__()
        self._cells = tuple(tuple(cell) for cell in cells)
        self._framed = framed

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Measure the cells; return the size in points."""
        inner = width / len(self._cells) - GRID_PAD
        tallest = max(sum(part.wrap(inner, 1e6)[1] for part in cell) for cell in self._cells)
        self.width, self.height = width, tallest + (GRID_PAD if self._framed else 0)
        return self.width, self.height

    def draw(self) -> None:
        """Draw the cells from the left."""
        step = self.width / len(self._cells)
        top = self.height - (GRID_PAD / 2 if self._framed else 0)
        for number, cell in enumerate(self._cells):
            y = top
            for part in cell:
                y -= part.height
                part.drawOn(self.canv, number * step + (GRID_PAD if number else 0), y)
        self._rules(self.canv, step)

    def _rules(self, canvas: Any, step: float) -> None:
        canvas.saveState()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        for number in range(1, len(self._cells)):
            canvas.line(number * step, 1, number * step, self.height - 1)
        if self._framed:
            canvas.line(0, 0, self.width, 0)
            canvas.line(0, self.height, self.width, self.height)
        canvas.restoreState()


def draft_chip() -> Chip:
    """Return the stamp of a document that nobody has approved."""
    return Chip(((BOLD, "DRAFT"),), warning=True)
