"""The close-out: checklist, review dates, lines to sign on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Flowable, KeepTogether, Spacer

from drafting.closing_rows import DONE, WAIVED
from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.fonts import draw_line
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row

if TYPE_CHECKING:
    from drafting.pdf.setting import Setting
    from drafting.report import Report
    from drafting.report_conduct import CheckRow

CHECKS = (Column("", 24), Column("ITEM"), Column("STATE", 80), Column("WHY", 170))
BOX = 8.0
SIGN_HEIGHT = 28.0
SIGN_WIDTH = 0.62
DATE_WIDTH = 0.3


def closeout(report: Report, setting: Setting) -> list[Flowable]:
    """Return the section; a checklist that nobody has begun is open throughout."""
    part = report.closeout
    days = ", ".join(part.review_dates) or "none is set"
    checks = setting.table(CHECKS, [_check(row, setting) for row in part.checks])
    return setting.section(
        "Close-out",
        Section.CLOSEOUT,
        checks,
        Spacer(0, 6),
        Paragraph(f"<b>Review dates:</b> {days}.", look.CELL),
        KeepTogether([SignLine(setting, signer) for signer in part.signers]),
    )


def _check(row: CheckRow, setting: Setting) -> Row:
    return Row(
        (
            (TickBox(row.state),),
            (Paragraph(row.item, look.CELL),),
            (Paragraph(row.state, look.CELL if row.state == DONE else look.CELL_PALE),),
            (setting.text(row.note, look.NOTE),),
        )
    )


class TickBox(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A box: ticked when done, struck when waived, else empty."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self._state = state
        self.width = self.height = BOX + 2

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the box and what is in it."""
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(look.INK)
        canvas.setLineWidth(0.9)
        canvas.rect(0, 0, BOX, BOX, fill=0)
        if self._state == DONE:
            canvas.setLineWidth(1.3)
            canvas.lines([(1.6, 4, 3.4, 1.8), (3.4, 1.8, 6.6, 6.4)])
        elif self._state == WAIVED:
            canvas.line(0, BOX / 2, BOX, BOX / 2)
        canvas.restoreState()


class SignLine(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A line for a name and one for a date, with what they are for below."""

    def __init__(self, setting: Setting, signer: str) -> None:
        super().__init__()
        self._setting = setting
        self._signer = signer

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, SIGN_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """Draw both lines and their words."""
        name, date = SIGN_WIDTH * self.width, DATE_WIDTH * self.width
        self._line(self._signer, 0, name)
        self._line("date", self.width - date, date)

    def _line(self, words: str, x: float, width: float) -> None:
        canvas, size = self.canv, look.LABEL.fontSize
        canvas.setStrokeColor(look.SECONDARY)
        canvas.setLineWidth(0.5)
        canvas.line(x, 11, x + width, 11)
        canvas.setFillColor(look.SECONDARY)
        runs = self._setting.types.fitting(words, look.LABEL.fontName, size, width)
        draw_line(canvas, runs, x, 2, size)
