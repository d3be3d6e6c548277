"""One change, made elsewhere, on a thing that may have changed here: field by field."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from app.domain.encoding import to_json_values
from app.domain.json_names import json_name
from app.domain.record import Change, Entity, entity_type


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both copies have changed; ours stays. ``field`` None: the thing as a whole.

    ``ours`` and ``theirs`` are JSON values; None where the thing, or the value, is not there.
    """

    type: str
    id: str
    field: str | None
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Fit:
    """What of a change is to be done (None: nothing, or it is so already) and what is not."""

    change: Change | None = None
    conflicts: tuple[Conflict, ...] = ()


def fit(now: Entity | None, change: Change) -> Fit:
    """Return what of the change can be done to the thing as it is here."""
    before, after = change.before, change.after
    if after is None:
        if now is None:
            return Fit()
        return Fit(Change(now, None)) if now == before else Fit(None, (_whole(now, None),))
    if now is None:
        return Fit(change) if before is None else Fit(None, (_whole(None, after),))
    wanted, refused = _by_field(now, before, after)
    try:
        made = replace(now, **wanted)
    except ValueError:  # each field would do, but not all of them together
        made, refused = now, [*refused, *wanted]
    told = tuple(_one(now, after, name) for name in refused)
    return Fit(Change(now, made) if made != now else None, told)


def _by_field(
    now: Entity, before: Entity | None, after: Entity
) -> tuple[dict[str, Any], list[str]]:
    """Return the values to take over, and the fields that both have changed.

    Without ``before``, both copies have begun the same thing: a field that one left empty is the
    other's.
    """
    wanted: dict[str, Any] = {}
    refused: list[str] = []
    for name in (field.name for field in fields(after)):
        here, there = getattr(now, name), getattr(after, name)
        same = here == there if before is None else getattr(before, name) == there
        if same or here == there or (before is None and _is_empty(there)):
            continue
        if _is_empty(here) if before is None else here == getattr(before, name):
            wanted[name] = there
        else:
            refused.append(name)
    return wanted, refused


def _is_empty(value: object) -> bool:
    if is_dataclass(value):
        return all(_is_empty(getattr(value, field.name)) for field in fields(value))
    return value is None or value is False or value in ("", ())


def _one(ours: Entity, theirs: Entity, name: str) -> Conflict:
    field = json_name(name)
    values = to_json_values(ours)[field], to_json_values(theirs)[field]
    return Conflict(entity_type(ours), ours.id, field, *values)


def _whole(ours: Entity | None, theirs: Entity | None) -> Conflict:
    known = ours or theirs
    if known is None:
        raise ValueError("a conflict is about something")
    mine = None if ours is None else to_json_values(ours)
    other = None if theirs is None else to_json_values(theirs)
    return Conflict(entity_type(known), known.id, None, mine, other)
