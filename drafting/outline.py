"""From the record to the report: chooses, orders, numbers and refers. Pure; draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.incident import IncidentTrack
from drafting.attempts import attempt_rows
from drafting.bands import severity_bands
from drafting.cautions import cautions
from drafting.closing_rows import closeout_part
from drafting.factor_rows import action_groups, causes, learnings
from drafting.follow_ups import action_refs, ranking, top_actions
from drafting.glossary_terms import glossary_terms
from drafting.impact_rows import impact_part
from drafting.lines import lines_of
from drafting.method_note import method_note
from drafting.metric_charts import metric_charts
from drafting.moves import move_rows
from drafting.reach import reach
from drafting.report import Report
from drafting.report_analysis import Analysis
from drafting.report_conduct import Conduct
from drafting.review_guide import review_guide
from drafting.role_lanes import role_lanes, talk_rows
from drafting.summary import summary
from drafting.time_words import clock, moment_of, stamp
from drafting.update_rows import cadence_strip, checkpoint_rows, communication_rows, update_rows
from drafting.wording import spaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.incident import Incident
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry
    from drafting.lines import Lines
    from drafting.options import ReportOptions
    from drafting.report import Sentence
    from drafting.report_conduct import ReviewGuide

IN_PACK = "manifest of the evidence pack"
ALONE = "record, evidence and audio chain"
RECORD = "record"


def outline(record: Record, options: ReportOptions) -> Report:
    """Return everything a document about the record says.

    The same record and options give an equal report.
    """
    lines = lines_of(record, options)
    analysis, conduct = _analysis(record, lines), _conduct(record, lines, options)
    incident, chosen = record.incident, lines.chosen
    hash_of, sha256 = _hash(options)
    untold = _untold(analysis, conduct)
    return Report(
        incident_id=incident.id,
        title=shown_title(incident),
        severity=incident.severity or "",
        state=spaced(incident.state.value),
        owner=incident.owner or "",
        classification=incident.classification or "",
        date=_days(chosen.entries),
        made_at=stamp(options.made_at),
        record_sha256=options.record_sha256,
        sha256=sha256,
        hash_of=hash_of,
        final_by=options.final_by,
        without=options.sections_left_out,
        zone=incident.display_timezone if lines.clocks.zone is not None else "",
        cautions=cautions(incident, lines, options),
        unconfirmed=tuple(h for h in lines.hypotheses if h.unproven),
        summary=_summary(incident, lines),
        measures=lines.times.measures(),
        reach=reach(analysis.impact, lines.timeline),
        ribbon=lines.times.ribbon(),
        bands=severity_bands(incident, lines.times),
        top_actions=top_actions(chosen.actions, lines.actions),
        top_actions_by=ranking(chosen.actions),
        delta_from=lines.counted_from,
        main_day=lines.clocks.main_day,
        timeline=lines.timeline,
        moves=move_rows(record),
        decisions=lines.decisions,
        hypotheses=lines.hypotheses,
        actions=lines.actions,
        method=method_note(record, lines, options.unheard, untold=untold),
        sources=lines.index.rows(),
        evidence=lines.index.evidence_rows(),
        analysis=analysis,
        conduct=conduct,
        closeout=closeout_part(record),
        review=_review(lines, analysis),
        glossary=glossary_terms(options.glossary, _texts(lines, analysis)),
    )


def _summary(incident: Incident, lines: Lines) -> tuple[Sentence, ...]:
    return summary(
        incident,
        lines.times,
        timeline=lines.timeline,
        decisions=lines.decisions,
        hypotheses=lines.hypotheses,
        actions=lines.actions,
    )


def _review(lines: Lines, analysis: Analysis) -> ReviewGuide:
    return review_guide(
        lines.chosen.entries,
        lines.timeline,
        decisions=lines.decisions,
        hypotheses=lines.hypotheses,
        attempts=analysis.attempts,
        actions=lines.actions,
        causes=analysis.causes,
    )


def _analysis(record: Record, lines: Lines) -> Analysis:
    """Return impact and causes, citing their evidence after that of the timeline."""
    names = action_refs(lines.chosen.actions)
    actions = [(names[action.id], action) for action in lines.chosen.actions]
    found = causes(record, lines.factors, lines.refs, lines.index, actions)
    return Analysis(
        impact=impact_part(record, lines.index),
        metrics=metric_charts(record, lines.times.points()),
        attempts=attempt_rows(lines.chosen.entries, lines.by_entry),
        causes=found,
        learnings=learnings(record.learnings),
        action_groups=action_groups(lines.actions, found.factors),
    )


def _conduct(record: Record, lines: Lines, options: ReportOptions) -> Conduct:
    return Conduct(
        updates=update_rows(record, options.cadence),
        cadence=cadence_strip(record, options.cadence),
        communications=communication_rows(record),
        checkpoints=checkpoint_rows(record),
        lanes=role_lanes(record, [point.moment.at for point in lines.times.points()]),
        talk=talk_rows(record),
    )


def _untold(analysis: Analysis, conduct: Conduct) -> list[str]:
    """Return what has no section, for the record holds nothing of it."""
    told = {
        "impact": not analysis.impact.is_empty,
        "mitigation attempts": bool(analysis.attempts),
        "contributing factors": not analysis.causes.is_empty,
        "what was learned": any(part.words for part in analysis.learnings),
        "communications": bool(conduct.updates or conduct.communications),
    }
    return [what for what, is_told in told.items() if not is_told]


def shown_title(incident: Incident) -> str:
    """Return the title; of an incident of the security track its codename, where it has one."""
    secret = incident.track is IncidentTrack.SECURITY
    return (incident.codename if secret else None) or incident.title


def _hash(options: ReportOptions) -> tuple[str, str]:
    if options.manifest_hash is None:
        return (RECORD, options.record_sha256) if options.record_sha256 else ("", "")
    return IN_PACK if options.in_pack else ALONE, options.manifest_hash


def _days(entries: tuple[TimelineEntry, ...]) -> str:
    """Return the UTC day of the incident, or first and last; empty when no time is known."""
    moments = (moment_of(entry) for entry in entries)
    days = sorted({clock(moment).day for moment in moments if moment is not None})
    return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else ""


def _texts(lines: Lines, analysis: Analysis) -> Iterator[str]:
    yield from (row.text for row in lines.timeline)
    yield from (row.decision for row in lines.decisions)
    yield from (row.text for row in lines.actions)
    yield from (row.text for row in analysis.causes.factors)
    yield from (row.value for row in analysis.impact.rows)
