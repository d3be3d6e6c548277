"""How blocks are set on pages of one size: tables, sections, links that lead somewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportlab.platypus import CondPageBreak, Spacer

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.pages import Gap, Heading, Subheading
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

    from drafting.pdf.fonts import Typesetter
    from drafting.pdf.rows_table import Cell, Column, Row
    from drafting.report import Ref

HEADING_ROOM = look.HEADING.leading + 34.0
SECTION_GAP = 15.0
NOT_RECORDED = "not recorded"
# Which section holds the lines that a reference names, by its letter.
HOLDS = {
    "T": Section.TIMELINE,
    "D": Section.DECISIONS,
    "A": Section.ACTIONS,
    "F": Section.FACTORS,
    "W": Section.FACTORS,
    "I": Section.IMPACT,
    "S": Section.SOURCES,
    "E": Section.SOURCES,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What every section needs; sizes in points, ``without`` are the sections left out."""

    types: Typesetter
    width: float
    page_height: float
    without: Collection[Section] = ()

    def text(self, words: str, style: ParagraphStyle = look.CELL) -> Paragraph:
        """Return somebody's words, set in a style."""
        return Paragraph(self.types.markup(words, style.fontName), style)

    def value(self, words: str) -> Paragraph:
        """Return a cell that says so where nothing is recorded."""
        return self.text(words) if words else Paragraph(NOT_RECORDED, look.CELL_PALE)

    def links(self, refs: Sequence[Ref]) -> str:
        """Return references as links to where they lead; plain where that is left out."""
        return " ".join(map(self._link, refs))

    def _link(self, ref: Ref) -> str:
        if HOLDS[ref[0]] in self.without:
            return ref
        return f'<a href="#{ref}" color="{look.LINK}">{ref}</a>'

    def refs(self, refs: Sequence[Ref], *, none: str = "none") -> Cell:
        """Return a cell of links."""
        if not refs:
            return (Paragraph(none, look.NOTE),)
        return (Paragraph(self.links(refs), look.CELL),)

    def linked(self, markup: str, refs: Sequence[Ref]) -> str:
        """Return words in which the references that they name are links; others follow them."""
        found = re.compile(rf"\b({'|'.join(refs)})\b") if refs else None
        named = set(found.findall(markup)) if found is not None else set()
        rest = self.links([ref for ref in refs if ref not in named])
        words = found.sub(lambda ref: self._link(ref[0]), markup) if found is not None else markup
        return f"{words}<br/>{rest}" if rest else words

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> RowsTable | None:
        """Return a table; None without rows."""
        return RowsTable(columns, rows, page_height=self.page_height) if rows else None

    def section(
        self,
        title: str,
        section: Section,
        *blocks: Flowable | None,
        intro: tuple[Flowable, ...] = (),
        what: str = "",
    ) -> list[Flowable]:
        """Return heading and blocks; the heading never stands alone at the foot of a page."""
        there = [block for block in blocks if block is not None]
        head = [Heading(title, section.value), Spacer(0, 4)]
        if not there:
            empty = Paragraph(f"The record holds no {what or title.lower()}.", look.EMPTY)
            return [CondPageBreak(HEADING_ROOM), *head, empty, Gap(SECTION_GAP)]
        return [
            self._room(there[0], HEADING_ROOM),
            *head,
            *intro,
            Spacer(0, 6),
            *there,
            Gap(SECTION_GAP),
        ]

    def subsection(self, title: str, *blocks: Flowable | None) -> list[Flowable]:
        """Return a smaller heading with its blocks; nothing without blocks."""
        there = [block for block in blocks if block is not None]
        if not there:
            return []
        return [
            self._room(there[0], look.SUBHEADING.leading + 8),
            Subheading(self.text(title, look.SUBHEADING), title),
            Spacer(0, 3),
            *there,
            Gap(SECTION_GAP),
        ]

    def _room(self, block: Flowable, above: float) -> CondPageBreak:
        """Ask for a new page unless a heading and the beginning of its block fit on this one."""
        if isinstance(block, RowsTable):
            least = block.least_height(self.width)
        else:
            least = block.wrap(self.width, self.page_height)[1]
        return CondPageBreak(min(above + least, self.page_height))
