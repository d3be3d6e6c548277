"""An incident's times, derived from the entries that carry its anchors: one truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.timeline import Anchor, TimelineEntry


@dataclass(frozen=True, slots=True)
class IncidentTimes:
    """When it started, was detected and so on; None where no entry says so."""

    started: datetime | None = None
    detected: datetime | None = None
    declared: datetime | None = None
    mitigated: datetime | None = None
    resolved: datetime | None = None


def incident_times(entries: Iterable[TimelineEntry]) -> IncidentTimes:
    """Read the times off the anchors; of several entries with one anchor the earliest counts.

    An incident starts with its impact (with the trigger where no impact is timed), is mitigated
    when the rollback or fix is done (the latest one: earlier ones did not hold) and resolved
    when recovery is confirmed.
    """
    timed = [e for e in entries if e.anchor is not None and e.occurred_at is not None]

    def moments(anchor: Anchor) -> list[datetime]:
        return sorted(e.occurred_at for e in timed if e.anchor is anchor and e.occurred_at)

    def first(*anchors: Anchor) -> datetime | None:
        return next((found[0] for anchor in anchors if (found := moments(anchor))), None)

    fixes = moments(Anchor.ROLLBACK_OR_FIX)
    return IncidentTimes(
        started=first(Anchor.IMPACT_START, Anchor.TRIGGER),
        detected=first(Anchor.DETECTION),
        declared=first(Anchor.DECLARED),
        mitigated=fixes[-1] if fixes else None,
        resolved=first(Anchor.RECOVERY_CONFIRMED, Anchor.MONITORING_COMPLETE),
    )
