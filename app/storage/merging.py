"""Takes another copy of an incident into the database, whole or beside what is there."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from app.domain.bookkeeping import Bookkeeping, Cursor
from app.domain.errors import BundleError, NotFoundError
from app.domain.ids import OperationId, TrackId
from app.domain.merging import Copy, Merge, entities_of, merge
from app.domain.record import Change, Record
from app.domain.redaction_cover import uncovered
from app.domain.transcript import RecognitionPass
from app.storage.mapping import columns_of, table_of
from app.storage.operations import OPERATIONS, apply_changes, bare, set_undone, write_operation
from app.storage.reading import read_record
from app.storage.recognition import CURSORS, write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from app.domain.ids import IncidentId
    from app.domain.record import Entity


def read_copy(connection: Connection, incident_id: IncidentId) -> Copy:
    """Return an incident with what is kept beside its record.

    Raises:
        NotFoundError: There is no such incident.
    """
    record = read_record(bare(connection), incident_id)
    query = select(OPERATIONS.c.id).where(
        OPERATIONS.c.incident_id == incident_id, OPERATIONS.c.undoable.is_(False)
    )
    fixed = connection.execute(query.order_by(OPERATIONS.c.seq)).scalars()
    tracks = [track.id for track in record.tracks]
    rows = connection.execute(
        select(CURSORS)
        .where(CURSORS.c.track_id.in_(tracks))
        .order_by(CURSORS.c.track_id, CURSORS.c.made_in)
    )
    cursors = tuple(
        Cursor(TrackId(row.track_id), RecognitionPass(row.made_in), row.cursor_ms) for row in rows
    )
    return Copy(record, Bookkeeping(cursors, tuple(OperationId(name) for name in fixed)))


def take_in(connection: Connection, theirs: Copy) -> Merge:
    """Write what the database lacks of a copy; return what that was.

    Raises:
        BundleError: Words would come back that were redacted here, or stay that were there.
    """
    try:
        ours = read_copy(connection, theirs.record.incident.id)
    except NotFoundError:
        return _take_whole(connection, theirs)
    _refuse_unlike_redactions(ours.record, theirs.record)
    found = merge(ours, theirs)
    _write(connection, found.changes)
    for operation in found.undone:
        set_undone(connection, operation, operation.undone_by or "")
    for operation, undoable in found.operations:
        write_operation(connection, operation, undoable=undoable)
    _write_cursors(connection, found.cursors)
    return found


def _take_whole(connection: Connection, theirs: Copy) -> Merge:
    changes = tuple(Change(None, entity) for entity in entities_of(theirs.record))
    fixed = set(theirs.books.not_undoable)
    steps = tuple((step, step.id not in fixed) for step in theirs.record.operations)
    _write(connection, changes)
    for operation, undoable in steps:
        write_operation(connection, operation, undoable=undoable)
    _write_cursors(connection, theirs.books.cursors)
    return Merge(changes, steps, (), theirs.books.cursors, len(changes), 0, 0, ())


def _write(connection: Connection, changes: Sequence[Change]) -> None:
    apply_changes(connection, [change for change in changes if change.before is not None])
    added = [change.after for change in changes if change.before is None and change.after]
    for kind, group in groupby(sorted(added, key=_kind_name), type):
        connection.execute(insert(table_of(kind)), [columns_of(entity) for entity in group])


def _kind_name(entity: Entity) -> str:
    return type(entity).__name__


def _write_cursors(connection: Connection, cursors: Iterable[Cursor]) -> None:
    for cursor in cursors:
        write_cursor(connection, cursor.track_id, cursor.made_in, cursor.cursor_ms)


def _refuse_unlike_redactions(ours: Record, theirs: Record) -> None:
    """Two copies of which one holds what the other took out are not brought together."""
    if missing := uncovered(ours.redactions, theirs.redactions):
        raise BundleError(
            f"The bundle holds what was redacted here on {missing[0].at:%Y-%m-%d} "
            f"({missing[0].reason}): opening it would bring that back.",
            remedy="Ask for a bundle that was made after the same redaction there.",
        )
    if missing := uncovered(theirs.redactions, ours.redactions):
        first = missing[0]
        raise BundleError(
            f"What was redacted in the bundle stands here still: session {first.session_id}, "
            f"{first.start_ms} to {first.end_ms} ms ({first.reason}).",
            remedy="Redact that stretch here too with “hotwash redact”, then open it again.",
        )
