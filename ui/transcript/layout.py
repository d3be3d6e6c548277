"""Breaks words into lines and remembers how wide each distinct word is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetricsF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFont

TIME_WIDTH = 64
TRACK_WIDTH = 56
SPEAKER_WIDTH = 108
MARGIN = 12
PADDING = 6
NARROWEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Columns:
    """Left edges of a row's columns in pixels, and how wide the text may be."""

    time: int
    track: int
    speaker: int
    text: int
    text_width: int

    @classmethod
    def within(cls, width: int, *, with_speaker: bool) -> Columns:
        """Return the columns of a view ``width`` pixels wide."""
        track = MARGIN + TIME_WIDTH
        speaker = track + TRACK_WIDTH
        text = speaker + (SPEAKER_WIDTH if with_speaker else 0)
        return cls(MARGIN, track, speaker, text, max(NARROWEST_TEXT, width - text - MARGIN))


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word in its row: the line it stands on and its horizontal extent in the text column."""

    line: int
    x: float
    width: float


class TextMeasure:
    """Widths of words in one font. Speech repeats its words, so nearly all are known."""

    def __init__(self, font: QFont) -> None:
        self.metrics = QFontMetricsF(font)
        self.space = self.metrics.horizontalAdvance(" ")
        self.line_height = round(self.metrics.height() * 1.25)
        self._widths: dict[str, float] = {}

    def width(self, word: str) -> float:
        """Return how wide a word is."""
        known = self._widths.get(word)
        if known is None:
            known = self._widths[word] = self.metrics.horizontalAdvance(word)
        return known

    def place(self, words: Sequence[str], available: float) -> list[PlacedWord]:
        """Return where each word stands when lines are ``available`` pixels wide."""
        placed = []
        line, x = 0, 0.0
        for word in words:
            width = self.width(word)
            if x > 0 and x + width > available:
                line, x = line + 1, 0.0
            placed.append(PlacedWord(line, x, width))
            x += width + self.space
        return placed

    def row_height(self, words: Sequence[str], available: float) -> int:
        """Return the height of a row with these words, without placing them."""
        widths, space = self._widths, self.space
        lines, x = 1, 0.0
        for word in words:
            width = widths.get(word) or self.width(word)
            if x > 0 and x + width > available:
                lines, x = lines + 1, 0.0
            x += width + space
        return lines * self.line_height + 2 * PADDING

    def word_at(self, placed: Sequence[PlacedWord], x: float, y: float) -> int | None:
        """Return the word at a point of the text column, the nearest one of that line.

        None to the right of the line's last word by more than one letter, or with no words.
        """
        line = int(max(0.0, y) // self.line_height)
        on_line = [number for number, word in enumerate(placed) if word.line == line]
        if not on_line:
            return None
        for number in on_line:
            if x < placed[number].x + placed[number].width + self.space / 2:
                return number
        end = placed[on_line[-1]]
        return on_line[-1] if x < end.x + end.width + self.line_height else None
