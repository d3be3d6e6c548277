"""What recognition writes: segments, and how far it has come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.domain.encoding import from_json_values, to_json_values
from app.domain.recognitions import Recognition, with_recognition
from app.domain.sessions import Session
from app.domain.transcript import RecognitionPass, Segment
from app.storage.mapping import columns_of, table_of
from app.storage.operations import chosen_by_people, edited_by_people
from app.storage.tables import CursorRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Table

    from app.domain.ids import SegmentId, SessionId, TrackId

CURSORS: Table = CursorRow.__table__  # type: ignore[attr-defined]
SEGMENTS = table_of(Segment)
SESSIONS = table_of(Session)


def insert_segments(connection: Connection, segments: Sequence[Segment]) -> None:
    """Add new segments."""
    if segments:
        connection.execute(insert(SEGMENTS), [columns_of(segment) for segment in segments])


def label_segments(
    connection: Connection, divisions: Sequence[tuple[Segment, Sequence[Segment]]]
) -> None:
    """Note who speaks; what people have done to a segment stays as it is."""
    for read, parts in divisions:
        row = connection.execute(select(SEGMENTS).where(SEGMENTS.c.id == read.id)).first()
        if row is None or row.speaker_by_person:
            continue
        is_as_read = row.text == read.text and row.end_ms == read.end_ms
        chosen = parts if is_as_read else [replace(read, speaker_id=parts[0].speaker_id)]
        values = columns_of(chosen[0])
        names = ("speaker_id", "end_ms", "text", "original_text", "words")
        touched = names if is_as_read and len(parts) > 1 else names[:1]
        connection.execute(
            update(SEGMENTS)
            .where(SEGMENTS.c.id == read.id)
            .values({name: values[name] for name in touched})
        )
        insert_segments(connection, chosen[1:])


def mark_bleed(connection: Connection, track_id: TrackId, bled: Collection[SegmentId]) -> None:
    """Note which segments are bleed and which are not, but where a person has said so."""
    of_track = SEGMENTS.c.track_id == track_id
    rows = connection.execute(select(SEGMENTS.c.id, SEGMENTS.c.bleed).where(of_track)).all()
    told = chosen_by_people(connection, "bleed")
    wrong = [
        {"segment": row.id, "is_bleed": row.id in bled}
        for row in rows
        if row.bleed != (row.id in bled) and row.id not in told
    ]
    if wrong:
        change = update(SEGMENTS).where(SEGMENTS.c.id == bindparam("segment"))
        connection.execute(change.values(bleed=bindparam("is_bleed")), wrong)


def drop_unedited(
    connection: Connection,
    track_id: TrackId,
    made_in: RecognitionPass,
    *,
    before_ms: int | None = None,
) -> None:
    """Drop a pass's segments that nobody edited or redacted, all or those before a position."""
    statement = delete(SEGMENTS).where(*_unedited(connection, track_id, made_in))
    if before_ms is not None:
        statement = statement.where(SEGMENTS.c.start_ms < before_ms)
    connection.execute(statement)


def count_as_live(connection: Connection, track_id: TrackId) -> None:
    """Let an earlier final pass's segments stand until the new one has come past them."""
    unedited = _unedited(connection, track_id, RecognitionPass.FINAL)
    values = {"made_in": RecognitionPass.LIVE.value}
    connection.execute(update(SEGMENTS).where(*unedited).values(**values))


def _cursor_is(track_id: TrackId, made_in: RecognitionPass) -> tuple[Any, Any]:
    return CURSORS.c.track_id == track_id, CURSORS.c.made_in == made_in.value


def note_recognition(
    connection: Connection, session_id: SessionId, recognition: Recognition
) -> None:
    """Note what recognises a session; nothing where another program has taken it away."""
    of_session = SESSIONS.c.id == session_id
    row = connection.execute(select(SESSIONS.c.recognised).where(of_session)).first()
    if row is not None:
        known = [
            from_json_values(Recognition, told, place="recognised")
            for told in row.recognised or ()
        ]
        values = [to_json_values(one) for one in with_recognition(known, recognition)]
        connection.execute(update(SESSIONS).where(of_session).values(recognised=values))


def write_cursor(
    connection: Connection, track_id: TrackId, made_in: RecognitionPass, cursor_ms: int
) -> None:
    """Note how far recognition has come."""
    connection.execute(delete(CURSORS).where(*_cursor_is(track_id, made_in)))
    row = {"track_id": track_id, "made_in": made_in.value, "cursor_ms": cursor_ms}
    connection.execute(insert(CURSORS), [row])


def furthest_cursor_ms(connection: Connection, track_id: TrackId) -> int:
    """Return how far any pass has come on a track; 0 at first."""
    furthest = select(func.max(CURSORS.c.cursor_ms)).where(CURSORS.c.track_id == track_id)
    return connection.execute(furthest).scalar() or 0


def _unedited(
    connection: Connection, track_id: TrackId, made_in: RecognitionPass
) -> tuple[Any, ...]:
    return (
        SEGMENTS.c.track_id == track_id,
        SEGMENTS.c.made_in == made_in.value,
        SEGMENTS.c.redacted.is_(False),
        SEGMENTS.c.id.not_in(edited_by_people(connection)),
    )


def drop_under_edited(connection: Connection, track_id: TrackId, made_in: RecognitionPass) -> None:
    """Drop what a pass made where a person's own words stand, or a redaction."""
    edited = connection.execute(
        select(SEGMENTS.c.id, SEGMENTS.c.start_ms, SEGMENTS.c.end_ms).where(
            SEGMENTS.c.track_id == track_id,
            SEGMENTS.c.redacted.is_(True) | SEGMENTS.c.id.in_(edited_by_people(connection)),
        )
    ).all()
    for row in edited:
        connection.execute(
            delete(SEGMENTS).where(
                *_unedited(connection, track_id, made_in),
                SEGMENTS.c.start_ms < row.end_ms,
                SEGMENTS.c.end_ms > row.start_ms,
            )
        )
