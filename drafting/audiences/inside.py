"""What a template for people inside may say: words that are ready to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafting.audiences.outside import is_plain_fact
from drafting.outline import outline

if TYPE_CHECKING:
    from app.domain.record import Record
    from drafting.options import ReportOptions
    from drafting.report import (
        ActionRow,
        DecisionRow,
        HypothesisRow,
        Measure,
        Sentence,
        TimelineRow,
    )
    from drafting.report_analysis import AttemptRow, FactorRow, ImpactRow, Learning
    from drafting.report_conduct import UpdateRow


@dataclass(frozen=True, slots=True)
class InsideFacts:
    """The report's rows, by the names that templates use; see ``drafting.report`` for each.

    ``facts`` are the lines of the timeline that state a fact without doubt, ``visible`` those of
    them that customers could see. Hypotheses stand apart from them, always.
    """

    incident_id: str
    title: str
    severity: str
    state: str
    owner: str
    classification: str
    date: str
    made_at: str
    summary: tuple[Sentence, ...]
    measures: tuple[Measure, ...]
    impact: tuple[ImpactRow, ...]
    facts: tuple[TimelineRow, ...]
    visible: tuple[TimelineRow, ...]
    hypotheses: tuple[HypothesisRow, ...]
    decisions: tuple[DecisionRow, ...]
    attempts: tuple[AttemptRow, ...]
    factors: tuple[FactorRow, ...]
    learnings: tuple[Learning, ...]
    actions: tuple[ActionRow, ...]
    top_actions: tuple[ActionRow, ...]
    updates: tuple[UpdateRow, ...]
    review_dates: tuple[str, ...]


def inside_facts(record: Record, options: ReportOptions) -> InsideFacts:
    """Return what the report says, for a template."""
    report = outline(record, options)
    facts = tuple(row for row in report.timeline if is_plain_fact(row))
    return InsideFacts(
        incident_id=report.incident_id,
        title=report.title,
        severity=report.severity,
        state=report.state,
        owner=report.owner,
        classification=report.classification,
        date=report.date,
        made_at=report.made_at,
        summary=report.summary,
        measures=(*report.measures, *report.reach),
        impact=report.analysis.impact.rows,
        facts=facts,
        visible=tuple(row for row in facts if row.customer_visible),
        hypotheses=report.hypotheses,
        decisions=report.decisions,
        attempts=report.analysis.attempts,
        factors=report.analysis.causes.factors,
        learnings=report.analysis.learnings,
        actions=report.actions,
        top_actions=report.top_actions,
        updates=report.conduct.updates,
        review_dates=report.closeout.review_dates,
    )
