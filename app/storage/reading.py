"""Reads the whole record of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.collection import without_collection
from app.domain.errors import NotFoundError
from app.domain.incident import Incident
from app.domain.record import LIST_PARTS, NAMES, SINGLE_PARTS, Record
from app.domain.row_encoding import fields_of
from app.domain.sessions import Session, Track
from app.storage.history import read_operations
from app.storage.rows import select, select_one

if TYPE_CHECKING:
    import sqlite3

    from app.domain.ids import IncidentId, TrackId
    from app.domain.transcript import RecognitionPass


def read_record(connection: sqlite3.Connection, incident_id: IncidentId) -> Record:
    """Return everything known of an incident.

    Raises:
        NotFoundError: There is no such incident.
        InvalidRecordError: A row is damaged; it is named.
    """
    incident = select_one(connection, Incident, incident_id)
    if incident is None:
        raise NotFoundError(
            f"There is no incident “{incident_id}”.", remedy="See “hotwash incidents”."
        )
    with without_collection():
        parts: dict[str, Any] = {
            name: tuple(
                select(connection, part.kind, _of_incident(part.kind, *part.order), (incident_id,))
            )
            for name, part in LIST_PARTS.items()
        }
        for name, kind in SINGLE_PARTS.items():
            parts[name] = select_one(connection, kind, incident_id)
        operations = read_operations(connection, incident_id)
        return Record(incident=incident, operations=operations, **parts)


def read_track(connection: sqlite3.Connection, track_id: TrackId) -> tuple[IncidentId, Track]:
    """Return a track and whose it is.

    Raises:
        NotFoundError: There is no such track.
    """
    track = select_one(connection, Track, track_id)
    session = None if track is None else select_one(connection, Session, track.session_id)
    if track is None or session is None:
        raise NotFoundError(f"There is no track “{track_id}”.")
    return session.incident_id, track


def read_cursor_ms(
    connection: sqlite3.Connection, track_id: TrackId, made_in: RecognitionPass
) -> int:
    """Return how far recognition of the track has come; 0 at first."""
    query = "SELECT cursor_ms FROM recognition_cursor WHERE track_id = ? AND made_in = ?"
    row = connection.execute(query, (track_id, made_in.value)).fetchone()
    return 0 if row is None else int(row[0])


def _of_incident(kind: Any, *order: str) -> str:
    return f"WHERE {_belongs_to(kind)} ORDER BY {', '.join(order)}"


def _belongs_to(kind: Any) -> str:
    """Tell the rows of an incident: by its id, or through their track or session."""
    names = fields_of(kind).names
    if "incident_id" in names:
        return "incident_id = ?"
    column, owner = ("track_id", Track) if "track_id" in names else ("session_id", Session)
    # the names are our own
    return f"{column} IN (SELECT id FROM {NAMES[owner]} WHERE {_belongs_to(owner)})"  # noqa: S608
