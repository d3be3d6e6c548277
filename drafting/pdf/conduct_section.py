"""What was told to whom, and whether it came in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Spacer

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.cells import told
from drafting.pdf.charts import CadenceLegend, CadencePlot
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from drafting.pdf.setting import Setting
    from drafting.report import Report
    from drafting.report_conduct import CommunicationRow, UpdateRow

UPDATES = (
    Column("AT", 104),
    Column("AUDIENCE", 84),
    Column("WHAT WAS TOLD"),
    Column("NEXT", 120),
)
TEXTS = (Column("AT", 104), Column("AUDIENCE", 84), Column("TEXT"), Column("APPROVED BY", 120))


def communications(report: Report, setting: Setting) -> list[Flowable]:
    """Return the section; nothing where nobody was told anything."""
    conduct = report.conduct
    if not conduct.updates and not conduct.communications:
        return []
    updates = setting.table(UPDATES, [_update(row, setting) for row in conduct.updates])
    texts = setting.table(TEXTS, [_text(row, setting) for row in conduct.communications])
    strip: list[Flowable] = (
        [CadencePlot(conduct.cadence, setting.types), CadenceLegend(), Spacer(0, 8)]
        if conduct.cadence is not None
        else []
    )
    if updates is None:
        return setting.section("Communications", Section.COMMUNICATIONS, texts)
    return [
        *setting.section("Communications", Section.COMMUNICATIONS, *strip, updates),
        *setting.subsection("Texts for other readers", texts),
    ]


def _update(row: UpdateRow, setting: Setting) -> Row:
    by = f"approved by {row.approved_by}" if row.approved_by else ""
    return Row(
        (
            (Paragraph(row.at, look.CELL),),
            (
                Paragraph(row.audience, look.CELL),
                *([setting.text(row.channel, look.NOTE)] if row.channel else []),
            ),
            tuple(told(row.words, setting)),
            (
                *([Paragraph(row.late, look.NOTE_WARNING)] if row.late else []),
                Paragraph(row.promised, look.NOTE),
                *([setting.text(by, look.NOTE)] if by else []),
            ),
        )
    )


def _text(row: CommunicationRow, setting: Setting) -> Row:
    approved = setting.text(row.approved or "not approved", look.NOTE)
    return Row(
        (
            (Paragraph(row.at, look.CELL),),
            (setting.text(row.audience),),
            (setting.text(row.text),),
            (approved,),
        )
    )
