"""Bringing together two copies of one incident's record that went on apart.

The steps of people's work decide, not the states: a step that only the other copy knows is done
here too, field by field. Where this copy has changed the same field otherwise, ours stays, it is
told as a conflict, and the other's step is kept in the history as one that is not in force, so
that its words are there. Hence an older copy changes nothing, and the same one twice neither.

An undo travels (the step is known here and in force), doing it again does not: whoever undid a
step here has the last word. Words of recognition have no steps: of each track, the transcript
whose recognition has come further is taken whole, but for segments that people edited.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.domain.bookkeeping import Bookkeeping, Cursor
from app.domain.encoding import to_json_values
from app.domain.field_merge import Conflict, Fit, fit
from app.domain.ids import OperationId, new_id
from app.domain.record import (
    LIST_PARTS,
    SINGLE_PARTS,
    Change,
    Entity,
    Operation,
    Record,
    entity_type,
)
from app.domain.transcript import Segment, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Key = tuple[str, str]

PROGRAM = "hotwash"  # who has undone a step that was not done here for a conflict
# What must be there as long as the one that names it is.
REFERENCES: dict[str, dict[str, str]] = {
    "track": {"session_id": "session"},
    "marker": {"session_id": "session"},
    "redaction": {"session_id": "session"},
    "speaker": {"merged_into": "speaker"},
    "segment": {"session_id": "session", "track_id": "track", "speaker_id": "speaker"},
    "decision": {"entry_id": "entry"},
    "action": {"entry_id": "entry"},
    "suggestion": {"entry_id": "entry"},
}


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of an incident."""

    record: Record
    books: Bookkeeping


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be written so that ours holds theirs too.

    Attributes:
        changes: What comes, changes and goes.
        operations: Steps to add, in order, each with whether an undo may take it back.
        undone: Steps of ours that are not in force any more.
        cursors: How far recognition has come now, where that is new.
        new, unchanged, merged: How many things came, stay, and changed.
        conflicts: What was not taken over.
    """

    changes: tuple[Change, ...]
    operations: tuple[tuple[Operation, bool], ...]
    undone: tuple[Operation, ...]
    cursors: tuple[Cursor, ...]
    new: int
    unchanged: int
    merged: int
    conflicts: tuple[Conflict, ...]


def entities_of(record: Record) -> Iterator[Entity]:
    """Yield everything in a record but the steps."""
    yield record.incident
    for name in LIST_PARTS:
        yield from getattr(record, name)
    for name in SINGLE_PARTS:
        single = getattr(record, name)
        if single is not None:
            yield single


def by_key(record: Record) -> dict[Key, Entity]:
    """Return everything in a record by kind and id."""
    return {(entity_type(entity), entity.id): entity for entity in entities_of(record)}


def merge(ours: Copy, theirs: Copy) -> Merge:
    """Return what ours lacks of theirs."""
    return _Merging(ours, theirs).outcome()


class _Merging:
    def __init__(self, ours: Copy, theirs: Copy) -> None:
        self._ours, self._theirs = ours, theirs
        self._before = by_key(ours.record)
        self._now = dict(self._before)
        self._coming = by_key(theirs.record)
        self._known = {operation.id: operation for operation in ours.record.operations}
        self._fixed = {*ours.books.not_undoable, *theirs.books.not_undoable}
        self._guesses = dict(_guessed(ours.record.operations))
        self._new = [op for op in theirs.record.operations if op.id not in self._known]
        self._divided = set(_parts(op for op in self._new if self._counts(op)))
        self._settled: set[Key] = set()  # what has been taken whole, as it stands with them
        self._operations: list[tuple[Operation, bool]] = []
        self._undone: list[Operation] = []
        self._cursors: list[Cursor] = []
        self._conflicts: list[Conflict] = []

    def outcome(self) -> Merge:
        """Merge, and tell what differs from before."""
        self._take_transcripts()
        self._take_undos()
        self._take_what_is_new()
        for operation in self._new:
            self._take(operation)
        self._keep_what_is_named()
        keys = {**self._before, **self._now}
        pairs = [(self._before.get(key), self._now.get(key)) for key in keys]
        changes = tuple(Change(before, after) for before, after in pairs if before != after)
        new = sum(change.before is None for change in changes)
        return Merge(
            changes=changes,
            operations=tuple(self._operations),
            undone=tuple(self._undone),
            cursors=tuple(self._cursors),
            new=new,
            unchanged=len(keys) - len(changes),
            merged=len(changes) - new,
            conflicts=tuple(self._conflicts),
        )

    # Transcripts

    def _take_transcripts(self) -> None:
        edited = set(_touched(op for op in self._ours.record.operations if self._counts(op)))
        for track in self._theirs.record.tracks:
            mine = _of_track(self._ours.record, track.id)
            other = _of_track(self._theirs.record, track.id)
            kept = {key: s for key, s in mine.items() if s.edited or key in edited}
            if ("track", track.id) not in self._before or self._is_further(track.id, mine):
                gone, coming = mine.keys() - kept.keys() - other.keys(), other
                reached = self._theirs.books.cursors
                self._cursors += [cursor for cursor in reached if cursor.track_id == track.id]
            else:  # but for what people have edited there, which stands over any pass
                by_people = set(_touched(op for op in self._new if self._counts(op)))
                whole = by_people - mine.keys() | self._divided
                coming = {k: s for k, s in other.items() if k in whole - kept.keys()}
                standing = mine.keys() - kept.keys() - coming.keys()
                gone = {k for k in standing if _is_over(mine[k], coming)}
            for key in gone:
                del self._now[key]
            for key, segment in coming.items():
                if key not in kept and not _is_over(segment, kept):
                    self._now[key] = segment
                    self._settled.add(key)

    def _counts(self, operation: Operation) -> bool:
        return not operation.undone and operation.id not in self._fixed

    def _is_further(self, track_id: Any, mine: dict[Key, Segment]) -> bool:
        here = self._ours.books.reached_ms(track_id)
        there = self._theirs.books.reached_ms(track_id)
        if here != there:
            return there > here
        told_apart = any(
            isinstance(change.after, Speaker)
            for operation in self._new
            if operation.by == PROGRAM
            for change in operation.changes
        )
        return told_apart or not mine

    # Steps

    def _take_undos(self) -> None:
        for theirs in reversed(self._theirs.record.operations):
            ours = self._known.get(theirs.id)
            travels = theirs.undone and theirs.undone_by != PROGRAM
            if ours is None or not travels or not self._counts(ours):
                continue
            as_it_was = dict(self._now)
            _done, told = self._try([change.inverse for change in reversed(ours.changes)])
            if told:
                self._now = as_it_was
                self._conflicts += told
            else:
                self._undone.append(theirs)

    def _take_what_is_new(self) -> None:
        """Take over whole, as it stands with them, what nobody here has ever had."""
        had = self._before.keys() | set(_touched(self._ours.record.operations))
        coming = [key for key in self._coming if key[0] != "segment" and key not in had]
        self._now |= {key: self._coming[key] for key in coming}
        gone = [key for key in _touched(self._new) if key not in had and key not in self._coming]
        self._settled.update(coming, gone)

    def _take(self, operation: Operation) -> None:
        undoable = operation.id not in self._fixed
        # In part, a division would say words twice, or not at all.
        as_it_was = dict(self._now) if any(_parts([operation])) else None
        done, told = ([], []) if operation.undone else self._try(operation.changes)
        if told and as_it_was is not None:
            self._now, done = as_it_was, []
        self._conflicts += told
        if not told:
            self._operations.append((operation, undoable))
            return
        self._operations.append((_aside(operation), False))
        if done:
            self._operations.append((_part(operation, done), undoable))

    def _try(self, changes: Iterable[Change]) -> tuple[list[Change], list[Conflict]]:
        """Do what can be done of a step; return that, and what cannot."""
        done: list[Change] = []
        told: list[Conflict] = []
        for change in changes:
            key = (entity_type(change.entity), change.entity.id)
            found = Fit() if key in self._settled else self._fit(key, change)
            told += found.conflicts
            if found.change is None:
                continue
            done.append(found.change)
            if found.change.after is None:
                self._now.pop(key, None)
            else:
                self._now[key] = found.change.after
        return done, told

    def _fit(self, key: Key, change: Change) -> Fit:
        guess = self._guesses.get(key)
        if change.before is None and guess is not None:
            change = Change(guess, change.after)  # what the program made up gives way
        part = change.after
        if change.before is None and isinstance(part, Segment) and self._is_said(part):
            return Fit(None, (Conflict(*key, None, None, to_json_values(part)),))
        return fit(self._now.get(key), change)

    def _is_said(self, part: Segment) -> bool:
        """Whether other lines say these words: the same line was divided here otherwise."""
        return any(
            isinstance(line, Segment)
            and line.track_id == part.track_id
            and line.id != part.id
            and line.span.overlap_ms(part.span) > 0
            for line in self._now.values()
        )

    # References

    def _keep_what_is_named(self) -> None:
        """Bring back what went, with them or here, and is named by something that stays."""
        wanted = list(self._now.items())
        while wanted:
            (kind, _id), entity = wanted.pop()
            for field, target in REFERENCES.get(kind, {}).items():
                key = (target, getattr(entity, field))
                if key[1] is None or key in self._now:
                    continue
                back = self._before.get(key) or self._coming.get(key)
                if back is not None:
                    self._now[key] = back
                    wanted.append((key, back))
                    here = key in self._before
                    values = to_json_values(back)
                    told = (values, None) if here else (None, values)
                    self._conflicts.append(Conflict(*key, None, *told))


def _parts(operations: Iterable[Operation]) -> Iterator[Key]:
    """Yield the lines that steps make of others, and what is left of those."""
    for operation in operations:
        for change in operation.changes:
            before, after = change.before, change.after
            if isinstance(after, Segment) and (
                before is None or (isinstance(before, Segment) and before.end_ms != after.end_ms)
            ):
                yield "segment", after.id


def _touched(operations: Iterable[Operation]) -> Iterator[Key]:
    for operation in operations:
        for change in operation.changes:
            yield entity_type(change.entity), change.entity.id


def _of_track(record: Record, track_id: Any) -> dict[Key, Segment]:
    return {("segment", s.id): s for s in record.segments if s.track_id == track_id}


def _is_over(segment: Segment, others: dict[Key, Segment]) -> bool:
    return any(segment.span.overlap_ms(other.span) for other in others.values())


def _guessed(operations: Iterable[Operation]) -> Iterator[tuple[Key, Entity]]:
    """Yield what the program itself put on record, such as the title of a found recording."""
    for operation in operations:
        for change in operation.changes:
            if operation.by == PROGRAM and change.before is None and change.after is not None:
                yield (entity_type(change.after), change.after.id), change.after


def _aside(operation: Operation) -> Operation:
    return replace(operation, undone=True, undone_by=PROGRAM)


def _part(operation: Operation, done: list[Change]) -> Operation:
    """Return what could be done of a step, as one of its own."""
    return replace(operation, id=OperationId(new_id("op")), changes=tuple(done))
