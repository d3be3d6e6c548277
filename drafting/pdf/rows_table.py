"""A table whose head repeats on every page and whose rows stay whole."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from reportlab.platypus import CondPageBreak, Flowable

from drafting.pdf.hatching import hatch
from drafting.pdf.look import CELL, HEAD, LINE, RAISED, SECONDARY, WARNING_TINT
from drafting.pdf.paragraphs import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

PAD_X = 4.0
ASCENT = 1.069  # of Noto Sans, in units of its size
PAD_Y = 2.8
HEAD_PAD = 3.0
LEAST_CUT = 60.0  # less of a row than this is not worth leaving behind
Cell: TypeAlias = "tuple[Flowable, ...]"


class Fill(enum.Enum):
    """What lies behind a row."""

    NONE = enum.auto()
    BAND = enum.auto()
    HATCHED = enum.auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``width`` in points, 0 takes a share of what the others leave."""

    title: str
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell for each column, or one cell over all of them.

    ``name`` is the destination that links to the row go to.
    """

    cells: tuple[Cell, ...]
    name: str = ""
    fill: Fill = Fill.NONE


class RowsTable(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Rows under a head. Only a row higher than a whole page is ever split.

    Each row is measured once, which keeps hundreds of rows cheap.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        page_height: float,
        heights: Sequence[float] = (),
    ) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._rows = tuple(rows)
        self._page_height = page_height
        self._heights = tuple(heights)
        self._titles = [Paragraph(column.title, HEAD) for column in columns]
        self._head_height = 0.0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Measure; return the size in points."""
        self.width = width
        widths = self._widths(width)
        pairs = zip(self._titles, widths, strict=True)
        titles = [title.wrap(w - 2 * PAD_X, 1e6)[1] for title, w in pairs]
        self._head_height = max(titles) + 2 * HEAD_PAD
        if len(self._heights) != len(self._rows):
            self._heights = tuple(self._measure(row, widths) for row in self._rows)
        self.height = self._head_height + sum(self._heights)
        return self.width, self.height

    def least_height(self, width: float) -> float:
        """Return the height of the head and the first two rows, which should stay together."""
        self.wrap(width, 0)
        return min(self._head_height + sum(self._heights[:2]), self._page_height)

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return what fits and the rest; nothing when not even one row fits."""
        self.wrap(width, height)
        room, fits = height - self._head_height, 0
        while fits < len(self._rows) and self._heights[fits] <= room:
            room -= self._heights[fits]
            fits += 1
        if fits == len(self._rows):
            return [self]
        if self._too_tall(fits) and room >= LEAST_CUT:
            return self._cut_at(fits, room)
        if fits == len(self._rows) - 1 and fits > 2:  # noqa: PLR2004  a band and a row stay
            fits -= 1  # the last row has company on the next page
        fresh = height >= self._page_height - 1
        # A band announces the row after it: it stays behind alone only where no page holds both.
        while fits > fresh and self._rows[fits - 1].fill is Fill.BAND:
            fits -= 1
        if not fits:
            return []
        rest = self._part(fits, len(self._rows))
        # Else ReportLab would put what was held back for company into the room that it leaves.
        return [self._part(0, fits), CondPageBreak(rest.least_height(width)), rest]

    def _too_tall(self, number: int) -> bool:
        """Whether a row is higher than any page."""
        return self._heights[number] + self._head_height > self._page_height

    def draw(self) -> None:
        """Draw the head, then the rows downwards."""
        widths = self._widths(self.width)
        y = self.height - self._head_height
        x = 0.0
        for title, width in zip(self._titles, widths, strict=True):
            title.drawOn(self.canv, x + PAD_X, y + HEAD_PAD)
            x += width
        self._rules([y], SECONDARY, 0.8)
        rules = []
        for row, height in zip(self._rows, self._heights, strict=True):
            y -= height
            self._draw_row(row, y, height, widths)
            rules.append(y)
        self._rules(rules, LINE, 0.5)

    def _draw_row(self, row: Row, y: float, height: float, widths: Sequence[float]) -> None:
        canvas = self.canv
        if row.fill is Fill.BAND:
            canvas.saveState()
            canvas.setFillColor(RAISED)
            canvas.rect(0, y, self.width, height, stroke=0, fill=1)
            canvas.restoreState()
        elif row.fill is Fill.HATCHED:
            hatch(canvas, (0, y, self.width, height), ground=WARNING_TINT)
        if row.name:
            canvas.bookmarkHorizontal(row.name, 0, y + height)
        x = 0.0
        for cell, width in zip(row.cells, self._cell_widths(row, widths), strict=True):
            top = y + height - PAD_Y - _drop(cell)
            for flowable in cell:
                top -= flowable.height
                flowable.drawOn(canvas, x + PAD_X, top)
            x += width

    def _rules(self, places: Sequence[float], colour: Any, thickness: float) -> None:
        self.canv.saveState()
        self.canv.setStrokeColor(colour)
        self.canv.setLineWidth(thickness)
        self.canv.lines([(0, y, self.width, y) for y in places])
        self.canv.restoreState()

    def _part(self, start: int, end: int) -> RowsTable:
        return RowsTable(
            self._columns,
            self._rows[start:end],
            page_height=self._page_height,
            heights=self._heights[start:end],
        )

    def _widths(self, width: float) -> list[float]:
        fixed = sum(column.width for column in self._columns)
        free = sum(not column.width for column in self._columns)
        share = (width - fixed) / free if free else 0.0
        return [column.width or share for column in self._columns]

    def _cell_widths(self, row: Row, widths: Sequence[float]) -> list[float]:
        return [sum(widths)] if len(row.cells) == 1 else list(widths)

    def _measure(self, row: Row, widths: Sequence[float]) -> float:
        cells = zip(row.cells, self._cell_widths(row, widths), strict=True)
        tallest: float = max(
            sum(flowable.wrap(width - 2 * PAD_X, 1e6)[1] for flowable in cell) + _drop(cell)
            for cell, width in cells
        )
        return 2 * PAD_Y + tallest

    def _cut_at(self, number: int, room: float) -> list[Flowable]:
        """Split a row that no page can hold at the height that is left."""
        row = self._rows[number]
        widths = self._cell_widths(row, self._widths(self.width))
        pairs = [
            _cut(cell, width - 2 * PAD_X, room - 2 * PAD_Y)
            for cell, width in zip(row.cells, widths, strict=True)
        ]
        above = Row(tuple(above for above, _ in pairs), row.name, row.fill)
        below = Row(tuple(below for _, below in pairs), "", row.fill)
        return [
            RowsTable(self._columns, rows, page_height=self._page_height)
            for rows in ([*self._rows[:number], above], [below, *self._rows[number + 1 :]])
        ]


def _drop(cell: Cell) -> float:
    """Return how much lower a cell in small type begins, so that first lines share a baseline."""
    if not cell or not isinstance(cell[0], Paragraph):
        return 0.0
    smaller: float = max(0.0, CELL.fontSize - cell[0].style.fontSize)
    return smaller * ASCENT


def _cut(cell: Cell, width: float, room: float) -> tuple[Cell, Cell]:
    above: list[Flowable] = []
    for number, flowable in enumerate(cell):
        _, height = flowable.wrap(width, 1e6)
        if height > room:
            parts = flowable.split(width, room)
            rest = (*parts[1:], *cell[number + 1 :]) if parts else cell[number:]
            return (*above, *parts[:1]), rest
        above.append(flowable)
        room -= height
    return tuple(above), ()
