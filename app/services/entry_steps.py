"""What steps on entries share: how one is kept, an entry found, evidence tied to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import NotFoundError
from app.domain.events import RecordChanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.ids import EntryId, EvidenceId, IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Change, Operation, Record
    from app.domain.timeline import TimelineEntry


class Steps:
    """Keeps one person's steps, and tells of each."""

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor

    def keep(
        self, incident_id: IncidentId, changes: Iterable[Change], label: str
    ) -> Operation | None:
        """Commit what really changes; None, and no step, where everything stands so already."""
        real = [change for change in changes if change.before != change.after]
        if not real:
            return None
        operation = self._store.commit(incident_id, real, by=self._actor, label=label)
        self._bus.publish(RecordChanged(incident_id, operation))
        return operation


def entry_of(record: Record, entry_id: EntryId) -> TimelineEntry:
    """Return an entry.

    Raises:
        NotFoundError: There is none of that id.
    """
    for entry in record.entries:
        if entry.id == entry_id:
            return entry
    raise NotFoundError(f"There is no entry “{entry_id}”.", remedy="Read the timeline again.")


def with_evidence(
    record: Record, entry: TimelineEntry, wanted: Sequence[EvidenceId]
) -> TimelineEntry:
    """Return the entry with this evidence as well.

    Raises:
        NotFoundError: The record has no such evidence.
    """
    known = {one.id for one in record.evidence}
    for one in wanted:
        if one not in known:
            raise NotFoundError(
                f"There is no evidence “{one}”.", remedy="“hotwash evidence ID” lists it."
            )
    # Once each, in the order in which they came.
    return replace(entry, evidence=tuple(dict.fromkeys((*entry.evidence, *wanted))))
