"""Lines of a document that several sections write in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Break, Paragraph, RefLink, Table, Target, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drafting.content.blocks import Inline, Line
    from drafting.report import Clock, Ref, Sentence

NOT_RECORDED = Words("not recorded", slanted=True)


def plain(text: str) -> Line:
    """Return a text as a line; empty for none."""
    return (Words(text),) if text else ()


def value(text: str) -> Line:
    """Return a cell that says so where nothing is recorded."""
    return (Words(text),) if text.strip() else (NOT_RECORDED,)


def target(ref: Ref) -> Line:
    """Return a reference that links lead to."""
    return (Target(ref),)


def links(refs: Iterable[Ref]) -> Line:
    """Return references as links."""
    return joined([(RefLink(ref),) for ref in refs], Words(" "))


def joined(lines: Sequence[Line], between: Inline) -> Line:
    """Return lines as one, with something between each two."""
    return tuple(
        inline
        for number, line in enumerate(lines)
        for inline in ((between, *line) if number else line)
    )


def stacked(lines: Iterable[Line]) -> Line:
    """Return lines under each other; empty ones take no place."""
    return joined([line for line in lines if line], Break())


def time_of(clock: Clock) -> Line:
    """Return a time with its day where that is another, or when it was only said."""
    words = f"{clock.day} {clock.utc}" if clock.dated else clock.utc
    return stacked((plain(words), plain(clock.said)))


def sentence(told: Sentence) -> Line:
    """Return a sentence with the lines that carry it."""
    refs: Line = (Words(" ("), *links(told.refs), Words(")")) if told.refs else ()
    return (Words(told.text), *refs)


def absent(words: str) -> Paragraph:
    """Return a paragraph that says what the record does not hold."""
    return Paragraph((Words(words, slanted=True),))


def pairs(rows: Iterable[tuple[str, Line]]) -> Table:
    """Return names with what is said of each; all of it, also what is not recorded."""
    return Table(("What", "Value"), tuple((plain(name), line) for name, line in rows), (1, 3))
