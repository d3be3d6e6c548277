"""Steps of people's work: how they are applied and kept."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.record import Change, Entity, Operation, entity_type
from app.domain.transcript import Segment
from app.storage.mapping import columns_of, table_of
from app.storage.rows import select_one
from app.storage.tables import ChangeRow, OperationRow

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection, Select, Table

OPERATIONS: Table = OperationRow.__table__  # type: ignore[attr-defined]
CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]


def apply_change(connection: Connection, change: Change, *, of_history: bool = False) -> None:
    """Make one change: of an entity that stays, only the fields that it touches.

    So that steps on other fields do not stand in each other's way. A change ``of_history``, undone
    or redone, is passed over when recognition has replaced its segment meanwhile.

    Raises:
        InvalidRecordError: What it touches is not as the change says it was.
    """
    entity = change.entity
    table = table_of(type(entity))
    now = select_one(bare(connection), type(entity), entity.id)
    if now is None and change.before is not None and of_history and isinstance(entity, Segment):
        return
    before, after = change.before, change.after
    touched = _touched(before, after)
    if _only(now, touched) != _only(before, touched):
        raise InvalidRecordError(
            f"{entity_type(entity)} {entity.id}",
            "it was changed by someone else meanwhile",
            remedy="Look at it again and repeat the step; nothing was changed.",
        )
    if after is None:
        connection.execute(delete(table).where(table.c.id == entity.id))
    elif before is None:
        connection.execute(insert(table).values(**columns_of(after)))
    elif touched:
        values = {name: value for name, value in columns_of(after).items() if name in touched}
        connection.execute(update(table).where(table.c.id == entity.id).values(**values))


def bare(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection: it reads what SQLAlchemy has written in its transaction."""
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def _touched(before: Entity | None, after: Entity | None) -> frozenset[str] | None:
    """Return the fields that differ; None where the whole entity comes or goes."""
    if before is None or after is None:
        return None
    names = (field.name for field in fields(before))
    return frozenset(n for n in names if getattr(before, n) != getattr(after, n))


def _only(entity: Entity | None, names: frozenset[str] | None) -> object:
    if entity is None or names is None:
        return entity
    return {name: getattr(entity, name) for name in names}


def chosen_by_people(connection: Connection, field: str) -> set[str]:
    """Return the ids of the segments of which a step, not undone, chose the field's value."""
    query = _segment_changes(CHANGES.c.entity_id, CHANGES.c.before, CHANGES.c.after)
    return {
        row.entity_id
        for row in connection.execute(query)
        if (row.before or {}).get(field) != (row.after or {}).get(field)
    }


def edited_by_people(connection: Connection) -> set[str]:
    """Return the ids of the segments that a step touches which is not undone."""
    query = _segment_changes(CHANGES.c.entity_id)
    return set(connection.execute(query).scalars())


def _segment_changes(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(OPERATIONS, OPERATIONS.c.id == CHANGES.c.operation_id)
        .where(CHANGES.c.entity_type == "segment")
        .where(OPERATIONS.c.undoable.is_(True), OPERATIONS.c.undone.is_(False))
    )


def write_operation(connection: Connection, operation: Operation, *, undoable: bool) -> None:
    """Keep the step and its changes. What was undone before it can no longer be done again."""
    if undoable and not operation.undone:
        passed = (OPERATIONS.c.incident_id == operation.incident_id, OPERATIONS.c.undone.is_(True))
        connection.execute(update(OPERATIONS).where(*passed).values(undoable=False))
    row = {
        "id": operation.id,
        "incident_id": operation.incident_id,
        "at": operation.at,
        "by": operation.by,
        "label": operation.label,
        "undoable": undoable,
        "undone": operation.undone,
        "undone_by": operation.undone_by,
    }
    connection.execute(insert(OPERATIONS), [row])
    changes = [
        {
            "operation_id": operation.id,
            "position": position,
            "entity_type": entity_type(change.entity),
            "entity_id": change.entity.id,
            "before": None if change.before is None else to_json_values(change.before),
            "after": None if change.after is None else to_json_values(change.after),
        }
        for position, change in enumerate(operation.changes)
    ]
    if changes:
        connection.execute(insert(CHANGES), changes)


def set_undone(connection: Connection, operation: Operation, by: str | None) -> Operation:
    """Note who took the step back; None when it was done again."""
    values = {"undone": by is not None, "undone_by": by}
    connection.execute(update(OPERATIONS).where(OPERATIONS.c.id == operation.id).values(**values))
    return replace(operation, undone=by is not None, undone_by=by)
