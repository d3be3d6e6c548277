"""From the record to the report: chooses, orders, numbers and refers. Pure; draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.incident import IncidentState
from app.domain.timeline import Anchor
from drafting.anchor_times import AnchorTimes
from drafting.evidence_index import EvidenceIndex
from drafting.follow_ups import action_rows, ranking, top_actions
from drafting.line_clock import LineClock, main_day
from drafting.log_rows import decision_rows, hypothesis_rows, timeline_rows
from drafting.method_note import method_note
from drafting.moves import move_rows
from drafting.report import Report, Sentence
from drafting.selection import Trust, select
from drafting.source_index import SourceIndex
from drafting.summary import summary
from drafting.time_words import Moment, clock, moment_of, stamp, zone_named
from drafting.wording import counted

if TYPE_CHECKING:
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry
    from drafting.options import ReportOptions
    from drafting.report import HypothesisRow
    from drafting.selection import Selection

_UNDER_WAY = {IncidentState.ACTIVE, IncidentState.MITIGATED, IncidentState.MONITORING}


def outline(record: Record, options: ReportOptions) -> Report:
    """Return everything a document about the record says.

    The same record and options give an equal report.
    """
    trust = Trust(record.segments)
    chosen = select(record, trust)
    index = SourceIndex(record, trust, EvidenceIndex(record, chosen))
    refs = {entry.id: f"T{number}" for number, entry in enumerate(chosen.entries, start=1)}
    times = AnchorTimes((refs[entry.id], entry) for entry in chosen.entries)
    start, start_words = _start(times, chosen.entries)
    clocks = _clocks(record, times, chosen.entries)
    timeline = timeline_rows(record, chosen.entries, index, clocks=clocks, start=start)
    decisions = decision_rows(chosen, refs, index, clocks)
    hypotheses = hypothesis_rows(chosen.entries, timeline)
    actions = action_rows(chosen.actions, refs, index)
    incident = record.incident
    return Report(
        incident_id=incident.id,
        title=incident.title,
        severity=incident.severity or "",
        state=incident.state.value.replace("_", " "),
        owner=incident.owner or "",
        classification=incident.classification or "",
        date=_days(chosen.entries),
        made_at=stamp(options.made_at),
        record_sha256=options.record_sha256,
        zone=incident.display_timezone if clocks.zone is not None else "",
        cautions=_cautions(incident.state, chosen, hypotheses),
        unconfirmed=tuple(h for h in hypotheses if h.unproven),
        summary=summary(
            incident,
            times,
            timeline=timeline,
            decisions=decisions,
            hypotheses=hypotheses,
            actions=actions,
        ),
        measures=times.measures(),
        ribbon=times.ribbon(),
        top_actions=top_actions(chosen.actions, actions),
        top_actions_by=ranking(chosen.actions),
        delta_from=start_words,
        main_day=clocks.main_day,
        timeline=timeline,
        moves=move_rows(record),
        decisions=decisions,
        hypotheses=hypotheses,
        actions=actions,
        method=method_note(record, chosen, options.unheard),
        sources=index.rows(),
        evidence=index.evidence_rows(),
    )


def _start(times: AnchorTimes, entries: tuple[TimelineEntry, ...]) -> tuple[Moment | None, str]:
    """Return from when the timeline counts, and in words from what."""
    point = times.at(Anchor.IMPACT_START)
    if point is not None:
        return point.moment, "impact start"
    first = next((m for entry in entries if (m := moment_of(entry)) is not None), None)
    return first, "the first timed entry" if first is not None else ""


def _clocks(record: Record, times: AnchorTimes, entries: tuple[TimelineEntry, ...]) -> LineClock:
    """Return how times are printed: in which zone beside UTC, and of which day without a date."""
    impact = times.at(Anchor.IMPACT_START)
    day = main_day(impact.moment if impact is not None else None, entries)
    return LineClock(zone_named(record.incident.display_timezone), day)


def _days(entries: tuple[TimelineEntry, ...]) -> str:
    """Return the UTC day of the incident, or first and last; empty when no time is known."""
    moments = (moment_of(entry) for entry in entries)
    days = sorted({clock(moment).day for moment in moments if moment is not None})
    return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else ""


def _cautions(
    state: IncidentState, chosen: Selection, hypotheses: tuple[HypothesisRow, ...]
) -> tuple[Sentence, ...]:
    """Return what a reader must know before relying on the page."""
    cautions = [Sentence("Draft: no approval is recorded.")]
    if state in _UNDER_WAY:
        cautions.append(Sentence(f"The incident is {state.value}: conclusions are provisional."))
    if chosen.untrusted:
        things = counted(chosen.untrusted, "statement")
        cautions.append(Sentence(f"Left out because of flagged transcript: {things}."))
    unproven = sum(hypothesis.unproven for hypothesis in hypotheses)
    if unproven:
        things = counted(unproven, "hypothesis is", "hypotheses are")
        cautions.append(Sentence(f"{things} not confirmed."))
    return tuple(cautions)
