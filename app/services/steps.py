"""One person's steps on a record: stored, then told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.events import RecordChanged
from app.domain.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Change, Operation, Record


class Steps:
    """What the services of live work share; ``clock`` returns the present moment."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        actor: str,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._store = store
        self._bus = bus
        self.actor = actor
        self._clock = clock

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    def record(self, incident_id: IncidentId) -> Record:
        """Return everything known of an incident.

        Raises:
            NotFoundError: There is no such incident.
        """
        return self._store.record(incident_id)

    def take(self, incident_id: IncidentId, changes: Sequence[Change], label: str) -> Operation:
        """Store one step, undone as one, and tell of it."""
        operation = self._store.commit(incident_id, changes, by=self.actor, label=label)
        self._bus.publish(RecordChanged(incident_id, operation))
        return operation
