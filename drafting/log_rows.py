"""Lines of the timeline, the decision log and the list of hypotheses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.decisions import Decision
from app.domain.ids import DecisionId
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult, TimelineEntry
from app.domain.times import Precision
from app.domain.unsure_figures import unsure_figures
from drafting.anchor_times import anchor_words
from drafting.report import Clock, DecisionRow, HypothesisRow, Ref, TimelineRow
from drafting.time_words import Moment, clock, delta, moment_of
from drafting.wording import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from app.domain.ids import EntryId
    from app.domain.record import Record
    from drafting.line_clock import LineClock
    from drafting.selection import Selection
    from drafting.source_index import SourceIndex

RESULTS = {
    MitigationResult.WORKED: "worked",
    MitigationResult.PARTIAL: "worked in part",
    MitigationResult.NO: "did not work",
    MitigationResult.WORSE: "made it worse",
    MitigationResult.UNKNOWN: "result unknown",
}
_REVERSIBLE = {True: "yes", False: "no", None: ""}


def timeline_rows(
    record: Record,
    entries: tuple[TimelineEntry, ...],
    index: SourceIndex,
    *,
    clocks: LineClock,
    start: Moment | None,
) -> tuple[TimelineRow, ...]:
    """Return the lines, citing the entries' sources in order."""
    ruled_out = dict(_rulings(record))
    unsure = unsure_figures(record)
    rows: list[TimelineRow] = []
    for number, entry in enumerate(entries, start=1):
        ref = f"T{number}"
        moment = moment_of(entry)
        rows.append(
            TimelineRow(
                ref=ref,
                clock=clocks.of(entry),
                delta=delta(start, moment) if start is not None and moment is not None else "",
                kind=entry.kind,
                text=entry.text,
                note=_note(entry, entry.settled_at or ruled_out.get(entry.id)),
                anchor=anchor_words(entry.anchor) if entry.anchor is not None else "",
                role=entry.owner_role or "",
                customer_visible=bool(entry.customer_visible),
                unproven=_unproven(entry),
                ruled_out=entry.hypothesis_state is HypothesisState.DISPROVED,
                doubt=_doubt(unsure.get(entry.id, ())),
                sources=index.cite(entry.sources, ref, evidence=entry.evidence),
            )
        )
    return tuple(rows)


def _doubt(figures: tuple[str, ...]) -> str:
    return f"{listing([f'“{figure}”' for figure in figures])} heard unsure" if figures else ""


def _unproven(entry: TimelineEntry) -> bool:
    if entry.hypothesis_state is HypothesisState.CONFIRMED:
        return not entry.is_confirmed
    return entry.hypothesis_state is HypothesisState.OPEN


def _note(entry: TimelineEntry, ruled_out_at: datetime | None) -> str:
    match entry.hypothesis_state:
        case HypothesisState.OPEN:
            return "hypothesis, not confirmed"
        case HypothesisState.CONFIRMED if not entry.is_confirmed:
            return "hypothesis, called confirmed without evidence"
        case HypothesisState.CONFIRMED:
            return "hypothesis, confirmed"
        case HypothesisState.DISPROVED:
            return f"hypothesis, ruled out{_marked(entry, ruled_out_at)}"
        case _:
            return _result(entry)


def _result(entry: TimelineEntry) -> str:
    """Return what a mitigation led to; the anchor before it, if any, says that it was one."""
    if entry.mitigation_result is None:
        return ""
    words = RESULTS[entry.mitigation_result]
    return words if entry.anchor is Anchor.MITIGATION_ATTEMPT else f"mitigation: {words}"


def _marked(entry: TimelineEntry, at: datetime | None) -> str:
    """Return when a person marked a hypothesis as disproved; with the day, unless it is clear."""
    if at is None:
        return ""
    moment = clock(Moment(at, Precision.MINUTE))
    same_day = clock(moment_of(entry)).day == moment.day
    return f" {moment.utc}" if same_day else f" {moment.utc} UTC on {moment.day}"


def _rulings(record: Record) -> Iterator[tuple[EntryId, datetime]]:
    """Yield when each hypothesis was marked as disproved, the last time last."""
    for operation in record.operations:
        if operation.undone:
            continue
        for change in operation.changes:
            after, before = change.after, change.before
            if not isinstance(after, TimelineEntry):
                continue
            was = before.hypothesis_state if isinstance(before, TimelineEntry) else None
            now = after.hypothesis_state
            if now is HypothesisState.DISPROVED and was is not HypothesisState.DISPROVED:
                yield after.id, operation.at


def hypothesis_rows(
    entries: tuple[TimelineEntry, ...], timeline: tuple[TimelineRow, ...]
) -> tuple[HypothesisRow, ...]:
    """Return the hypotheses as they stand in the timeline."""
    return tuple(
        HypothesisRow(
            ref=row.ref,
            clock=row.clock,
            text=row.text,
            state=row.note.removeprefix("hypothesis, "),
            unproven=row.unproven,
            ruled_out=row.ruled_out,
            sources=row.sources,
        )
        for entry, row in zip(entries, timeline, strict=True)
        if entry.kind is EntryKind.HYPOTHESIS
    )


def decision_rows(
    chosen: Selection, refs: Mapping[EntryId, Ref], index: SourceIndex, clocks: LineClock
) -> tuple[DecisionRow, ...]:
    """Return the log in the timeline's order, with decisions that are lines and no more, too."""
    by_entry: dict[EntryId, list[Decision]] = {}
    for decision in chosen.decisions:
        by_entry.setdefault(decision.entry_id, []).append(decision)
    pairs = [
        (entry, decision)
        for entry in chosen.entries
        for decision in by_entry.get(entry.id) or _unlogged(entry)
    ]
    return tuple(
        DecisionRow(
            ref=(ref := f"D{number}"),
            clock=_decided_at(decision, entry, clocks),
            decision=decision.decision,
            who=decision.who or entry.owner_role or "",
            rationale=decision.rationale or "",
            alternatives=decision.alternatives,
            information=decision.information_available or "",
            reversible=_REVERSIBLE[decision.reversible],
            line=refs[entry.id],
            sources=index.cite(decision.sources or entry.sources, ref, evidence=entry.evidence),
        )
        for number, (entry, decision) in enumerate(pairs, start=1)
    )


def _unlogged(entry: TimelineEntry) -> list[Decision]:
    """Return what the log says of a decision that is a line of the timeline and no more."""
    if entry.kind is not EntryKind.DECISION:
        return []
    bare = DecisionId(entry.id)
    return [Decision(bare, entry.incident_id, entry.id, entry.text, at=entry.occurred_at)]


def _decided_at(decision: Decision, entry: TimelineEntry, clocks: LineClock) -> Clock:
    """Return the decision's time with its entry's precision: it has none of its own."""
    if decision.at is None:
        return replace(clock(None), said=clocks.said(entry))
    precision = entry.precision
    if precision is Precision.UNKNOWN:
        precision = Precision.MINUTE
    return clocks.at(Moment(decision.at, precision))
