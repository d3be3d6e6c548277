"""Impact in three layers, error budgets, scope and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.charts import MetricPlot
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Fill, Row
from drafting.wording import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.platypus import Flowable

    from drafting.pdf.rows_table import RowsTable
    from drafting.pdf.setting import Setting
    from drafting.report import Report
    from drafting.report_analysis import ImpactRow, ScopeRow, SloRow
    from drafting.report_charts import MetricChart

IMPACT = (
    Column("", 34),
    Column("WHAT", 110),
    Column("HOW MUCH"),
    Column("BASIS", 130),
    Column("SOURCE", 46),
)
BUDGETS = (
    Column("", 34),
    Column("OBJECTIVE"),
    Column("BUDGET", 64),
    Column("USED", 84),
    Column("SHARE", 60),
    Column("OUTCOME", 92),
    Column("SOURCE", 46),
)
SCOPE = (Column("QUESTION", 140), Column("ANSWER"))


def impact(report: Report, setting: Setting) -> list[Flowable]:
    """Return the section; nothing where the record tells nothing of it."""
    told, metrics = report.analysis.impact, report.analysis.metrics
    if told.is_empty and not metrics:
        return []
    blocks: list[Flowable | None] = [_layers(told.rows, setting)]
    if told.untold:
        words = f"Nothing is recorded of the {listing(told.untold)} impact."
        blocks.append(Paragraph(words, look.NOTE))
    return [
        *setting.section("Impact", Section.IMPACT, *blocks, what="impact in figures"),
        *setting.subsection("Error budgets", _budgets(told.slos, setting)),
        *setting.subsection("Scope", _scope(told.scope, setting)),
        *(
            block
            for number, chart in enumerate(metrics)
            for block in _metric(chart, setting, labelled=_is_new(metrics, number))
        ),
    ]


def _layers(rows: Sequence[ImpactRow], setting: Setting) -> RowsTable | None:
    lines: list[Row] = []
    layer = ""
    for row in rows:
        if row.layer != layer:
            layer = row.layer
            lines.append(Row(((Paragraph(layer.upper(), look.HEAD),),), fill=Fill.BAND))
        basis = setting.text(row.basis) if row.basis else Paragraph("", look.CELL)
        assumed = f"assuming: {row.assumption}" if row.assumption else ""
        lines.append(
            Row(
                (
                    (Paragraph(row.ref, look.CELL_PALE),),
                    (Paragraph(row.what, look.CELL),),
                    (setting.text(row.value),),
                    (basis, *([setting.text(assumed, look.NOTE)] if assumed else [])),
                    setting.refs(row.sources),
                ),
                name=row.ref,
            )
        )
    return setting.table(IMPACT, lines)


def _budgets(rows: Sequence[SloRow], setting: Setting) -> RowsTable | None:
    return setting.table(BUDGETS, [_budget(row, setting) for row in rows])


def _budget(row: SloRow, setting: Setting) -> Row:
    outcome = look.NOTE_WARNING if row.breach else look.NOTE
    return Row(
        (
            (Paragraph(row.ref, look.CELL_PALE),),
            (setting.text(row.name), setting.text(row.target, look.NOTE)),
            (Paragraph(row.budget, look.CELL),),
            (Paragraph(row.used, look.CELL), Paragraph(row.made_of, look.NOTE)),
            (Paragraph(row.share, look.CELL_BOLD),),
            (Paragraph(row.breach or "within the budget", outcome),),
            setting.refs(row.sources),
        ),
        name=row.ref,
    )


def _scope(rows: Sequence[ScopeRow], setting: Setting) -> RowsTable | None:
    lines = [
        Row(((Paragraph(row.question, look.CELL_BOLD),), (setting.value(row.answer),)))
        for row in rows
    ]
    return setting.table(SCOPE, lines)


def _is_new(metrics: Sequence[MetricChart], number: int) -> bool:
    """Whether a chart shows other anchors than the one above it, or the same elsewhere."""
    above, chart = metrics[number - 1], metrics[number]
    return not number or (above.axis, above.marks) != (chart.axis, chart.marks)


def _metric(chart: MetricChart, setting: Setting, *, labelled: bool) -> list[Flowable]:
    unit = f" ({chart.unit})" if chart.unit else ""
    thinned = (
        [Paragraph(f"Lows and highs of {chart.shown_of:,} measured points.", look.NOTE)]
        if chart.shown_of
        else []
    )
    return setting.subsection(
        f"{chart.name}{unit}", MetricPlot(chart, setting.types, labelled=labelled), *thinned
    )
