"""Keeps the record of every incident; the ``RecordStore`` port."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from app.domain.incident import Incident
from app.domain.timeline import TimelineEntry
from app.storage.reading import read_cursor_ms, read_record, read_track
from app.storage.rows import select
from app.storage.search import search_segments

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.domain.ids import IncidentId, SegmentId, SessionId, TrackId
    from app.domain.merging import Copy, Merge
    from app.domain.recognitions import Recognition
    from app.domain.record import Change, Operation, Record
    from app.domain.sessions import Track
    from app.domain.transcript import RecognitionPass, SearchHit, Segment
    from app.storage.database import Database
    from app.storage.record_writer import RecordWriter


class SqlRecordStore:
    """One transaction per call; what it returns is detached from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @functools.cached_property
    def _writer(self) -> RecordWriter:
        from app.storage.record_writer import RecordWriter  # noqa: PLC0415  see the database

        return RecordWriter(self._database)

    # Reading

    def incidents(self) -> list[Incident]:
        """Return all incidents, newest first."""
        with self._database.reading_rows() as connection:
            return select(connection, Incident, "ORDER BY created_at DESC, id")

    def anchored_entries(self) -> list[TimelineEntry]:
        """Return the entries of all incidents that carry an anchor."""
        with self._database.reading_rows() as connection:
            return select(connection, TimelineEntry, "WHERE anchor IS NOT NULL ORDER BY id")

    def track(self, track_id: TrackId) -> tuple[IncidentId, Track]:
        """Return a track and whose it is, without reading the rest."""
        with self._database.reading_rows() as connection:
            return read_track(connection, track_id)

    def record(self, incident_id: IncidentId) -> Record:
        """Return everything known of an incident."""
        with self._database.reading_rows() as connection:
            return read_record(connection, incident_id)

    def search(self, words: str, *, limit: int = 50) -> list[SearchHit]:
        """Return the segments of all incidents that hold all the words, best first."""
        with self._database.reading_rows() as connection:
            return search_segments(connection, words, limit=limit)

    def cursor_ms(self, track_id: TrackId, made_in: RecognitionPass) -> int:
        """Return how far recognition of the track has come; 0 at first."""
        with self._database.reading_rows() as connection:
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
        return self._writer.commit(incident_id, changes, by=by, label=label, undoable=undoable)

    def undo(self, incident_id: IncidentId, *, by: str) -> Operation | None:
        """Take back the latest step that is not undone."""
        return self._writer.undo(incident_id, by=by)

    def redo(self, incident_id: IncidentId, *, by: str) -> Operation | None:
        """Do again the step that was undone last."""
        return self._writer.redo(incident_id, by=by)

    # Copies of an incident

    def copy(self, incident_id: IncidentId) -> Copy:
        """Return everything of an incident, with what is kept beside its record."""
        return self._writer.copy(incident_id)

    def take_in(self, copy: Copy) -> Merge:
        """Write what is not here yet of a copy: all of it, or nothing."""
        return self._writer.take_in(copy)

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
        self._writer.add_segments(
            track_id, segments, made_in=made_in, cursor_ms=cursor_ms, session_ms=session_ms
        )

    def note_recognition(self, session_id: SessionId, recognition: Recognition) -> None:
        """Note what recognises a session, in the place of what did in the same pass."""
        self._writer.note_recognition(session_id, recognition)

    def label_segments(self, divisions: Sequence[tuple[Segment, Sequence[Segment]]]) -> None:
        """Note who speaks: each segment as it was read, and the parts it is divided into."""
        self._writer.label_segments(divisions)

    def tell_voices(
        self,
        incident_id: IncidentId,
        voices: Sequence[Change],
        divisions: Sequence[tuple[Segment, Sequence[Segment]]],
        *,
        by: str,
    ) -> None:
        """Write new and changed voices, and which segments are whose: all of it, or nothing."""
        self._writer.tell_voices(incident_id, voices, divisions, by=by)

    def mark_bleed(self, track_id: TrackId, bled: Collection[SegmentId]) -> None:
        """Note which of a track's segments are bleed, and of the others that they are not."""
        self._writer.mark_bleed(track_id, bled)

    def restart_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Begin a pass again, from 0. No words go before there are new ones."""
        self._writer.restart_pass(track_id, made_in)

    def finish_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Let a complete final pass take the place of what nobody edited.

        Where a person has edited a segment, theirs stays and the new one over it goes.
        """
        self._writer.finish_pass(track_id, made_in)
