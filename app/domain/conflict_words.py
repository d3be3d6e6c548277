"""A conflict in words: only what differs, each value as a person would say it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.field_merge import Conflict

Difference: TypeAlias = tuple[tuple[str, ...], Any, Any]
# Who and when differ wherever anything does.
BESIDE = frozenset({"id", "at", "by"})
NAMES = ("text", "title", "name", "decision", "quote")
LONGEST = 120


def conflict_words(conflict: Conflict) -> list[str]:
    """Return a line for each part that differs: ``incident severity: here SEV2, …``."""
    thing = f"{_words(conflict.type)} {conflict.id}"
    if conflict.field is None:
        return [f"{thing}: here {_whole(conflict.ours)}, in the bundle {_whole(conflict.theirs)}"]
    found = list(_differences((conflict.field,), conflict.ours, conflict.theirs))
    telling = [one for one in found if one[0][-1] not in BESIDE] or found
    return [
        f"{thing}, {', '.join(map(_words, place))}: here {_value(ours)}, "
        f"in the bundle {_value(theirs)}"
        for place, ours, theirs in telling
    ]


def _differences(place: tuple[str, ...], ours: Any, theirs: Any) -> Iterator[Difference]:
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in {**ours, **theirs}:
            yield from _differences((*place, name), ours.get(name), theirs.get(name))
    elif isinstance(ours, list) and isinstance(theirs, list):
        for number, (here, there) in enumerate(zip_longest(ours, theirs), start=1):
            yield from _differences((*place, str(number)), here, there)
    else:
        yield place, ours, theirs


def _whole(values: dict[str, Any] | None) -> str:
    if values is None:
        return "it is gone"
    shown = next((values[name] for name in NAMES if values.get(name)), None)
    return "it is kept" if shown is None else f"it is kept ({_value(shown)})"


def _value(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        told = (f"{_words(k)} {_value(v)}" for k, v in value.items() if k not in BESIDE and v)
        return _cut(", ".join(told))
    if isinstance(value, list):
        return _cut("; ".join(map(_value, value)))
    return _cut(str(value))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
