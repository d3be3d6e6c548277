"""Where each row of a long list lies, without measuring any of them twice."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class RowHeights:
    """Tops of rows in pixels: finding a row is a bisection, appending sums up the new ones."""

    def __init__(self) -> None:
        self._tops = [0]

    def __len__(self) -> int:
        return len(self._tops) - 1

    @property
    def total(self) -> int:
        """The height of all rows together."""
        return self._tops[-1]

    def top(self, row: int) -> int:
        """Return where a row begins."""
        return self._tops[row]

    def height(self, row: int) -> int:
        """Return how high a row is."""
        return self._tops[row + 1] - self._tops[row]

    def row_at(self, y: int) -> int:
        """Return the row that covers ``y``, the nearest one outside; -1 if there are none."""
        if len(self) == 0:
            return -1
        return max(0, min(len(self) - 1, bisect_right(self._tops, y) - 1))

    def replace_all(self, heights: Sequence[int]) -> None:
        """Forget all rows and lay out these."""
        self._tops = [0, *accumulate(heights)]

    def insert(self, row: int, heights: Sequence[int]) -> None:
        """Put rows in; those that follow move down."""
        base = self._tops[row]
        following = self._tops[row + 1 :]
        new = list(accumulate(heights, initial=base))[1:]
        added = new[-1] - base if new else 0
        self._tops[row + 1 :] = [*new, *(top + added for top in following)]

    def set_height(self, row: int, height: int) -> None:
        """Change one row's height; those that follow move."""
        change = height - self.height(row)
        if change:
            self._tops[row + 1 :] = [top + change for top in self._tops[row + 1 :]]
