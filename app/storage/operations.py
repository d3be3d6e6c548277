"""Steps of people's work: how they are applied and kept."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.record import Change, Entity, Operation, entity_type
from app.domain.transcript import Segment
from app.storage.mapping import columns_of, table_of
from app.storage.rows import select_all
from app.storage.tables import ChangeRow, OperationRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Select, Table

OPERATIONS: Table = OperationRow.__table__  # type: ignore[attr-defined]
CHANGES: Table = ChangeRow.__table__  # type: ignore[attr-defined]


def apply_changes(
    connection: Connection, changes: Iterable[Change], *, of_history: bool = False
) -> None:
    """Make changes in their order: of an entity that stays, only the fields that they touch.

    So that steps on other fields do not stand in each other's way. Changes ``of_history``, undone
    or redone, are passed over where recognition has replaced their segment meanwhile.

    Raises:
        InvalidRecordError: What one touches is not as it says it was.
    """
    for (kind, touched, _), alike in groupby(changes, _shape):
        run = list(alike)
        names = [change.entity.id for change in run]
        now: dict[str, Entity | None] = {
            entity.id: entity for entity in select_all(bare(connection), kind, names)
        }
        if of_history and kind is Segment:
            run = [change for change in run if change.before is None or change.entity.id in now]
        for change in run:
            _refuse_other_state(change, now.get(change.entity.id), touched)
            now[change.entity.id] = change.after
        _write(connection, table_of(kind), run, touched)


def _shape(change: Change) -> tuple[type[Entity], frozenset[str] | None, bool]:
    """Return what changes have in common that one statement makes."""
    return type(change.entity), _touched(change.before, change.after), change.after is None


def _refuse_other_state(
    change: Change, now: Entity | None, touched: frozenset[str] | None
) -> None:
    if _only(now, touched) != _only(change.before, touched):
        raise InvalidRecordError(
            f"{entity_type(change.entity)} {change.entity.id}",
            "it was changed by someone else meanwhile",
            remedy="Look at it again and repeat the step; nothing was changed.",
        )


def _write(
    connection: Connection, table: Table, run: Sequence[Change], touched: frozenset[str] | None
) -> None:
    """Make changes of one shape with one statement: thousands take hardly longer than one."""
    whose = table.c.id == bindparam("whose")
    kept = [change.after for change in run if change.after is not None]
    gone = [{"whose": change.entity.id} for change in run if change.after is None]
    if gone:
        connection.execute(delete(table).where(whose), gone)
    elif kept and touched is None:
        connection.execute(insert(table), [columns_of(entity) for entity in kept])
    elif kept and touched:
        rows = [{"whose": entity.id, **columns_of(entity, touched)} for entity in kept]
        connection.execute(update(table).where(whose), rows)


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
