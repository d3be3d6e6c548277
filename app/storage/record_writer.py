"""Writes the record of every incident: what needs SQLAlchemy, which is loaded with this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.ids import OperationId, new_id
from app.domain.limits import refuse_excess
from app.domain.record import Change, Operation
from app.domain.times import now_utc
from app.domain.transcript import RecognitionPass, Segment
from app.storage.history import earliest_undone, latest_done
from app.storage.merging import read_copy, take_in
from app.storage.operations import apply_changes, bare, set_undone, write_operation
from app.storage.recognition import (
    count_as_live,
    drop_under_edited,
    drop_unedited,
    furthest_cursor_ms,
    insert_segments,
    label_segments,
    mark_bleed,
    note_recognition,
    write_cursor,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from app.domain.ids import IncidentId, SegmentId, SessionId, TrackId
    from app.domain.merging import Copy, Merge
    from app.domain.recognitions import Recognition
    from app.storage.database import Database


class RecordWriter:
    """One transaction per call. What each does is told where it is called: the record store."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        with self._database.writing() as connection:
            return _commit(connection, incident_id, changes, by, label, undoable=undoable)

    def undo(self, incident_id: IncidentId, *, by: str) -> Operation | None:
        """Take back the latest step that is not undone."""
        with self._database.writing() as connection:
            operation = latest_done(bare(connection), incident_id)
            if operation is None:
                return None
            back = [change.inverse for change in reversed(operation.changes)]
            apply_changes(connection, back, of_history=True)
            return set_undone(connection, operation, by)

    def redo(self, incident_id: IncidentId, *, by: str) -> Operation | None:  # noqa: ARG002  doing a step again leaves it its author's
        """Do again the step that was undone last."""
        with self._database.writing() as connection:
            operation = earliest_undone(bare(connection), incident_id)
            if operation is None:
                return None
            apply_changes(connection, operation.changes, of_history=True)
            return set_undone(connection, operation, None)

    # Copies of an incident

    def copy(self, incident_id: IncidentId) -> Copy:
        """Return everything of an incident, with what is kept beside its record."""
        with self._database.reading() as connection:
            return read_copy(connection, incident_id)

    def take_in(self, copy: Copy) -> Merge:
        """Write what is not here yet of a copy: all of it, or nothing."""
        with self._database.writing() as connection:
            return take_in(connection, copy)

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
        """Store newly recognised segments together with how far recognition has come."""
        with self._database.writing() as connection:
            insert_segments(connection, segments)
            if made_in is RecognitionPass.FINAL:
                live = RecognitionPass.LIVE
                until_ms = cursor_ms if session_ms is None else session_ms
                drop_unedited(connection, track_id, live, before_ms=until_ms)
            write_cursor(connection, track_id, made_in, cursor_ms)

    def note_recognition(self, session_id: SessionId, recognition: Recognition) -> None:
        """Note what recognises a session."""
        with self._database.writing() as connection:
            note_recognition(connection, session_id, recognition)

    def label_segments(self, divisions: Sequence[tuple[Segment, Sequence[Segment]]]) -> None:
        """Note who speaks: each segment as it was read, and the parts it is divided into."""
        with self._database.writing() as connection:
            label_segments(connection, divisions)

    def tell_voices(
        self,
        incident_id: IncidentId,
        voices: Sequence[Change],
        divisions: Sequence[tuple[Segment, Sequence[Segment]]],
        *,
        by: str,
    ) -> None:
        """Write new and changed voices, and which segments are whose: all of it, or nothing."""
        with self._database.writing() as connection:
            if voices:
                _commit(connection, incident_id, voices, by, "tell voices apart", undoable=False)
            label_segments(connection, divisions)

    def mark_bleed(self, track_id: TrackId, bled: Collection[SegmentId]) -> None:
        """Note which of a track's segments are bleed, and of the others that they are not."""
        with self._database.writing() as connection:
            mark_bleed(connection, track_id, bled)

    def restart_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Begin a pass again, from 0. For a final one no words go before there are new ones."""
        with self._database.writing() as connection:
            reached_ms = 0
            if made_in is RecognitionPass.FINAL:
                count_as_live(connection, track_id)
                reached_ms = furthest_cursor_ms(connection, track_id)
            else:  # a live pass that is asked for is meant to stand
                drop_unedited(connection, track_id, RecognitionPass.FINAL)
                drop_unedited(connection, track_id, RecognitionPass.LIVE)
            write_cursor(connection, track_id, RecognitionPass.LIVE, reached_ms)
            write_cursor(connection, track_id, RecognitionPass.FINAL, 0)

    def finish_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Let a complete final pass take the place of what nobody edited."""
        with self._database.writing() as connection:
            if made_in is RecognitionPass.FINAL:
                drop_unedited(connection, track_id, RecognitionPass.LIVE)
            drop_under_edited(connection, track_id, made_in)


def _commit(
    connection: Connection,
    incident_id: IncidentId,
    changes: Sequence[Change],
    by: str,
    label: str,
    *,
    undoable: bool,
) -> Operation:
    refuse_excess(changes)
    operation = Operation(
        OperationId(new_id("op")), incident_id, now_utc(), by, label, tuple(changes)
    )
    apply_changes(connection, operation.changes)
    write_operation(connection, operation, undoable=undoable)
    return operation
