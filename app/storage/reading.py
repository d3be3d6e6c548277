"""Reads the whole record of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from app.domain.errors import NotFoundError
from app.domain.incident import Incident
from app.domain.record import LIST_PARTS, SINGLE_PARTS, ListPart, Record
from app.domain.sessions import Session, Track
from app.storage.mapping import entity_of, table_of
from app.storage.operations import read_operations

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.domain.ids import IncidentId, TrackId


def read_record(connection: Connection, incident_id: IncidentId) -> Record:
    """Return everything known of an incident.

    Raises:
        NotFoundError: There is no such incident.
    """
    table = table_of(Incident)
    row = connection.execute(select(table).where(table.c.id == incident_id)).first()
    if row is None:
        raise NotFoundError(
            f"There is no incident “{incident_id}”.", remedy="See “hotwash incidents”."
        )
    parts: dict[str, Any] = {
        name: _read_list(connection, part, incident_id) for name, part in LIST_PARTS.items()
    }
    for name, kind in SINGLE_PARTS.items():
        source = table_of(kind)
        found = connection.execute(select(source).where(source.c.id == incident_id)).first()
        parts[name] = None if found is None else entity_of(kind, found)
    return Record(
        incident=entity_of(Incident, row),
        operations=read_operations(connection, incident_id),
        **parts,
    )


def read_track(connection: Connection, track_id: TrackId) -> tuple[IncidentId, Track]:
    """Return a track and whose it is.

    Raises:
        NotFoundError: There is no such track.
    """
    tracks, sessions = table_of(Track), table_of(Session)
    query = (
        select(tracks, sessions.c.incident_id)
        .join(sessions, sessions.c.id == tracks.c.session_id)
        .where(tracks.c.id == track_id)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no track “{track_id}”.")
    return row.incident_id, entity_of(Track, row)


def _read_list(connection: Connection, part: ListPart, incident_id: IncidentId) -> tuple[Any, ...]:
    source = table_of(part.kind)
    query = (
        select(source)
        .where(_belongs_to(part.kind, incident_id))
        .order_by(*(source.c[name] for name in part.order))
    )
    return tuple(entity_of(part.kind, found) for found in connection.execute(query))


def _belongs_to(kind: Any, incident_id: IncidentId) -> Any:
    """Tell the rows of an incident: by its id, or through their track or session."""
    columns = table_of(kind).c
    if "incident_id" in columns:
        return columns.incident_id == incident_id
    column, owner = ("track_id", Track) if "track_id" in columns else ("session_id", Session)
    owners = table_of(owner)
    ids: Select[Any] = select(owners.c.id).where(_belongs_to(owner, incident_id))
    return columns[column].in_(ids)
