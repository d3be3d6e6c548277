"""Reads the steps of people's work."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.errors import InvalidRecordError
from app.domain.record import ENTITY_TYPES, Change, Entity, Operation
from app.domain.row_encoding import from_json_texts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from app.domain.ids import IncidentId

STEPS = "SELECT id, incident_id, at || '+00:00', by, label, undone, undone_by FROM operation "
CHANGES = (
    "SELECT c.operation_id, c.entity_type, c.entity_id, c.before, c.after FROM change c "
    "JOIN operation o ON o.id = c.operation_id "
)
CAN_BE_TAKEN_BACK = "WHERE incident_id = ? AND undoable AND NOT undone"
CAN_BE_DONE_AGAIN = (
    "WHERE incident_id = ? AND undoable AND undone AND seq > (SELECT coalesce(max(seq), 0) "
    "FROM operation WHERE incident_id = ? AND undoable AND NOT undone)"
)


def read_operations(
    connection: sqlite3.Connection, incident_id: IncidentId
) -> tuple[Operation, ...]:
    """Return all steps of an incident, oldest first.

    Raises:
        InvalidRecordError: One of them is damaged; it names what it is about.
    """
    which = "WHERE o.incident_id = ? ORDER BY o.seq, c.position"
    changes = _changes(connection.execute(CHANGES + which, (incident_id,)).fetchall())
    steps = connection.execute(STEPS + "WHERE incident_id = ? ORDER BY seq", (incident_id,))
    return tuple(_operation(step, changes.get(step[0], ())) for step in steps)


def latest_done(connection: sqlite3.Connection, incident_id: IncidentId) -> Operation | None:
    """Return the step that an undo takes back."""
    which = CAN_BE_TAKEN_BACK + " ORDER BY seq DESC LIMIT 1"
    return _first(connection, which, (incident_id,))


def earliest_undone(connection: sqlite3.Connection, incident_id: IncidentId) -> Operation | None:
    """Return the step that a redo does again: none once something new was done after the undo."""
    which = CAN_BE_DONE_AGAIN + " ORDER BY seq LIMIT 1"
    return _first(connection, which, (incident_id, incident_id))


def _first(
    connection: sqlite3.Connection, which: str, values: tuple[str, ...]
) -> Operation | None:
    step = connection.execute(STEPS + which, values).fetchone()
    if step is None:
        return None
    query = CHANGES + "WHERE c.operation_id = ? ORDER BY c.position"
    changes = _changes(connection.execute(query, (step[0],)).fetchall())
    return _operation(step, changes.get(step[0], ()))


def _operation(step: Sequence[Any], changes: Sequence[Change]) -> Operation:
    id_, incident_id, at, by, label, undone, undone_by = step
    return Operation(
        id_,
        incident_id,
        datetime.fromisoformat(at),
        by,
        label,
        tuple(changes),
        undone=bool(undone),
        undone_by=undone_by,
    )


def _changes(rows: Sequence[Sequence[Any]]) -> dict[str, list[Change]]:
    """Return the changes of each step, in the order of the rows."""
    made: dict[int, Change] = {}
    by_kind: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by_kind.setdefault(row[1], []).append(number)
    for name, numbers in by_kind.items():
        made.update(_of_one_kind(name, numbers, rows))
    found: dict[str, list[Change]] = {}
    for number, row in enumerate(rows):
        found.setdefault(row[0], []).append(made[number])
    return found


def _of_one_kind(
    name: str, numbers: Sequence[int], rows: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, Change]]:
    def place(index: int) -> str:
        return f"history of {name} {rows[numbers[index]][2]}"

    def states(column: int) -> list[Entity | None]:
        return from_json_texts(kind, [rows[number][column] for number in numbers], place=place)

    if name not in ENTITY_TYPES:
        raise InvalidRecordError(place(0), "there is no such kind of thing")
    kind = ENTITY_TYPES[name]
    befores, afters = states(3), states(4)
    for index, (number, before, after) in enumerate(zip(numbers, befores, afters, strict=True)):
        if before is None and after is None:
            raise InvalidRecordError(place(index), "it says neither before nor after")
        yield number, Change(before, after)
