"""What cells of several tables have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def value_or_missing(value: str, types: Typesetter) -> Paragraph:
    """Return a cell that says so where nothing is recorded."""
    if value:
        return Paragraph(types.markup(value), look.CELL)
    return Paragraph(NOT_RECORDED, look.CELL_PALE)


def clock_cell(clock: Clock, types: Typesetter, *, bold: bool = False) -> Cell:
    """Return a time: UTC, and local below it in the secondary colour."""
    if not clock.day:
        return (Paragraph(NOT_STATED, look.NOTE),)
    style = look.CELL_BOLD if bold else look.CELL
    face = Paragraph(types.markup(clock.utc, style.fontName), style)
    if not clock.local:
        return (face,)
    return (face, Paragraph(types.markup(clock.local), look.NOTE))
