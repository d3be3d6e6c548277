"""Steps of people's work: how they are applied, kept and read back."""

from __future__ import annotations

import operator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from app.domain.encoding import from_json_values, to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.record import ENTITY_TYPES, Change, Entity, Operation, entity_type
from app.storage.mapping import columns_of, entity_of, table_of
from app.storage.tables import ChangeRow, OperationRow

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, Table

    from app.domain.ids import IncidentId

OPERATIONS: Table = OperationRow.__table__  # type: ignore[attr-defined]
CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]


def apply_change(connection: Connection, change: Change) -> None:
    """Make one change.

    Raises:
        InvalidRecordError: The entity is not as the change says it was.
    """
    entity = change.entity
    table = table_of(type(entity))
    row = connection.execute(select(table).where(table.c.id == entity.id)).first()
    now = None if row is None else entity_of(type(entity), row)
    if now != change.before:
        raise InvalidRecordError(
            f"{entity_type(entity)} {entity.id}",
            "it was changed by someone else meanwhile",
            remedy="Look at it again and repeat the step; nothing was changed.",
        )
    if change.after is None:
        connection.execute(delete(table).where(table.c.id == entity.id))
    elif change.before is None:
        connection.execute(insert(table).values(**columns_of(change.after)))
    else:
        values = columns_of(change.after)
        connection.execute(update(table).where(table.c.id == entity.id).values(**values))


def write_operation(connection: Connection, operation: Operation, *, undoable: bool) -> None:
    """Keep the step and its changes."""
    row = {
        "id": operation.id,
        "incident_id": operation.incident_id,
        "at": operation.at,
        "by": operation.by,
        "label": operation.label,
        "undoable": undoable,
        "undone": False,
        "undone_by": None,
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


def latest_done(connection: Connection, incident_id: IncidentId) -> Operation | None:
    """Return the step that an undo takes back."""
    query = _steps(incident_id, undone=False).order_by(OPERATIONS.c.seq.desc()).limit(1)
    return _first(connection, query)


def earliest_undone(connection: Connection, incident_id: IncidentId) -> Operation | None:
    """Return the step that a redo does again: none once something new was done after the undo."""
    done = _steps(incident_id, undone=False).with_only_columns(func.max(OPERATIONS.c.seq))
    newest_done = func.coalesce(done.scalar_subquery(), 0)
    query = (
        _steps(incident_id, undone=True)
        .where(OPERATIONS.c.seq > newest_done)
        .order_by(OPERATIONS.c.seq)
        .limit(1)
    )
    return _first(connection, query)


def set_undone(connection: Connection, operation: Operation, by: str | None) -> Operation:
    """Note who took the step back; None when it was done again."""
    values = {"undone": by is not None, "undone_by": by}
    connection.execute(update(OPERATIONS).where(OPERATIONS.c.id == operation.id).values(**values))
    return replace(operation, undone=by is not None, undone_by=by)


def _steps(incident_id: IncidentId, *, undone: bool) -> Select[Any]:
    return select(OPERATIONS).where(
        OPERATIONS.c.incident_id == incident_id,
        OPERATIONS.c.undoable.is_(True),
        OPERATIONS.c.undone.is_(undone),
    )


def _first(connection: Connection, query: Select[Any]) -> Operation | None:
    row = connection.execute(query).first()
    if row is None:
        return None
    changes = select(CHANGES).where(CHANGES.c.operation_id == row.id).order_by(CHANGES.c.position)
    return _operation_of(row, tuple(_change(found) for found in connection.execute(changes)))


def read_operations(connection: Connection, incident_id: IncidentId) -> tuple[Operation, ...]:
    """Return all steps of an incident, oldest first."""
    query = (
        select(OPERATIONS)
        .where(OPERATIONS.c.incident_id == incident_id)
        .order_by(OPERATIONS.c.seq)
    )
    rows = connection.execute(query).all()
    ids = select(OPERATIONS.c.id).where(OPERATIONS.c.incident_id == incident_id)
    changes = connection.execute(
        select(CHANGES)
        .where(CHANGES.c.operation_id.in_(ids))
        .order_by(CHANGES.c.operation_id, CHANGES.c.position)
    ).all()
    grouped = {
        key: tuple(_change(row) for row in group)
        for key, group in groupby(changes, operator.attrgetter("operation_id"))
    }
    return tuple(_operation_of(row, grouped.get(row.id, ())) for row in rows)


def _operation_of(row: Any, changes: tuple[Change, ...]) -> Operation:
    return Operation(
        row.id,
        row.incident_id,
        row.at,
        row.by,
        row.label,
        changes,
        undone=row.undone,
        undone_by=row.undone_by,
    )


def _change(row: Any) -> Change:
    kind = ENTITY_TYPES[row.entity_type]
    place = f"history of {row.entity_type} {row.entity_id}"

    def entity(values: Any) -> Entity | None:
        return None if values is None else from_json_values(kind, values, place=place)

    return Change(entity(row.before), entity(row.after))
