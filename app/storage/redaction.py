"""Taking words out of a database for good: rows, history, search index, free pages, log."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.errors import StorageError
from app.domain.ids import OperationId, new_id
from app.domain.record import Change, Operation
from app.domain.redaction_preview import Foreseen, TextChange
from app.domain.times import now_utc
from app.evidence_files.files import moved_with_its_hash
from app.storage.database import open_copy
from app.storage.operations import apply_changes, write_operation
from app.storage.redaction_rows import history, rows, states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.ids import IncidentId
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.redactions import Redaction
    from app.domain.text_fields import Values
    from app.storage.database import Database

STEPS = 'SELECT rowid, incident_id, label, "by", undone_by FROM operation'
STATES = ("before", "after")
STEP_TEXTS = ("label", "by", "undone_by")
REBUILD = "INSERT INTO segment_fts(segment_fts) VALUES ('rebuild')"


@dataclass(frozen=True, slots=True)
class SqlRedaction:
    """Implements ``RecordRewriter``."""

    database: Database

    def states(self, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return kind and JSON values of everything of an incident, as it stands and stood."""
        with self.database.reading() as connection:
            return list(states(connection, incident_id))

    def states_in(self, copy: Path, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return the same of a copy of the database.

        Raises:
            StorageError: The copy does not read.
        """
        with closing(open_copy(copy)) as database, database.reading() as connection:
            return list(states(connection, incident_id))

    def foresee(self, plan: RedactionPlan, hashes: Mapping[tuple[str, str], str]) -> Foreseen:
        """Return what ``rewrite`` would change; changes nothing."""
        work = _Rewriting(plan, dict(hashes))
        partly: list[tuple[str, str, str]] = []
        with self.database.reading() as connection:
            changes = [row.change for row in _changes(connection, work, partly)]
        return Foreseen(tuple(changes), tuple(partly))

    def rewrite(
        self,
        plan: RedactionPlan,
        redactions: Sequence[Redaction],
        *,
        hashes: Mapping[tuple[str, str], str],
        by: str,
        label: str,
    ) -> tuple[Operation | None, Counter[str]]:
        """Take the words out of every row and of the history, and note the redactions.

        All of it, or nothing. ``hashes`` are those of files of evidence that have changed: by
        incident and what they were, what they are now. Returns the step, None where all the
        stretches were noted before, and how many things of each kind have changed.
        """
        with self.database.writing() as connection:
            changed = _rewrite(connection, _Rewriting(plan, dict(hashes)))
            if plan.cuts and not redactions:
                return None, changed
            changes = tuple(Change(None, redaction) for redaction in redactions)
            name = OperationId(new_id("op"))
            operation = Operation(name, plan.incident_id, now_utc(), by, label, changes)
            apply_changes(connection, changes)
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
    """What happens to whose things: of other incidents only what goes elsewhere.

    In a copy (``everybody``) all that is sought goes everywhere, since nobody works with it, but
    where the words are to stand.
    """

    plan: RedactionPlan
    hashes: dict[tuple[str, str], str] = field(default_factory=dict)
    everybody: bool = False

    @property
    def only(self) -> IncidentId | None:
        """Whose things are touched at all; None: everybody's."""
        only_own = not self.everybody and not self.plan.elsewhere.seeks
        return self.plan.incident_id if only_own else None

    def is_own(self, incident_id: str) -> bool:
        goes = self.everybody and incident_id not in self.plan.spared
        return goes or incident_id == self.plan.incident_id

    def apply(self, kind: str, values: Values, incident_id: str) -> Values:
        new = self.plan.apply(kind, values, own=self.is_own(incident_id))
        old = str(values.get("sha256"))
        if kind == "evidence" and (digest := self.hashes.get((incident_id, old))):
            file = moved_with_its_hash(values["file"], old, digest)
            new = new | {"sha256": digest, "file": file}
        return new


def _rewrite(connection: Connection, work: _Rewriting) -> Counter[str]:
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    changed: Counter[str] = Counter()
    for row in list(_changes(connection, work)):
        before, after = row.change.before, row.change.after
        changed[row.change.kind] += 1
        differing = {name: after[name] for name in after if after[name] != before[name]}
        _update(connection, row.change.kind, row.change.key, differing, row.nested)
    # Also what was deleted from the index long ago lies in it until it is made anew.
    connection.exec_driver_sql(REBUILD)
    return changed


@dataclass(frozen=True, slots=True)
class _Changing:
    """A change to a row; ``nested`` are the columns that are kept as JSON."""

    change: TextChange
    nested: frozenset[str]


def _changes(
    connection: Connection, work: _Rewriting, partly: list[tuple[str, str, str]] | None = None
) -> Iterator[_Changing]:
    """Yield every row of which something goes, in the record and in its history.

    Into ``partly`` goes what is to stand and holds parts of phrases: incident, kind and id.
    """
    for row in rows(connection, work.only):
        new = work.apply(row.kind, row.values, row.incident_id)
        if any(new[name] != row.values[name] for name in new):
            change = TextChange(row.kind, row.key, row.incident_id, row.values, new)
            yield _Changing(change, row.nested)
        if partly is not None and work.plan.leaves_some(row.kind, new, row.incident_id):
            partly.append((row.incident_id, row.kind, str(row.values["id"])))
    yield from _history_changes(connection, work)
    yield from _step_changes(connection, work)


def _history_changes(connection: Connection, work: _Rewriting) -> Iterator[_Changing]:
    for key, kind, incident_id, both in history(connection, work.only):
        old = {name: s for name, s in zip(STATES, both, strict=True) if s is not None}
        new = {name: work.apply(kind, state, incident_id) for name, state in old.items()}
        if new != old:
            yield _Changing(TextChange("change", key, incident_id, old, new), frozenset(STATES))


def _step_changes(connection: Connection, work: _Rewriting) -> Iterator[_Changing]:
    for key, incident_id, *texts in connection.exec_driver_sql(STEPS).all():
        if work.only not in {None, incident_id}:
            continue
        own = work.is_own(incident_id)
        old = dict(zip(STEP_TEXTS, texts, strict=True))
        new = {name: text and work.plan.label(text, own=own) for name, text in old.items()}
        if new != old:
            yield _Changing(TextChange("operation", key, incident_id, old, new), frozenset())


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
