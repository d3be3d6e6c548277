"""What cells of several tables have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from drafting.pdf import look
from drafting.pdf.paragraphs import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drafting.pdf.rows_table import Cell
    from drafting.pdf.setting import Setting
    from drafting.report import Clock

NOT_STATED = "not stated"


def web_link(markup: str, address: str) -> str:
    """Return words that lead out of the document, to an address of the web."""
    return f'<a href={quoteattr(address)} color="{look.LINK}">{markup}</a>'


def told(words: Iterable[tuple[str, str]], setting: Setting) -> list[Paragraph]:
    """Return what somebody told under its labels, each on lines of its own."""
    markup = setting.types.markup
    return [
        Paragraph(f"<b>{label[0].upper()}{label[1:]}:</b> {markup(text)}", look.NOTE)
        for label, text in words
        if text
    ]


def clock_cell(clock: Clock, setting: Setting, *, bold: bool = False) -> Cell:
    """Return a time: UTC, and in the secondary colour another day, local, or when it was said."""
    if not clock.day:
        said = (Paragraph(clock.said, look.NOTE),) if clock.said else ()
        return (Paragraph(NOT_STATED, look.NOTE), *said)
    face = setting.text(clock.utc, look.CELL_BOLD if bold else look.CELL)
    beside = (clock.day if clock.dated else "", clock.local)
    return (face, *(setting.text(words, look.NOTE) for words in beside if words))
