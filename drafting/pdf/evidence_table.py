"""The evidence as a table: what it is, where it lies, and which lines name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Paragraph

from drafting.pdf import look
from drafting.pdf.cells import links, web_link
from drafting.pdf.rows_table import Column, Row, RowsTable
from drafting.wording import captured_words, file_words

if TYPE_CHECKING:
    from drafting.pdf.fonts import Typesetter
    from drafting.pdf.rows_table import Cell
    from drafting.report import EvidenceRow

COLUMNS = (
    Column("", 34),
    Column("KIND", 66),
    Column("WHAT"),
    Column("CAPTURED", 96),
    Column("CITED IN", 58),
)


def evidence_table(
    evidence: tuple[EvidenceRow, ...], types: Typesetter, page_height: float
) -> RowsTable | None:
    """Return the table; None without evidence."""
    if not evidence:
        return None
    return RowsTable(COLUMNS, [_row(row, types) for row in evidence], page_height=page_height)


def _row(row: EvidenceRow, types: Typesetter) -> Row:
    cited = Paragraph(links(row.cited_by), look.CELL)
    return Row(
        (
            (Paragraph(row.ref, look.CELL_BOLD),),
            (Paragraph(row.kind, look.CELL),),
            _what(row, types),
            (Paragraph(captured_words(row), look.NOTE),),
            (cited if row.cited_by else Paragraph("no entry", look.NOTE),),
        ),
        name=row.ref,
    )


def _what(row: EvidenceRow, types: Typesetter) -> Cell:
    url = web_link(types.markup(row.url), row.address) if row.address else types.markup(row.url)
    lines = (
        (types.markup(row.note), look.CELL),
        (types.markup(file_words(row)), look.CELL if not row.note else look.NOTE),
        (url, look.NOTE),
    )
    return tuple(Paragraph(words, style) for words, style in lines if words)
