"""Marks in a quoted transcript: words that were doubted, and spellings of the glossary."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from app.domain.word_marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.times import Span
    from app.domain.transcript import Segment, Word


def marked_quote(quote: str, segments: Iterable[Segment], span: Span) -> str:
    """Return a quote with a mark behind each word of ``segments`` that needs one.

    Words are found by their order and spelling: a quote keeps what stood when it was cited. Where
    a person has rewritten a line, it has no doubts left.
    """
    words = [w for s in segments if not s.edited for w in s.words if _overlaps(w, span)]
    marks = _marks(words)
    said = quote.split()
    if not any(mark for _text, mark in marks):
        return quote
    matcher = SequenceMatcher(None, [text for text, _mark in marks], said, autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            mark = marks[block.a + offset][1]
            if mark:
                said[block.b + offset] += f" {mark}"
    return " ".join(said)


def _overlaps(word: Word, span: Span) -> bool:
    return word.start_ms < span.end_ms and word.end_ms > span.start_ms


def _marks(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Return each piece of the words that no space divides, with the mark behind it."""
    marks: list[tuple[str, str]] = []
    for word in words:
        *pieces, last = word.text.split()
        marks += [(piece, "") for piece in pieces]
        marks.append((last, mark_of(word)))
    return marks
