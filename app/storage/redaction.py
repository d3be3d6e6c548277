"""Taking words out of a database for good: rows, history, search index, free pages, log."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.errors import StorageError
from app.domain.ids import OperationId, new_id
from app.domain.record import ENTITY_TYPES, Change, Operation
from app.domain.times import now_utc
from app.evidence_files.files import moved_with_its_hash
from app.storage.database import open_copy
from app.storage.operations import apply_change, write_operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.ids import IncidentId
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.redactions import Redaction
    from app.domain.text_fields import Values
    from app.storage.database import Database

HISTORY = (
    'SELECT c.rowid, c.entity_type, c."before", c."after", o.incident_id'
    " FROM change c JOIN operation o ON o.id = c.operation_id"
)
STEPS = 'SELECT rowid, incident_id, label, "by", undone_by FROM operation'
STEP_TEXTS = ("label", "by", "undone_by")
SESSIONS = "SELECT id, incident_id FROM session"
TRACKS = "SELECT t.id, s.incident_id FROM track t JOIN session s ON s.id = t.session_id"
REBUILD = "INSERT INTO segment_fts(segment_fts) VALUES ('rebuild')"


@dataclass(frozen=True, slots=True)
class SqlRedaction:
    """Implements ``RecordRewriter``."""

    database: Database

    def states(self, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return kind and JSON values of everything of an incident, as it stands and stood."""
        with self.database.reading() as connection:
            return list(_states(connection, incident_id))

    def states_in(self, copy: Path, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return the same of a copy of the database.

        Raises:
            StorageError: The copy does not read.
        """
        with closing(open_copy(copy)) as database, database.reading() as connection:
            return list(_states(connection, incident_id))

    def rewrite(
        self,
        plan: RedactionPlan,
        redactions: Sequence[Redaction],
        *,
        hashes: Mapping[str, str],
        by: str,
        label: str,
    ) -> tuple[Operation | None, Counter[str]]:
        """Take the words out of every row and of the history, and note the redactions.

        All of it, or nothing. ``hashes`` are those of files of evidence that have changed: what
        they were, and are now. Returns the step, None where there was nothing to note, and how
        many things of each kind have changed.
        """
        with self.database.writing() as connection:
            changed = _rewrite(connection, _Rewriting(plan, dict(hashes)))
            if not redactions:
                return None, changed
            changes = tuple(Change(None, redaction) for redaction in redactions)
            name = OperationId(new_id("op"))
            operation = Operation(name, plan.incident_id, now_utc(), by, label, changes)
            for change in changes:
                apply_change(connection, change)
            write_operation(connection, operation, undoable=False)
            return operation, changed

    def rewrite_copy(self, copy: Path, plan: RedactionPlan) -> int:
        """Do the same to a copy of the database; return how many things have changed.

        Raises:
            StorageError: The copy does not read, or cannot be written.
        """
        with closing(open_copy(copy)) as database:
            with database.writing() as connection:
                changed = _rewrite(connection, _Rewriting(plan, everybody=True))
            _purge(database)
        return changed.total()

    def purge(self) -> None:
        """Leave no trace in free pages and in the log; other programs may have it open.

        Raises:
            StorageError: Another program is in the middle of something; try again.
        """
        _purge(self.database)


def _purge(database: Database) -> None:
    with database.plain() as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # else a copy goes through /tmp
        connection.execute("VACUUM")
        (busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("PRAGMA temp_store = DEFAULT")
    if busy:
        raise StorageError(
            f"Another program is reading {database.path}: its log still holds what was taken out.",
            remedy="Close the other window and give the same command again.",
        )


@dataclass(slots=True)
class _Rewriting:
    """What happens to whose things: of other incidents only the further words go.

    In a copy (``everybody``) all that is sought goes everywhere: nobody works with it.
    """

    plan: RedactionPlan
    hashes: dict[str, str] = field(default_factory=dict)
    everybody: bool = False

    @property
    def only(self) -> IncidentId | None:
        """Whose things are touched at all; None: everybody's."""
        only_own = not self.everybody and not self.plan.also.seeks
        return self.plan.incident_id if only_own else None

    def is_own(self, incident_id: str) -> bool:
        return self.everybody or incident_id == self.plan.incident_id

    def apply(self, kind: str, values: Values, incident_id: str) -> Values:
        new = self.plan.apply(kind, values, own=self.is_own(incident_id))
        if kind == "evidence" and (old := values.get("sha256")) in self.hashes:
            digest = self.hashes[old]
            file = moved_with_its_hash(values["file"], old, digest)
            new = new | {"sha256": digest, "file": file}
        return new


def _rewrite(connection: Connection, work: _Rewriting) -> Counter[str]:
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    changed: Counter[str] = Counter()
    for row in list(_rows(connection, work.only)):
        new = work.apply(row.kind, row.values, row.incident_id)
        differing = {name: new[name] for name in new if new[name] != row.values[name]}
        if differing:
            changed[row.kind] += 1
            _update(connection, row.kind, row.key, differing, row.nested)
    changed["change"] = _rewrite_history(connection, work)
    changed["operation"] = _rewrite_steps(connection, work)
    # Also what was deleted from the index long ago lies in it until it is made anew.
    connection.exec_driver_sql(REBUILD)
    return changed


def _rewrite_history(connection: Connection, work: _Rewriting) -> int:
    count = 0
    for key, kind, incident_id, states in list(_history(connection, work.only)):
        new = [None if s is None else work.apply(kind, s, incident_id) for s in states]
        if new != states:
            count += 1
            named = {n: s for n, s in zip(("before", "after"), new, strict=True) if s is not None}
            _update(connection, "change", key, named, frozenset(named))
    return count


def _rewrite_steps(connection: Connection, work: _Rewriting) -> int:
    count = 0
    for key, incident_id, *texts in connection.exec_driver_sql(STEPS).all():
        if work.only not in {None, incident_id}:
            continue
        own = work.is_own(incident_id)
        new = [text and work.plan.label(text, own=own) for text in texts]
        if new != texts:
            count += 1
            named = dict(zip(STEP_TEXTS, new, strict=True))
            _update(connection, "operation", key, named, frozenset())
    return count


def _states(connection: Connection, incident_id: IncidentId) -> Iterator[tuple[str, Values]]:
    for row in _rows(connection, incident_id):
        yield row.kind, row.values
    for _key, kind, _owner, states in _history(connection, incident_id):
        yield from ((kind, state) for state in states if state is not None)


def _history(
    connection: Connection, only: IncidentId | None
) -> Iterator[tuple[int, str, str, list[Values | None]]]:
    """Yield each change: its number, its kind, whose it is, the states before and after."""
    for key, kind, *spelled, incident_id in connection.exec_driver_sql(HISTORY):
        if only in {None, incident_id}:
            states = [None if text is None else json.loads(text) for text in spelled]
            yield key, kind, incident_id, states


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
class _Row:
    """One thing; ``nested`` are the columns that are kept as JSON."""

    kind: str
    key: int
    incident_id: str
    values: Values
    nested: frozenset[str]


def _rows(connection: Connection, only: IncidentId | None) -> Iterator[_Row]:
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
            yield _Row(kind, key, incident_id, values, nested)


def _update(
    connection: Connection, table: str, key: int, values: Values, nested: frozenset[str]
) -> None:
    spelled: list[Any] = [
        json.dumps(value) if name in nested and value is not None else value
        for name, value in values.items()
    ]
    names = ", ".join(f'"{name}" = ?' for name in values)
    statement = f'UPDATE "{table}" SET {names} WHERE rowid = ?'  # noqa: S608  names of ours
    connection.exec_driver_sql(statement, (*spelled, key))
