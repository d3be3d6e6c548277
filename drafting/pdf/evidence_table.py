"""The evidence as a table: what it is, where it lies, and which lines name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.pdf import look
from drafting.pdf.cells import web_link
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row
from drafting.wording import captured_words, file_words

if TYPE_CHECKING:
    from drafting.pdf.rows_table import Cell, RowsTable
    from drafting.pdf.setting import Setting
    from drafting.report import EvidenceRow

COLUMNS = (
    Column("", 34),
    Column("KIND", 66),
    Column("WHAT"),
    Column("CAPTURED", 96),
    Column("CITED IN", 58),
)


def evidence_table(evidence: tuple[EvidenceRow, ...], setting: Setting) -> RowsTable | None:
    """Return the table; None without evidence."""
    return setting.table(COLUMNS, [_row(row, setting) for row in evidence])


def _row(row: EvidenceRow, setting: Setting) -> Row:
    return Row(
        (
            (Paragraph(row.ref, look.CELL_BOLD),),
            (Paragraph(row.kind, look.CELL),),
            _what(row, setting),
            (Paragraph(captured_words(row), look.NOTE),),
            setting.refs(row.cited_by, none="no entry"),
        ),
        name=row.ref,
    )


def _what(row: EvidenceRow, setting: Setting) -> Cell:
    markup = setting.types.markup
    url = web_link(markup(row.url), row.address) if row.address else markup(row.url)
    lines = (
        (markup(row.note), look.CELL),
        (markup(file_words(row)), look.CELL if not row.note else look.NOTE),
        (url, look.NOTE),
    )
    return tuple(Paragraph(words, style) for words, style in lines if words)
