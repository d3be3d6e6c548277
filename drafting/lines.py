"""The numbered lines of a report: what is chosen of a record, and what each line rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.timeline import Anchor
from drafting.anchor_times import AnchorTimes
from drafting.evidence_index import EvidenceIndex
from drafting.factor_rows import factor_refs
from drafting.follow_ups import action_rows
from drafting.line_clock import LineClock, main_day
from drafting.log_rows import decision_rows, hypothesis_rows, timeline_rows
from drafting.order import Order
from drafting.selection import Trust, select
from drafting.source_index import SourceIndex
from drafting.time_words import moment_of, zone_named

if TYPE_CHECKING:
    from app.domain.ids import EntryId, FactorId
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry
    from drafting.options import ReportOptions
    from drafting.report import ActionRow, DecisionRow, HypothesisRow, Ref, TimelineRow
    from drafting.selection import Selection
    from drafting.time_words import Moment


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines with their references; ``index`` takes the citations of what comes after them."""

    chosen: Selection
    refs: dict[EntryId, Ref]
    factors: dict[FactorId, Ref]
    index: SourceIndex
    times: AnchorTimes
    clocks: LineClock
    counted_from: str
    timeline: tuple[TimelineRow, ...]
    decisions: tuple[DecisionRow, ...]
    hypotheses: tuple[HypothesisRow, ...]
    actions: tuple[ActionRow, ...]

    @property
    def by_entry(self) -> dict[EntryId, TimelineRow]:
        """The lines of the timeline by the entries that they print."""
        pairs = zip(self.chosen.entries, self.timeline, strict=True)
        return {entry.id: row for entry, row in pairs}


def lines_of(record: Record, options: ReportOptions) -> Lines:
    """Choose and number what is printed, citing sources in the order of the report."""
    trust, order = Trust(record.segments), Order(record)
    chosen = select(record, trust, order, options.entries_left_out)
    index = SourceIndex(record, trust, EvidenceIndex(record, chosen))
    refs = {entry.id: f"T{number}" for number, entry in enumerate(chosen.entries, start=1)}
    times = AnchorTimes((refs[entry.id], entry) for entry in chosen.entries)
    start, counted_from = _start(times, chosen.entries)
    clocks = _clocks(record, times, chosen.entries)
    factors = factor_refs(record, order)
    timeline = timeline_rows(record, chosen.entries, index, clocks=clocks, start=start)
    return Lines(
        chosen=chosen,
        refs=refs,
        factors=factors,
        index=index,
        times=times,
        clocks=clocks,
        counted_from=counted_from,
        timeline=timeline,
        decisions=decision_rows(chosen, refs, index, clocks),
        hypotheses=hypothesis_rows(chosen.entries, timeline),
        actions=action_rows(chosen.actions, refs, index, factors),
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
