"""Labels along an axis, placed so that none covers another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfmetrics import stringWidth

from app.domain.times import APPROXIMATELY
from drafting.pdf.fonts import BOLD, FALLBACK, REGULAR
from drafting.pdf.look import INK, PAPER, SECONDARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drafting.pdf.fonts import Run

SIZE = 7.5
STEP = 11.0
GAP = 3.0
BESIDE = 2.5


@dataclass(slots=True)
class Label:
    """Words at a place ``x``, beginning at ``start``, on a line counted from the axis."""

    runs: list[Run]
    x: float
    start: float
    width: float
    line: int = 0

    @property
    def end(self) -> float:
        """Where the words end."""
        return self.start + self.width


def clock_runs(clock: str, words: str) -> list[Run]:
    """Return a label's parts: the clock bold, what it is of not."""
    runs: list[Run] = []
    if clock.startswith(APPROXIMATELY):
        runs.append((FALLBACK, APPROXIMATELY))
        clock = clock.removeprefix(APPROXIMATELY)
    return [*runs, (BOLD, clock), (REGULAR, f" {words}")]


def placed(items: Iterable[tuple[float, list[Run]]], width: float) -> list[Label]:
    """Return labels at their places, each on the first line where it covers none."""
    labels = [_label(x, runs, width) for x, runs in items]
    # From the right, so that a label's leader passes left of the labels nearer to the axis.
    for number in reversed(range(len(labels))):
        label = labels[number]
        taken = {other.line for other in labels[number + 1 :] if other.start < label.end + GAP}
        label.line = max(taken) + 1 if taken else 0
    return labels


def lines_of(labels: Sequence[Label]) -> int:
    """Return how many lines the labels take."""
    return max((label.line for label in labels), default=-1) + 1


def _label(x: float, runs: list[Run], width: float) -> Label:
    length = sum(stringWidth(words, font, SIZE) for font, words in runs) + 2
    return Label(runs, x, max(0.0, min(x + BESIDE, width - length)), length)


def draw_label(canvas: Any, label: Label, y: float) -> None:
    """Draw the words with their baseline at ``y``, clear of the leader where it crosses them."""
    x = label.start
    if label.start < label.x:
        canvas.setFillColor(PAPER)
        canvas.rect(x - 1, y - 2, label.width, SIZE + 1.5, stroke=0, fill=1)
    for font, words in label.runs:
        canvas.setFillColor(SECONDARY if font == REGULAR else INK)
        canvas.setFont(font, SIZE)
        canvas.drawString(x, y, words)
        x += stringWidth(words, font, SIZE)
