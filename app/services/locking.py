"""Use case: lock the facts under a name, so that later edits are visible changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.ids import LockId, new_id
from app.domain.locks import Lock
from app.domain.record import Change
from app.domain.times import now_utc
from app.services.lock_changes import locked_parts
from app.services.record_json import record_sha256

if TYPE_CHECKING:
    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus, RecordStore


class Locking:
    """Makes locks. They are not undone: what was signed off stays signed off."""

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor

    def lock(self, incident_id: IncidentId, name: str) -> Lock:
        """Keep what stands now as a named snapshot.

        Raises:
            InvalidRecordError: The name is empty, or taken.
        """
        record = self._store.record(incident_id)
        wanted = name.strip()
        if not wanted:
            raise InvalidRecordError("name", "a lock needs a name")
        if wanted in {lock.name for lock in record.locks}:
            raise InvalidRecordError(
                "name", f"there is a lock “{wanted}” already", remedy="Choose another name."
            )
        lock = Lock(
            LockId(new_id("lck")),
            incident_id,
            wanted,
            now_utc(),
            self._actor,
            record_sha256(record),
            locked_parts(record),
        )
        operation = self._store.commit(
            incident_id,
            [Change(None, lock)],
            by=self._actor,
            label=f"lock “{wanted}”",
            undoable=False,
        )
        self._bus.publish(RecordChanged(incident_id, operation))
        return lock
