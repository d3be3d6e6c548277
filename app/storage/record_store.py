"""Keeps the record of every incident; the ``RecordStore`` port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import (
    IncidentId,
    OperationId,
    TrackId,
    new_id,
)
from app.domain.incident import Incident
from app.domain.record import Change, Operation, Record
from app.domain.timeline import TimelineEntry
from app.domain.times import now_utc
from app.domain.transcript import RecognitionPass, SearchHit, Segment
from app.storage.mapping import entity_of, table_of
from app.storage.operations import (
    apply_change,
    earliest_undone,
    latest_done,
    set_undone,
    write_operation,
)
from app.storage.reading import read_record, read_track
from app.storage.recognition import (
    count_as_live,
    drop_under_edited,
    drop_unedited,
    insert_segments,
    label_segments,
    read_cursor_ms,
    write_cursor,
)
from app.storage.search import search_segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.sessions import Track
    from app.storage.database import Database


class SqlRecordStore:
    """One transaction per call; what it returns is detached from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Reading

    def incidents(self) -> list[Incident]:
        """Return all incidents, newest first."""
        table = table_of(Incident)
        query = select(table).order_by(table.c.created_at.desc(), table.c.id)
        with self._database.reading() as connection:
            return [entity_of(Incident, row) for row in connection.execute(query)]

    def anchored_entries(self) -> list[TimelineEntry]:
        """Return the entries of all incidents that carry an anchor."""
        table = table_of(TimelineEntry)
        query = select(table).where(table.c.anchor.is_not(None)).order_by(table.c.id)
        with self._database.reading() as connection:
            return [entity_of(TimelineEntry, row) for row in connection.execute(query)]

    def track(self, track_id: TrackId) -> tuple[IncidentId, Track]:
        """Return a track and whose it is, without reading the rest."""
        with self._database.reading() as connection:
            return read_track(connection, track_id)

    def record(self, incident_id: IncidentId) -> Record:
        """Return everything known of an incident."""
        with self._database.reading() as connection:
            return read_record(connection, incident_id)

    def search(self, words: str, *, limit: int = 50) -> list[SearchHit]:
        """Return the segments of all incidents that hold all the words, best first."""
        with self._database.reading() as connection:
            return search_segments(connection, words, limit=limit)

    def cursor_ms(self, track_id: TrackId, made_in: RecognitionPass) -> int:
        """Return how far recognition of the track has come; 0 at first."""
        with self._database.reading() as connection:
            return read_cursor_ms(connection, track_id, made_in)

    def data_version(self) -> int:
        """Return a number that changes when another connection has written."""
        return self._database.data_version()

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    # Steps of people's work

    def commit(
        self,
        incident_id: IncidentId,
        changes: Sequence[Change],
        *,
        by: str,
        label: str,
        undoable: bool = True,
    ) -> Operation:
        """Store one step of somebody's work: all of it, or nothing."""
        operation = Operation(
            OperationId(new_id("op")), incident_id, now_utc(), by, label, tuple(changes)
        )
        with self._database.writing() as connection:
            for change in operation.changes:
                apply_change(connection, change)
            write_operation(connection, operation, undoable=undoable)
        return operation

    def undo(self, incident_id: IncidentId, *, by: str) -> Operation | None:
        """Take back the latest step that is not undone."""
        with self._database.writing() as connection:
            operation = latest_done(connection, incident_id)
            if operation is None:
                return None
            for change in reversed(operation.changes):
                apply_change(connection, change.inverse, of_history=True)
            return set_undone(connection, operation, by)

    def redo(self, incident_id: IncidentId, *, by: str) -> Operation | None:  # noqa: ARG002  doing a step again leaves it its author's
        """Do again the step that was undone last."""
        with self._database.writing() as connection:
            operation = earliest_undone(connection, incident_id)
            if operation is None:
                return None
            for change in operation.changes:
                apply_change(connection, change, of_history=True)
            return set_undone(connection, operation, None)

    # Recognition

    def add_segments(
        self,
        track_id: TrackId,
        segments: Sequence[Segment],
        *,
        made_in: RecognitionPass,
        cursor_ms: int,
        session_ms: int | None = None,
    ) -> None:
        """Store newly recognised segments together with how far recognition has come.

        A final pass takes the place of live words as it goes, so that one that is broken off
        leaves each stretch of the track with its words once.
        """
        with self._database.writing() as connection:
            insert_segments(connection, segments)
            if made_in is RecognitionPass.FINAL:
                live = RecognitionPass.LIVE
                until_ms = cursor_ms if session_ms is None else session_ms
                drop_unedited(connection, track_id, live, before_ms=until_ms)
            write_cursor(connection, track_id, made_in, cursor_ms)

    def label_segments(self, divisions: Sequence[tuple[Segment, Sequence[Segment]]]) -> None:
        """Note who speaks: each segment as it was read, and the parts it is divided into."""
        with self._database.writing() as connection:
            label_segments(connection, divisions)

    def restart_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Begin a pass again, from 0. No words go before there are new ones."""
        with self._database.writing() as connection:
            if made_in is RecognitionPass.FINAL:
                count_as_live(connection, track_id)
            else:  # a live pass that is asked for is meant to stand
                drop_unedited(connection, track_id, RecognitionPass.FINAL)
                drop_unedited(connection, track_id, RecognitionPass.LIVE)
            write_cursor(connection, track_id, made_in, 0)

    def finish_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Let a complete final pass take the place of what nobody edited.

        Where a person has edited a segment, theirs stays and the new one over it goes.
        """
        with self._database.writing() as connection:
            if made_in is RecognitionPass.FINAL:
                drop_unedited(connection, track_id, RecognitionPass.LIVE)
            drop_under_edited(connection, track_id, made_in)
