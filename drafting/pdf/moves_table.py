"""How severity, state and roles moved on, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.pdf import look
from drafting.pdf.rows_table import Column, Row

if TYPE_CHECKING:
    from drafting.pdf.rows_table import RowsTable
    from drafting.pdf.setting import Setting
    from drafting.report import MoveRow

COLUMNS = (
    Column("AT", 104),
    Column("WHAT", 72),
    Column("CHANGE", 112),
    Column("BY", 72),
    Column("REASON"),
)


def moves_table(moves: tuple[MoveRow, ...], setting: Setting) -> RowsTable | None:
    """Return the table; None where nothing moved."""
    return setting.table(COLUMNS, [_row(move, setting) for move in moves])


def _row(move: MoveRow, setting: Setting) -> Row:
    return Row(
        (
            (setting.text(move.at, look.CELL),),
            (setting.text(move.what),),
            (setting.text(f"{move.before} → {move.after}"),),
            (setting.value(move.by),),
            (setting.value(move.reason),),
        )
    )
