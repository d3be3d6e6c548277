"""Puts things on record, as one step of Marcus's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.record import Change
from tests.builders import INCIDENT

if TYPE_CHECKING:
    from app.domain.record import Entity
    from app.storage.record_store import SqlRecordStore


def keep(store: SqlRecordStore, *entities: Entity, undoable: bool = True) -> None:
    changes = [Change(None, entity) for entity in entities]
    store.commit(INCIDENT, changes, by="Marcus", label="keep", undoable=undoable)
