"""The timeline as a table, and the key to its badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from app.domain.timeline import EntryKind
from drafting.pdf import look
from drafting.pdf.badges import RADIUS, Badge, draw_badge
from drafting.pdf.cells import clock_cell
from drafting.pdf.fonts import ITALIC, REGULAR
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Fill, Row

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from drafting.pdf.rows_table import Cell, RowsTable
    from drafting.pdf.setting import Setting
    from drafting.report import Report, TimelineRow

LEGEND_SIZE = 8.0
LEGEND_GAP = 13.0
VISIBLE_DOT = "●"
COLUMNS = (
    Column("", 29),
    Column("UTC", 58),
    Column("Δ", 48),
    Column("", 20),
    Column("EVENT"),
    Column("ROLE", 88),
    Column("SOURCE", 42),
)
UNTIMED = "Time not stated, in the order in which it was said"


def timeline_table(report: Report, setting: Setting) -> RowsTable | None:
    """Return the table, None without lines; a band says the day where there is more than one."""
    several_days = len({row.clock.day for row in report.timeline if row.clock.day}) > 1
    rows: list[Row] = []
    day = None
    for line in report.timeline:
        if line.clock.day != day:
            day = line.clock.day
            if not day or several_days:
                rows.append(_band(day or UNTIMED))
        rows.append(_row(line, setting))
    return setting.table(COLUMNS, rows)


def _band(words: str) -> Row:
    return Row(((Paragraph(words, look.HEAD),),), fill=Fill.BAND)


def _row(line: TimelineRow, setting: Setting) -> Row:
    bold = bool(line.anchor) and not line.ruled_out
    return Row(
        (
            (Paragraph(line.ref, look.CELL_SMALL),),
            clock_cell(line.clock, setting, bold=bold),
            (setting.text(line.delta, look.CELL_SMALL),),
            (Badge(line.kind),),
            _event(line, setting),
            (setting.text(line.role, look.CELL_SMALL),),
            setting.refs(line.sources),
        ),
        name=line.ref,
        fill=Fill.HATCHED if line.unproven else Fill.NONE,
    )


def _event(line: TimelineRow, setting: Setting) -> Cell:
    seen = f"{VISIBLE_DOT} visible to customers" if line.customer_visible else ""
    note = "" if line.unproven else line.note
    quiet = " · ".join(part for part in (line.anchor, note, seen) if part)
    warnings = [line.note if line.unproven else "", line.doubt]
    return (
        setting.text(line.text, _style(line)),
        *(setting.text(words, look.NOTE_WARNING) for words in warnings if words),
        *([setting.text(quiet, look.NOTE)] if quiet else []),
    )


def _style(line: TimelineRow) -> ParagraphStyle:
    if line.ruled_out:
        return look.CELL_PALE
    if line.unproven:
        return look.CELL_ITALIC
    return look.CELL_BOLD if line.anchor else look.CELL


class Legend(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Which badge is which kind, in one line."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, 2 * RADIUS + 2
        return self.width, self.height

    def draw(self) -> None:
        """Draw each badge with its word."""
        canvas, x, y = self.canv, 0.0, self.height / 2
        for kind in EntryKind:
            draw_badge(canvas, kind, x + RADIUS, y)
            x += 2 * RADIUS + 4
            font = ITALIC if kind is EntryKind.HYPOTHESIS else REGULAR
            canvas.setFont(font, LEGEND_SIZE)
            canvas.setFillColor(look.SECONDARY)
            canvas.drawString(x, y - LEGEND_SIZE * 0.36, kind.value)
            x += stringWidth(kind.value, font, LEGEND_SIZE) + LEGEND_GAP
