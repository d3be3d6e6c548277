"""What is selected in the transcript: whole rows, or a run of words across rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A word of a row, both counted from 0."""

    row: int
    word: int = 0


@dataclass(frozen=True, slots=True)
class TextSelection:
    """From ``anchor``, where it began, to ``focus``, where it is extended; both are inside it.

    Unless ``by_words``, whole rows are selected and the words only remember a column.
    """

    anchor: Place
    focus: Place
    by_words: bool = False

    @classmethod
    def of_row(cls, row: int, word: int = 0) -> TextSelection:
        """Return the selection of one whole row."""
        place = Place(row, word)
        return cls(place, place)

    @property
    def first(self) -> Place:
        """The end that comes first in the transcript."""
        return min(self.anchor, self.focus)

    @property
    def last(self) -> Place:
        """The end that comes last."""
        return max(self.anchor, self.focus)

    @property
    def rows(self) -> range:
        """The rows that are touched."""
        return range(self.first.row, self.last.row + 1)

    def words_of(self, row: int, count: int) -> tuple[int, int] | None:
        """Return the first and last selected word of a row of ``count`` words, both included.

        None where nothing of the row is selected; ``(0, count - 1)`` where all of it is.
        """
        if row not in self.rows:
            return None
        first, last = 0, max(0, count - 1)
        if self.by_words and row == self.first.row:
            first = min(self.first.word, last)
        if self.by_words and row == self.last.row:
            last = min(self.last.word, last)
        return first, last

    def moved_by_rows(self, delta: int, row_count: int, *, extend: bool) -> TextSelection:
        """Return the selection after an arrow up or down."""
        row = max(0, min(row_count - 1, self.focus.row + delta))
        focus = Place(row, 0)
        return TextSelection(self.anchor if extend else focus, focus)

    def moved_by_words(
        self, delta: int, row_count: int, words_in: Callable[[int], int], *, extend: bool
    ) -> TextSelection:
        """Return the selection after an arrow left or right.

        The first such key after rows were selected begins at the row's first or last word.
        """
        if not self.by_words:
            last = max(0, words_in(self.focus.row) - 1)
            focus = Place(self.focus.row, 0 if delta > 0 else last)
            return TextSelection(focus, focus, by_words=True)
        row, word = self.focus.row, self.focus.word + delta
        if word < 0 and row > 0:
            row -= 1
            word = max(0, words_in(row) - 1)
        elif word >= words_in(row) and row < row_count - 1:
            row, word = row + 1, 0
        focus = Place(row, max(0, min(word, words_in(row) - 1)))
        return TextSelection(self.anchor if extend else focus, focus, by_words=True)

    def after_insertion(self, at_row: int, count: int) -> TextSelection:
        """Return the same words' selection when rows were put in before or among them."""

        def moved(place: Place) -> Place:
            return replace(place, row=place.row + count) if place.row >= at_row else place

        return replace(self, anchor=moved(self.anchor), focus=moved(self.focus))
