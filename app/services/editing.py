"""Use cases: change what stands in the record, and take changes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.events import RecordChanged
from app.domain.record import Change
from app.domain.timeline import EntryKind, HypothesisState
from app.services.entry_steps import entry_of
from app.services.promotion import companions, without_companions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import EntryId, IncidentId, SegmentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation


class Editing:
    """Each call is one step of the history; ``undo`` and ``redo`` survive a restart."""

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor

    def set_text(self, incident_id: IncidentId, entry_id: EntryId, text: str) -> Operation:
        """Reword an entry, and the decision or action that came with it."""
        record = self._store.record(incident_id)
        entry = entry_of(record, entry_id)
        if not text.strip():
            raise InvalidRecordError("text", "an entry needs words", remedy="Or remove it.")
        reworded = text.strip()
        changes = [Change(entry, replace(entry, text=reworded))]
        changes += [
            Change(d, replace(d, decision=reworded))
            for d in record.decisions
            if d.entry_id == entry_id and d.decision == entry.text
        ]
        changes += [
            Change(a, replace(a, text=reworded))
            for a in record.actions
            if a.entry_id == entry_id and a.text == entry.text
        ]
        return self._commit(incident_id, changes, "reword an entry")

    def set_kind(
        self, incident_id: IncidentId, entry_id: EntryId, kind: EntryKind
    ) -> Operation | None:
        """Make an entry of another kind; a decision or action comes or goes with it.

        None, and no step, where it is of that kind: a decision's reasons are not to be lost.
        """
        record = self._store.record(incident_id)
        entry = entry_of(record, entry_id)
        if entry.kind is kind:
            return None
        state = HypothesisState.OPEN if kind is EntryKind.HYPOTHESIS else None
        after = replace(entry, kind=kind, hypothesis_state=state, settled_at=None)
        changes = [*without_companions(record, entry_id), Change(entry, after)]
        changes += companions(after)
        return self._commit(incident_id, changes, f"make it a {kind.value}")

    def remove_entry(self, incident_id: IncidentId, entry_id: EntryId) -> Operation:
        """Take an entry off the timeline, with its decision or action."""
        record = self._store.record(incident_id)
        changes = [*without_companions(record, entry_id), Change(entry_of(record, entry_id), None)]
        return self._commit(incident_id, changes, "remove an entry")

    def set_segment_text(
        self, incident_id: IncidentId, segment_id: SegmentId, text: str
    ) -> Operation:
        """Correct what was recognised; the original is kept, and a doubt is settled."""
        record = self._store.record(incident_id)
        segment = next((s for s in record.segments if s.id == segment_id), None)
        if segment is None:
            raise NotFoundError(f"There is no segment “{segment_id}”.")
        after = replace(segment, text=text.strip(), flag=None)
        return self._commit(incident_id, [Change(segment, after)], "correct the transcript")

    def undo(self, incident_id: IncidentId) -> Operation | None:
        """Take back the latest step; None if there is none."""
        return self._tell(incident_id, self._store.undo(incident_id, by=self._actor))

    def redo(self, incident_id: IncidentId) -> Operation | None:
        """Do again what was taken back last; None if there is nothing."""
        return self._tell(incident_id, self._store.redo(incident_id, by=self._actor))

    def _commit(self, incident_id: IncidentId, changes: Sequence[Change], label: str) -> Operation:
        operation = self._store.commit(incident_id, changes, by=self._actor, label=label)
        self._bus.publish(RecordChanged(incident_id, operation))
        return operation

    def _tell(self, incident_id: IncidentId, operation: Operation | None) -> Operation | None:
        if operation is not None:
            self._bus.publish(RecordChanged(incident_id, operation))
        return operation
