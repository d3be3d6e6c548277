"""The timeline, how severity, state and roles moved, and what was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Spacer

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.cells import told
from drafting.pdf.charts import LanePlot
from drafting.pdf.moves_table import moves_table
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row
from drafting.pdf.timeline_table import Legend, timeline_table
from drafting.wording import MOVES

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from drafting.pdf.setting import Setting
    from drafting.report import Report
    from drafting.report_conduct import CheckpointRow

CHECKPOINTS = (
    Column("AT", 104),
    Column("HANDOVER", 120),
    Column("WHAT WAS KNOWN"),
    Column("ACKNOWLEDGED", 100),
)


def timeline(report: Report, setting: Setting) -> list[Flowable]:
    """Return the section."""
    checkpoints = [_checkpoint(row, setting) for row in report.conduct.checkpoints]
    lanes = report.conduct.lanes
    return [
        *setting.section(
            "Timeline",
            Section.TIMELINE,
            timeline_table(report, setting),
            intro=(Paragraph(_intro(report, setting), look.NOTE), Spacer(0, 4), Legend()),
            what="entries for it",
        ),
        *setting.subsection(MOVES, moves_table(report.moves, setting)),
        *setting.subsection("Roles", LanePlot(lanes, setting.types) if lanes else None),
        *setting.subsection("Handovers", setting.table(CHECKPOINTS, checkpoints)),
    ]


def _intro(report: Report, setting: Setting) -> str:
    zone = f"; in grey below, {setting.types.markup(report.zone)}." if report.zone else "."
    words = f"Times are UTC{zone}"
    if report.delta_from:
        words += f" Δ counts from {report.delta_from}."
    if any(row.clock.dated for row in report.timeline):
        words += f" Times without a date are of {report.main_day}."
    return words


def _checkpoint(row: CheckpointRow, setting: Setting) -> Row:
    return Row(
        (
            (Paragraph(row.at, look.CELL),),
            (setting.text(row.handover),),
            tuple(told(row.words, setting)) or (Paragraph("nothing written", look.CELL_PALE),),
            (setting.text(row.acknowledged or "not acknowledged", look.NOTE),),
        )
    )
