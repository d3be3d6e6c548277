"""A record after a step: what a reader who has the record need not read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.domain.incident import Incident
from app.domain.record import LIST_PARTS, SINGLE_PARTS, Change, Operation, Record

PART_OF = {part.kind: name for name, part in LIST_PARTS.items()}
SINGLE_PART_OF = {kind: name for name, kind in SINGLE_PARTS.items()}


def record_after(record: Record, operation: Operation) -> Record:
    """Return the record once a step was done or, where it says so, undone.

    A step that the record knows of changes nothing: later ones may stand on it.
    """
    if knows(record, operation):
        return record
    changes: Iterable[Change] = operation.changes
    if operation.undone:
        changes = [change.inverse for change in reversed(operation.changes)]
    others = (known for known in record.operations if known.id != operation.id)
    return replace(record_with(record, changes), operations=(*others, operation))


def record_with(record: Record, changes: Iterable[Change]) -> Record:
    """Return the record once the changes are made, without the step that makes them."""
    parts: dict[str, Any] = {}
    for change in changes:
        _take(record, parts, change)
    return replace(record, **parts)


def knows(record: Record, operation: Operation) -> bool:
    """Whether the record was read after the step was done or undone."""
    same = (one for one in record.operations if one.id == operation.id)
    return any(one.undone == operation.undone for one in same)


def _take(record: Record, parts: dict[str, Any], change: Change) -> None:
    kind = type(change.entity)
    if isinstance(change.after, Incident):
        parts["incident"] = change.after
    elif kind in SINGLE_PART_OF:
        parts[SINGLE_PART_OF[kind]] = change.after
    elif kind in PART_OF:
        name = PART_OF[kind]
        standing = parts.get(name, getattr(record, name))
        parts[name] = _with(standing, change, LIST_PARTS[name].order)


def _with(standing: tuple[Any, ...], change: Change, order: tuple[str, ...]) -> tuple[Any, ...]:
    kept = [one for one in standing if one.id != change.entity.id]
    if change.after is not None:
        kept.append(change.after)
        kept.sort(key=lambda one: tuple(getattr(one, name) for name in order))
    return tuple(kept)
