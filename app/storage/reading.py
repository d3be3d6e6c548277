"""Reads the whole record of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.errors import NotFoundError
from app.domain.incident import Incident
from app.domain.record import Record
from app.domain.sessions import Marker, Session, Track
from app.domain.timeline import TimelineEntry
from app.domain.transcript import Segment, Speaker
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
    sessions = _ids(Session, "incident_id", incident_id)
    tracks = _ids(Track, "session_id", sessions)

    def read(kind: Any, column: str, wanted: Any, *order: str) -> tuple[Any, ...]:
        source = table_of(kind)
        query = (
            select(source)
            .where(_matches(source.c[column], wanted))
            .order_by(*(source.c[name] for name in order))
        )
        return tuple(entity_of(kind, found) for found in connection.execute(query))

    return Record(
        incident=entity_of(Incident, row),
        sessions=read(Session, "incident_id", incident_id, "start_utc", "id"),
        tracks=read(Track, "session_id", sessions, "session_id", "label", "id"),
        markers=read(Marker, "session_id", sessions, "session_id", "at_ms", "id"),
        speakers=read(Speaker, "incident_id", incident_id, "label", "id"),
        segments=read(Segment, "track_id", tracks, "session_id", "start_ms", "track_id", "id"),
        entries=read(TimelineEntry, "incident_id", incident_id, "created_at", "id"),
        decisions=read(Decision, "incident_id", incident_id, "id"),
        actions=read(Action, "incident_id", incident_id, "id"),
        operations=read_operations(connection, incident_id),
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


def _ids(kind: Any, column: str, wanted: Any) -> Select[Any]:
    table = table_of(kind)
    return select(table.c.id).where(_matches(table.c[column], wanted))


def _matches(column: Any, wanted: Any) -> Any:
    return column.in_(wanted) if isinstance(wanted, Select) else column == wanted
