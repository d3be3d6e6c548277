"""What was tried against the incident, in order, and what each attempt led to."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.timeline import Anchor, EntryKind, TimelineEntry, timeline_order

ATTEMPTS = frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})


def may_have_result(entry: TimelineEntry) -> bool:
    """Whether it can be an attempt: no guess, and no other moment of the incident."""
    guess = entry.kind is EntryKind.HYPOTHESIS
    return not guess and (entry.anchor is None or entry.anchor in ATTEMPTS)


def mitigation_attempts(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """Return the attempts in the order of the timeline: anchored as one, or with a result."""
    tried = (e for e in entries if e.anchor in ATTEMPTS or e.mitigation_result is not None)
    return sorted((e for e in tried if e.kind is not EntryKind.HYPOTHESIS), key=timeline_order)
