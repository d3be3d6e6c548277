"""Use case: apply edits and promotions that are written in the record's own schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.events import RecordChanged
from app.domain.times import now_utc
from app.services.edit_document import changes_of

if TYPE_CHECKING:
    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation


class RecordEdits:
    """Applies a document as one step: all of it, or nothing."""

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor

    def apply(self, incident_id: IncidentId, document: object) -> Operation:
        """Change what the document names and add what is new in it.

        Raises:
            InvalidRecordError: Something does not fit; it names the place, nothing is changed.
        """
        record = self._store.record(incident_id)
        changes = changes_of(record, document, by=self._actor, at=now_utc())
        operation = self._store.commit(
            incident_id, changes, by=self._actor, label="apply a document"
        )
        self._bus.publish(RecordChanged(incident_id, operation))
        return operation
