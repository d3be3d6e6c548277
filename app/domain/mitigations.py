"""What was tried against the incident, in order, and what each attempt led to."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.timeline import Anchor, EntryKind, TimelineEntry, timeline_order

ATTEMPTS = frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})


def may_have_result(entry: TimelineEntry) -> bool:
    """Whether it can be an attempt: anchored as one, or an action that marks nothing else."""
    if entry.kind is EntryKind.HYPOTHESIS:
        return False
    plain_action = entry.kind is EntryKind.ACTION and entry.anchor is None
    return plain_action or entry.anchor in ATTEMPTS


def mitigation_attempts(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """Return the attempts in the order of the timeline: anchored as one, or with a result."""
    tried = (e for e in entries if e.anchor in ATTEMPTS or e.mitigation_result is not None)
    return sorted((e for e in tried if e.kind is not EntryKind.HYPOTHESIS), key=timeline_order)
