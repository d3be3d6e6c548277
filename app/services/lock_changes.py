"""What of a record a lock holds, and what has changed since."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.encoding import to_json_values
from app.domain.locks import LockedPart
from app.domain.record import LIST_PARTS, SINGLE_PARTS, entity_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.locks import Lock
    from app.domain.record import Entity, Record

# Recordings and imports are no statements of people, and a lock does not hold itself.
NOT_LOCKED = frozenset(
    {
        "sessions",
        "tracks",
        "markers",
        "speakers",
        "segments",
        "messages",
        "events",
        "series",
        "locks",
        "suggestions",
        "redactions",
    }
)


class Difference(enum.StrEnum):
    """What became of a thing since the lock."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class LockChange:
    """One thing that is not as it was; ``fields`` are those of its JSON that differ."""

    type: str
    id: str
    change: Difference
    fields: tuple[str, ...] = ()


def locked_parts(record: Record) -> tuple[LockedPart, ...]:
    """Return what a lock made now would hold."""
    return tuple(
        LockedPart(entity_type(entity), entity.id, _digest(to_json_values(entity)))
        for entity in lockable(record)
    )


def changes_since(record: Record, lock: Lock) -> tuple[LockChange, ...]:
    """Return what was added, changed or removed after the lock was made."""
    held = {(part.type, part.id): part.sha256 for part in lock.parts}
    now = {(entity_type(entity), entity.id): entity for entity in lockable(record)}
    found = []
    for key, entity in now.items():
        values = to_json_values(entity)
        if key not in held:
            found.append(LockChange(*key, Difference.ADDED, ()))
        elif held[key] != _digest(values):
            differing = _differing(record, key, held[key], values)
            found.append(LockChange(*key, Difference.CHANGED, differing))
    found += [LockChange(*key, Difference.REMOVED) for key in held if key not in now]
    return tuple(found)


def lockable(record: Record) -> Iterator[Entity]:
    """Yield the statements of people, which a lock holds."""
    yield record.incident
    for name in LIST_PARTS:
        if name not in NOT_LOCKED:
            yield from getattr(record, name)
    for name in SINGLE_PARTS:
        if (single := getattr(record, name)) is not None:
            yield single


def _differing(
    record: Record, key: tuple[str, str], digest: str, values: dict[str, Any]
) -> tuple[str, ...]:
    """Name the fields that differ from the locked state, which the history remembers."""
    former = former_values(record, key, digest)
    return () if former is None else tuple(n for n in values if values[n] != former.get(n))


def former_values(record: Record, key: tuple[str, str], digest: str) -> dict[str, Any] | None:
    """Return the JSON of a thing as it was locked; None where the history has lost it."""
    for operation in record.operations:
        for change in operation.changes:
            if (entity_type(change.entity), change.entity.id) != key:
                continue
            for state in (change.before, change.after):
                former = None if state is None else to_json_values(state)
                if former is not None and _digest(former) == digest:
                    return former
    return None


def _digest(values: dict[str, Any]) -> str:
    spelled = json.dumps(_said(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def _said(values: Any) -> Any:
    """Leave out what says nothing: a field that a later version adds changes no hash."""
    if isinstance(values, list):
        return [_said(item) for item in values]
    if isinstance(values, dict):
        said = {name: _said(value) for name, value in values.items()}
        return {name: value for name, value in said.items() if not _says_nothing(value)}
    return values


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value in ([], {})
