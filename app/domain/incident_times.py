"""An incident's times, derived from the entries that carry its anchors: one truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.timeline import (
    Anchor,
    EntryKind,
    MitigationResult,
    TimelineEntry,
    timeline_order,
)

# What ends something counts from its last mention: a recovery that did not hold was none.
LATEST = frozenset({Anchor.ROLLBACK_OR_FIX, Anchor.RECOVERY_CONFIRMED, Anchor.MONITORING_COMPLETE})
FAILED = frozenset({MitigationResult.NO, MitigationResult.WORSE})


@dataclass(frozen=True, slots=True)
class IncidentTimes:
    """When it started, was detected and so on; None where no entry says so."""

    started: datetime | None = None
    detected: datetime | None = None
    declared: datetime | None = None
    mitigated: datetime | None = None
    recovered: datetime | None = None
    resolved: datetime | None = None


def anchor_entries(entries: Iterable[TimelineEntry]) -> dict[Anchor, TimelineEntry]:
    """Return the entry that each anchor stands on: the first mention, of endings the last.

    Without a time, as a guess, or as a fix that failed, an entry anchors nothing.
    """
    chosen: dict[Anchor, TimelineEntry] = {}
    for entry in sorted(filter(_is_established, entries), key=timeline_order):
        if entry.anchor is not None and (entry.anchor in LATEST or entry.anchor not in chosen):
            chosen[entry.anchor] = entry
    return chosen


def incident_times(entries: Iterable[TimelineEntry]) -> IncidentTimes:
    """Read the times off the anchors.

    An incident starts with its impact (with the trigger where no impact is timed), is mitigated
    by the rollback or fix, recovered when that is confirmed, resolved when monitoring ends.
    """
    chosen = anchor_entries(entries)

    def moment(*anchors: Anchor) -> datetime | None:
        return next((chosen[a].occurred_at for a in anchors if a in chosen), None)

    return IncidentTimes(
        started=moment(Anchor.IMPACT_START, Anchor.TRIGGER),
        detected=moment(Anchor.DETECTION),
        declared=moment(Anchor.DECLARED),
        mitigated=moment(Anchor.ROLLBACK_OR_FIX),
        recovered=moment(Anchor.RECOVERY_CONFIRMED),
        resolved=moment(Anchor.MONITORING_COMPLETE),
    )


def _is_established(entry: TimelineEntry) -> bool:
    if entry.occurred_at is None:
        return False
    if entry.kind is EntryKind.HYPOTHESIS:
        return entry.is_confirmed
    is_fix = entry.anchor is Anchor.ROLLBACK_OR_FIX
    return not (is_fix and entry.mitigation_result in FAILED)
