"""Everything that a database keeps of incidents, row by row, whatever its schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.record import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import IncidentId
    from app.domain.text_fields import Values

HISTORY = (
    'SELECT c.rowid, c.entity_type, c."before", c."after", o.incident_id'
    " FROM change c JOIN operation o ON o.id = c.operation_id"
)
SESSIONS = "SELECT id, incident_id FROM session"
TRACKS = "SELECT t.id, s.incident_id FROM track t JOIN session s ON s.id = t.session_id"


def states(connection: Connection, incident_id: IncidentId) -> Iterator[tuple[str, Values]]:
    """Yield kind and values of everything of an incident, as it stands and stood."""
    for row in rows(connection, incident_id):
        yield row.kind, row.values
    for _key, kind, _owner, found in history(connection, incident_id):
        yield from ((kind, state) for state in found if state is not None)


def history(
    connection: Connection, only: IncidentId | None
) -> Iterator[tuple[int, str, str, list[Values | None]]]:
    """Yield each change: its number, its kind, whose it is, the states before and after."""
    for key, kind, *spelled, incident_id in connection.exec_driver_sql(HISTORY):
        if only in {None, incident_id}:
            found = [None if text is None else json.loads(text) for text in spelled]
            yield key, kind, incident_id, found


def _owners(connection: Connection) -> dict[str, str]:
    return {
        name: incident_id
        for query in (SESSIONS, TRACKS)
        for name, incident_id in connection.exec_driver_sql(query)
    }


def _owner(owners: Mapping[str, str], values: Values) -> str:
    """Return whose a thing is: through its session or track, or as the only one of its kind."""
    if "incident_id" in values:
        return str(values["incident_id"])
    way = values.get("session_id") or values.get("track_id")
    return owners.get(way, "") if way else str(values["id"])


@dataclass(frozen=True, slots=True)
class Row:
    """One thing; ``nested`` are the columns that are kept as JSON."""

    kind: str
    key: int
    incident_id: str
    values: Values
    nested: frozenset[str]


def rows(connection: Connection, only: IncidentId | None) -> Iterator[Row]:
    """Yield everything, or what is of one incident.

    With the columns that the tables have: a copy may be of an older schema.
    """
    owners = _owners(connection)
    for kind in ENTITY_TYPES:
        columns = connection.exec_driver_sql(f'PRAGMA table_info("{kind}")').all()
        if not columns:
            continue
        names = [column.name for column in columns]
        nested = frozenset(column.name for column in columns if column.type == "JSON")
        query = f'SELECT rowid, * FROM "{kind}"'  # noqa: S608  a name of ours
        for key, *cells in connection.exec_driver_sql(query):
            values = dict(zip(names, cells, strict=True))
            incident_id = _owner(owners, values)
            if only not in {None, incident_id}:
                continue  # before its JSON is read: there may be a million of them
            for name in nested:
                values[name] = None if values[name] is None else json.loads(values[name])
            yield Row(kind, key, incident_id, values, nested)
