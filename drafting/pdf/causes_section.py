"""Contributing factors, the whys, what is not confirmed, and what the review brought up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Spacer

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.boxes import Panel
from drafting.pdf.factor_grid import FactorGrid
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Fill, Row
from drafting.pdf.why_chain import WhyNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportlab.platypus import Flowable

    from drafting.pdf.rows_table import RowsTable
    from drafting.pdf.setting import Setting
    from drafting.report import Report
    from drafting.report_analysis import Causes, FactorRow, WhyRow

FACTORS = (
    Column("", 34),
    Column("FACTOR"),
    Column("STATUS", 84),
    Column("LINES", 62),
    Column("SOURCE", 46),
    Column("ACTIONS", 56),
)
WHYS = (Column("", 34), Column("QUESTION AND ANSWER"), Column("SOURCE", 46))
AROUND = (Column("ABOUT", 140), Column("WHAT"))
GRID_KEY = "Filled: confirmed. Dashed: candidate. Underlined: triggering."


def factors(report: Report, setting: Setting) -> list[Flowable]:
    """Return the analysis; nothing where nobody has begun it."""
    causes = report.analysis.causes
    if causes.is_empty:
        return []
    grid: list[Flowable] = (
        [FactorGrid(causes), Spacer(0, 3), Paragraph(GRID_KEY, look.NOTE), Spacer(0, 8)]
        if causes.factors
        else []
    )
    return [
        *setting.section(
            "Contributing factors",
            Section.FACTORS,
            *grid,
            _factors(causes, setting),
        ),
        *setting.subsection("Around them", _around(causes, setting)),
        *setting.subsection("Whys", setting.table(WHYS, _whys(causes, setting))),
        *_unconfirmed(causes, setting),
    ]


def _factors(causes: Causes, setting: Setting) -> RowsTable | None:
    rows: list[Row] = []
    layer = ""
    for factor in causes.factors:
        if factor.layer != layer:
            layer = factor.layer
            rows.append(Row(((Paragraph(layer.upper(), look.HEAD),),), fill=Fill.BAND))
        rows.append(_factor(factor, setting))
    return setting.table(FACTORS, rows)


def _factor(factor: FactorRow, setting: Setting) -> Row:
    style = look.CELL if factor.confirmed else look.CELL_ITALIC
    status = "confirmed" if factor.confirmed else "candidate, not confirmed"
    return Row(
        (
            (Paragraph(factor.ref, look.CELL_BOLD),),
            (setting.text(factor.text, style),),
            (
                Paragraph(status, look.NOTE if factor.confirmed else look.NOTE_WARNING),
                Paragraph(factor.role, look.NOTE),
            ),
            setting.refs(factor.lines),
            setting.refs(factor.sources),
            setting.refs(factor.actions),
        ),
        name=factor.ref,
        fill=Fill.NONE if factor.confirmed else Fill.HATCHED,
    )


def _around(causes: Causes, setting: Setting) -> RowsTable | None:
    """Return trigger, gaps and the like, also where nobody wrote them down."""
    told = [
        ("trigger", causes.trigger),
        *causes.gaps,
        ("what stops it from recurring", causes.stopping_condition),
        ("first time", causes.first_occurrence),
        ("method", causes.method),
        *(("missed defence", words) for words in causes.missed_defenses),
        *(("open question", words) for words in causes.open_questions),
    ]
    rows = [
        Row(((Paragraph(about, look.CELL_BOLD),), (setting.value(words),)))
        for about, words in told
    ]
    return setting.table(AROUND, rows)


def _whys(causes: Causes, setting: Setting) -> list[Row]:
    last = len(causes.whys)
    return [
        _why(why, setting, is_last=number == last)
        for number, why in enumerate(causes.whys, start=1)
    ]


def _why(why: WhyRow, setting: Setting, *, is_last: bool) -> Row:
    answer = setting.text(why.answer) if why.answer else Paragraph("not answered", look.CELL_PALE)
    return Row(
        (
            (WhyNode(why.ref, is_last=is_last),),
            (setting.text(why.question, look.CELL_BOLD), answer),
            setting.refs(why.sources),
        ),
        name=why.ref,
    )


def _unconfirmed(causes: Causes, setting: Setting) -> list[Flowable]:
    if not causes.unconfirmed:
        return []
    return setting.subsection("Not confirmed", Panel(bullets(causes.unconfirmed, setting)))


def bullets(items: Iterable[str], setting: Setting) -> list[Paragraph]:
    """Return each item as a line of a list."""
    return [Paragraph(setting.types.markup(words), look.ITEM, bulletText="•") for words in items]


def learnings(report: Report, setting: Setting) -> list[Flowable]:
    """Return what the review brought up; nothing where nobody has begun."""
    if not any(part.words for part in report.analysis.learnings):
        return []
    blocks: list[Flowable] = []
    for part in report.analysis.learnings:
        blocks.append(Paragraph(part.head, look.SUBHEADING))
        blocks += bullets(part.words, setting) or [Paragraph("Nothing recorded.", look.EMPTY)]
        blocks.append(Spacer(0, 6))
    return setting.section("What we learned", Section.LEARNINGS, *blocks)
