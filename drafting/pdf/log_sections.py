"""The decision log, the mitigation attempts and the hypotheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.cells import clock_cell, told
from drafting.pdf.fonts import ITALIC
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row
from drafting.wording import shortened

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from drafting.pdf.setting import Setting
    from drafting.report import DecisionRow, HypothesisRow, Report
    from drafting.report_analysis import AttemptRow

EXCERPT = 300  # characters of a hypothesis; the whole of it stands in the timeline
DECISIONS = (Column("", 34), Column("UTC", 62), Column("DECISION"), Column("SOURCE", 46))
ATTEMPTS = (
    Column("LINE", 34),
    Column("UTC", 62),
    Column("WHAT WAS TRIED"),
    Column("ROLE", 92),
    Column("RESULT", 92),
    Column("SOURCE", 46),
)
HYPOTHESES = (
    Column("LINE", 34),
    Column("HYPOTHESIS"),
    Column("STATE", 130),
    Column("SOURCE", 46),
)


def decisions(report: Report, setting: Setting) -> list[Flowable]:
    """Return the decision log."""
    rows = [_decision(row, setting) for row in report.decisions]
    return setting.section("Decisions", Section.DECISIONS, setting.table(DECISIONS, rows))


def _decision(row: DecisionRow, setting: Setting) -> Row:
    details = [
        ("decided by", row.who),
        ("why", row.rationale),
        ("instead of", "; ".join(row.alternatives)),
        ("known then", row.information),
        ("reversible", row.reversible),
    ]
    notes = told(details, setting)
    missing = [label for label, value in details[:3] if not value]
    if missing:
        notes.append(Paragraph(f"Not recorded: {', '.join(missing)}.", look.NOTE))
    return Row(
        (
            (Paragraph(row.ref, look.CELL_PALE),),
            clock_cell(row.clock, setting),
            (setting.text(row.decision), *notes),
            setting.refs((row.line, *row.sources)),
        ),
        name=row.ref,
    )


def mitigations(report: Report, setting: Setting) -> list[Flowable]:
    """Return the attempts in their order; nothing where none is recorded."""
    rows = [_attempt(row, setting) for row in report.analysis.attempts]
    if not rows:
        return []
    table = setting.table(ATTEMPTS, rows)
    return setting.section("Mitigation attempts", Section.MITIGATIONS, table)


def _attempt(row: AttemptRow, setting: Setting) -> Row:
    result = Paragraph(row.result or "result not recorded", look.CELL if row.result else look.NOTE)
    return Row(
        (
            setting.refs((row.line,)),
            clock_cell(row.clock, setting),
            (setting.text(row.text),),
            (setting.text(row.role, look.CELL_SMALL),),
            (result,),
            setting.refs(row.sources),
        )
    )


def hypotheses(report: Report, setting: Setting) -> list[Flowable]:
    """Return the hypotheses and where each stands."""
    rows = [_hypothesis(row, setting) for row in report.hypotheses]
    return setting.section("Hypotheses", Section.HYPOTHESES, setting.table(HYPOTHESES, rows))


def _hypothesis(row: HypothesisRow, setting: Setting) -> Row:
    style = look.CELL_ITALIC if row.unproven else look.CELL
    font = ITALIC if row.unproven else look.CELL.fontName
    pale = look.CELL_PALE if row.ruled_out else style
    words = setting.types.markup(shortened(row.text, EXCERPT), font)
    return Row(
        (
            setting.refs((row.ref,)),
            (Paragraph(words, pale),),
            (Paragraph(row.state, look.NOTE_WARNING if row.unproven else look.NOTE),),
            setting.refs(row.sources),
        )
    )
