"""What a template for people outside may say: confirmed facts that they could see, and impact.

A hypothesis, a name, a cause, a decision or what it cost is not among it, so that no template,
not even a team's own, can tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cadence import in_order
from app.domain.incident import IncidentState
from app.domain.invariants import UNKNOWN
from app.domain.timeline import Anchor, EntryKind
from drafting.audiences.roles import without_names
from drafting.impact_rows import impact_part
from drafting.lines import lines_of
from drafting.time_words import between, clock, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.communications import Audience
    from app.domain.record import Record
    from drafting.lines import Lines
    from drafting.options import ReportOptions
    from drafting.report import TimelineRow

STANDINGS = {
    IncidentState.ACTIVE: "investigating",
    IncidentState.MITIGATED: "monitoring",
    IncidentState.MONITORING: "monitoring",
}
RESOLVED = "resolved"
# What customers are told of the impact; the rest is the company's own.
TOLD = {
    ("technical", "regions"): "regions",
    ("customer", "symptoms"): "what did not work",
    ("customer", "journeys"): "affected journeys",
    ("customer", "segments"): "who was affected",
    ("customer", "affected"): "affected",
    ("customer", "affected share"): "affected share",
    ("customer", "data loss"): "data loss",
    ("customer", "data corruption"): "data corruption",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A part of the impact; ``basis`` is “measured” or “estimated” for a number, else empty."""

    what: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class Event:
    """A fact and when it was, as ``14:02 UTC``; the time is empty where nobody knows it."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """The words a template for outside may use; empty ones are not known.

    ``standing`` is “investigating”, “monitoring” or “resolved”. ``minutes`` counts from the
    impact's start to the confirmed recovery. ``facts_used`` are the ids of the entries told.
    """

    date: str
    standing: str
    began: str
    recovered: str
    minutes: str
    impact: tuple[Told, ...]
    events: tuple[Event, ...]
    next_update: str
    facts_used: tuple[str, ...]


def outside_facts(record: Record, options: ReportOptions, audience: Audience) -> OutsideFacts:
    """Return what may be told outside."""
    lines = lines_of(record, options)
    plainly = without_names(record)
    told = [
        (entry.id, row)
        for entry, row in zip(lines.chosen.entries, lines.timeline, strict=True)
        if row.customer_visible and is_plain_fact(row)
    ]
    return OutsideFacts(
        date=lines.clocks.main_day,
        standing=STANDINGS.get(record.incident.state, RESOLVED),
        began=_at(lines, Anchor.IMPACT_START),
        recovered=_at(lines, Anchor.RECOVERY_CONFIRMED),
        minutes=_minutes(lines),
        impact=tuple(_impact(record, lines, plainly)),
        events=tuple(Event(_time(row), plainly(row.text)) for _, row in told),
        next_update=_next_update(record, audience),
        facts_used=tuple(entry_id for entry_id, _ in told),
    )


def is_plain_fact(row: TimelineRow) -> bool:
    """Whether a line states a fact, and none of its figures was heard unsure."""
    return row.kind is EntryKind.FACT and not row.doubt


def _at(lines: Lines, anchor: Anchor) -> str:
    point = lines.times.at(anchor)
    if point is None:
        return ""
    shown = clock(point.moment)
    day = f"{shown.day} " if shown.day != lines.clocks.main_day else ""
    return f"{day}{shown.utc} UTC"


def _minutes(lines: Lines) -> str:
    """Return the minutes that the impact lasted, counted between the times as printed."""
    start, end = (lines.times.at(a) for a in (Anchor.IMPACT_START, Anchor.RECOVERY_CONFIRMED))
    if start is None or end is None:
        return ""
    length, _ = between(start.moment, end.moment)
    minutes = int(length.total_seconds() // 60)
    return str(minutes) if minutes > 0 else ""


def _impact(record: Record, lines: Lines, plainly: Callable[[str], str]) -> Iterator[Told]:
    for row in impact_part(record, lines.index).rows:
        what = TOLD.get((row.layer, row.what))
        if what is not None and not row.value.endswith(UNKNOWN):
            yield Told(what, plainly(row.value), row.basis)


def _time(row: TimelineRow) -> str:
    day = f"{row.clock.day} " if row.clock.dated else ""
    return f"{day}{row.clock.utc} UTC" if row.clock.day else ""


def _next_update(record: Record, audience: Audience) -> str:
    """Return when the next update was promised to these readers; empty once it is over."""
    promised = [u for u in in_order(record.status_updates) if u.audience is audience]
    if not record.incident.state.is_running or not promised:
        return ""
    due = promised[-1].next_update_at
    return stamp(due) if due is not None else ""
