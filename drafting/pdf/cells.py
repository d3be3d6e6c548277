"""What cells of several tables have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from reportlab.platypus import Paragraph

from drafting.pdf import look

if TYPE_CHECKING:
    from drafting.pdf.fonts import Typesetter
    from drafting.pdf.rows_table import Cell
    from drafting.report import Clock, Ref

NOT_RECORDED = "not recorded"
NOT_STATED = "not stated"


def links(refs: tuple[Ref, ...]) -> str:
    """Return references as links to where they lead."""
    return " ".join(f'<a href="#{ref}" color="{look.LINK}">{ref}</a>' for ref in refs)


def web_link(markup: str, address: str) -> str:
    """Return words that lead out of the document, to an address of the web."""
    return f'<a href={quoteattr(address)} color="{look.LINK}">{markup}</a>'


def linked(markup: str, refs: tuple[Ref, ...]) -> str:
    """Return words in which the references that they name are links; others follow them."""
    found = re.compile(rf"\b({'|'.join(refs)})\b") if refs else None
    named = set(found.findall(markup)) if found is not None else set()
    rest = links(tuple(ref for ref in refs if ref not in named))
    words = found.sub(lambda ref: links((ref[0],)), markup) if found is not None else markup
    return f"{words}<br/>{rest}" if rest else words


def value_or_missing(value: str, types: Typesetter) -> Paragraph:
    """Return a cell that says so where nothing is recorded."""
    if value:
        return Paragraph(types.markup(value), look.CELL)
    return Paragraph(NOT_RECORDED, look.CELL_PALE)


def clock_cell(clock: Clock, types: Typesetter, *, bold: bool = False) -> Cell:
    """Return a time: UTC, and in the secondary colour another day, local, or when it was said."""
    if not clock.day:
        said = (Paragraph(clock.said, look.NOTE),) if clock.said else ()
        return (Paragraph(NOT_STATED, look.NOTE), *said)
    style = look.CELL_BOLD if bold else look.CELL
    face = Paragraph(types.markup(clock.utc, style.fontName), style)
    beside = (clock.day if clock.dated else "", clock.local)
    return (face, *(Paragraph(types.markup(words), look.NOTE) for words in beside if words))
