"""What became of the facts after a lock: field by field, word by word, and by whose doing."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.encoding import to_json_values
from app.domain.record import entity_type
from app.services.lock_changes import Difference, changes_since, former_values, lockable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.domain.locks import Lock
    from app.domain.record import Operation, Record
    from app.services.lock_changes import LockChange

WORDS = re.compile(r"\s*\S+|\s+$")
NOT_TOLD = frozenset({"id", "incident_id"})


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words in a row that stand as they did (same), went (removed) or came (added)."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field of the JSON before and after; ``words`` where both are text, else empty."""

    name: str
    former: Any
    now: Any
    words: tuple[WordRun, ...] = ()


@dataclass(frozen=True, slots=True)
class StepTaken:
    """Who did what after the lock, and when."""

    at: datetime
    by: str
    label: str


@dataclass(frozen=True, slots=True)
class ThingDiff:
    """One thing that is not as it was locked.

    ``former_known`` is False where the history no longer has the words (they were redacted);
    ``steps`` is empty where only something older was taken back.
    """

    type: str
    id: str
    change: Difference
    shown_as: str
    former_known: bool
    fields: tuple[FieldDiff, ...]
    steps: tuple[StepTaken, ...]


def lock_diff(record: Record, lock: Lock) -> tuple[ThingDiff, ...]:
    """Return what is not as it was when the lock was made."""
    now: dict[tuple[str, str], dict[str, Any]] = {
        (entity_type(one), one.id): to_json_values(one) for one in lockable(record)
    }
    held = {(part.type, part.id): part.sha256 for part in lock.parts}
    steps = list(_steps_after(record, lock))
    return tuple(
        _thing(
            change,
            _former(record, held, (change.type, change.id)),
            now.get((change.type, change.id)),
            steps,
        )
        for change in changes_since(record, lock)
    )


def word_diff(former: str, now: str) -> tuple[WordRun, ...]:
    """Return the runs of words that make both texts: same and removed, same and added."""
    old, new = WORDS.findall(former), WORDS.findall(now)
    runs: list[WordRun] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            runs.append(WordRun("same", "".join(old[i1:i2])))
            continue
        runs += [WordRun("removed", "".join(old[i1:i2]))] if i1 < i2 else []
        runs += [WordRun("added", "".join(new[j1:j2]))] if j1 < j2 else []
    return tuple(runs)


def _former(
    record: Record, held: dict[tuple[str, str], str], key: tuple[str, str]
) -> dict[str, Any] | None:
    return former_values(record, key, held[key]) if key in held else None


def _thing(
    change: LockChange,
    former: dict[str, Any] | None,
    now: dict[str, Any] | None,
    steps: list[tuple[Operation, frozenset[tuple[str, str]]]],
) -> ThingDiff:
    taken = tuple(
        StepTaken(operation.at, operation.by, operation.label)
        for operation, touched in steps
        if (change.type, change.id) in touched
    )
    added = change.change is Difference.ADDED
    known = added or former is not None
    return ThingDiff(
        change.type,
        change.id,
        change.change,
        _shown_as(now or former or {}),
        known,
        tuple(_fields(former or {}, now or {})) if known else (),
        taken,
    )


def _fields(former: dict[str, Any], now: dict[str, Any]) -> Iterator[FieldDiff]:
    for name in {**former, **now}:
        old, new = former.get(name), now.get(name)
        if name in NOT_TOLD or old == new or (not old and not new):
            continue
        words = word_diff(old, new) if isinstance(old, str) and isinstance(new, str) else ()
        yield FieldDiff(name, old, new, words)


def _shown_as(values: dict[str, Any]) -> str:
    """Return the words by which people know a thing; empty where it has none."""
    names = ("text", "title", "decision", "name", "person", "url", "role")
    return next((str(values[name]) for name in names if values.get(name)), "")


def _steps_after(
    record: Record, lock: Lock
) -> Iterator[tuple[Operation, frozenset[tuple[str, str]]]]:
    """Yield the steps that were done after the lock was made, with what each touched."""
    locked = False
    for operation in record.operations:
        touched = frozenset((entity_type(c.entity), c.entity.id) for c in operation.changes)
        if locked and not operation.undone:
            yield operation, touched
        locked = locked or ("lock", lock.id) in touched
