"""The page from which a facilitator runs the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Flowable, PageBreak, Spacer

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.causes_section import bullets
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row

if TYPE_CHECKING:
    from drafting.pdf.setting import Setting
    from drafting.report import Report

AGENDA = (Column("MINUTES", 62), Column("WHAT"))
LINE_STEP = 20.0
LEAST_LINES = 3


def review(report: Report, setting: Setting) -> list[Flowable]:
    """Return a page of its own."""
    guide = report.review
    agenda = [
        Row(((Paragraph(item.minutes, look.CELL_BOLD),), (Paragraph(item.what, look.CELL),)))
        for item in guide.agenda
    ]
    questions: list[Flowable] = [
        Paragraph(
            setting.types.markup(question.text)
            + (f" ({setting.links(question.refs)})" if question.refs else ""),
            look.ITEM,
            bulletText="•",
        )
        for question in guide.questions
    ] or [Paragraph("The record leaves none open.", look.EMPTY)]
    if guide.more:
        questions.append(Paragraph(f"{guide.more} more are open in the record.", look.NOTE))
    return [
        PageBreak(),
        *setting.section(
            f"Review, {guide.minutes} minutes",
            Section.REVIEW,
            setting.table(AGENDA, agenda),
            Spacer(0, 10),
            Paragraph("Questions, pinned to lines", look.SUBHEADING),
            *questions,
            Spacer(0, 8),
            Paragraph("Ground rules", look.SUBHEADING),
            *bullets(guide.rules, setting),
            Spacer(0, 8),
            Paragraph("Notes", look.SUBHEADING),
            NoteLines(),
        )[:-1],  # the lines take what is left of the page: no gap after them
        PageBreak(),
    ]


class NoteLines(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Ruled lines down to the foot of the page."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size in points: what is left, or a few lines on the next page."""
        least = LEAST_LINES * LINE_STEP
        lines = max(least, height // LINE_STEP * LINE_STEP)
        self.width, self.height = width, lines
        return self.width, self.height

    def draw(self) -> None:
        """Draw the lines."""
        self.canv.setStrokeColor(look.LINE)
        self.canv.setLineWidth(0.5)
        for number in range(int(self.height // LINE_STEP)):
            y = number * LINE_STEP + 1
            self.canv.line(0, y, self.width, y)
