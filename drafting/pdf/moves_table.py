"""How severity, state and roles moved on, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Paragraph

from drafting.pdf import look
from drafting.pdf.cells import value_or_missing
from drafting.pdf.rows_table import Column, Row, RowsTable

if TYPE_CHECKING:
    from drafting.pdf.fonts import Typesetter
    from drafting.report import MoveRow

COLUMNS = (
    Column("AT", 104),
    Column("WHAT", 72),
    Column("CHANGE", 112),
    Column("BY", 72),
    Column("REASON"),
)


def moves_table(
    moves: tuple[MoveRow, ...], types: Typesetter, page_height: float
) -> RowsTable | None:
    """Return the table; None where nothing moved."""
    if not moves:
        return None
    return RowsTable(COLUMNS, [_row(move, types) for move in moves], page_height=page_height)


def _row(move: MoveRow, types: Typesetter) -> Row:
    return Row(
        (
            (Paragraph(move.at, look.CELL),),
            (Paragraph(types.markup(move.what), look.CELL),),
            (Paragraph(types.markup(f"{move.before} → {move.after}"), look.CELL),),
            (value_or_missing(move.by, types),),
            (value_or_missing(move.reason, types),),
        )
    )
