"""The timeline as a table, and the key to its badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from app.domain.timeline import EntryKind
from drafting.pdf import look
from drafting.pdf.badges import RADIUS, Badge, draw_badge
from drafting.pdf.cells import clock_cell, links
from drafting.pdf.fonts import ITALIC, REGULAR
from drafting.pdf.rows_table import Column, Fill, Row, RowsTable

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from drafting.pdf.fonts import Typesetter
    from drafting.pdf.rows_table import Cell
    from drafting.report import Report, TimelineRow

LEGEND_SIZE = 8.0
LEGEND_GAP = 13.0
VISIBLE_DOT = "●"
COLUMNS = (
    Column("", 28),
    Column("UTC", 62),
    Column("Δ", 52),
    Column("", 22),
    Column("EVENT"),
    Column("ROLE", 82),
    Column("SOURCE", 44),
)
UNTIMED = "Time not stated, in the order in which it was said"


def timeline_table(report: Report, types: Typesetter, page_height: float) -> RowsTable:
    """Return the table; a band says the day wherever there is more than one."""
    several_days = len({row.clock.day for row in report.timeline if row.clock.day}) > 1
    rows: list[Row] = []
    day = None
    for line in report.timeline:
        if line.clock.day != day:
            day = line.clock.day
            if not day or several_days:
                rows.append(_band(day or UNTIMED))
        rows.append(_row(line, types))
    return RowsTable(COLUMNS, rows, page_height=page_height)


def _band(words: str) -> Row:
    return Row(((Paragraph(words, look.HEAD),),), fill=Fill.BAND)


def _row(line: TimelineRow, types: Typesetter) -> Row:
    bold = bool(line.anchor) and not line.ruled_out
    return Row(
        (
            (Paragraph(line.ref, look.CELL_SMALL),),
            clock_cell(line.clock, types, bold=bold),
            (Paragraph(types.markup(line.delta), look.CELL_SMALL),),
            (Badge(line.kind),),
            _event(line, types),
            (Paragraph(types.markup(line.role), look.CELL_SMALL),),
            (Paragraph(links(line.sources) or "none", look.CELL if line.sources else look.NOTE),),
        ),
        name=line.ref,
        fill=Fill.HATCHED if line.unproven else Fill.NONE,
    )


def _event(line: TimelineRow, types: Typesetter) -> Cell:
    style = _style(line)
    text = Paragraph(types.markup(line.text, style.fontName), style)
    seen = f"{VISIBLE_DOT} visible to customers" if line.customer_visible else ""
    note = "" if line.unproven else line.note
    quiet = " · ".join(part for part in (line.anchor, note, seen) if part)
    loud = look.NOTE_WARNING
    warnings = [line.note if line.unproven else "", line.doubt]
    notes = [Paragraph(types.markup(words, loud.fontName), loud) for words in warnings if words]
    if quiet:
        notes.append(Paragraph(types.markup(quiet), look.NOTE))
    return (text, *notes)


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
