"""Validates a document against a JSON Schema: as much of 2020-12 as ours uses, and no more.

A keyword that is not known here fails, so that nothing passes unlooked at.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
REMARKS = {"title", "description", "default", "$schema", "$defs"}


def problems(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """Return what is wrong, each with its place."""
    found: list[str] = []
    for keyword, wanted in schema.items():
        if keyword not in REMARKS:
            found += _CHECKS[keyword](value, wanted, schema, root, at)
    return found


def _ref(value: Any, wanted: str, _schema: Any, root: dict[str, Any], at: str) -> list[str]:
    return problems(value, root["$defs"][wanted.removeprefix("#/$defs/")], root, at)


def _type(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> list[str]:
    names = wanted if isinstance(wanted, list) else [wanted]
    fits = any(
        isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
        for name in names
    )
    return [] if fits else [f"{at}: {value!r} is no {wanted}"]


def _properties(value: Any, wanted: Any, _schema: Any, root: dict[str, Any], at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    pairs = [(name, part) for name, part in wanted.items() if name in value]
    return [p for name, part in pairs for p in problems(value[name], part, root, f"{at}.{name}")]


def _required(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> list[str]:
    missing = [name for name in wanted if isinstance(value, dict) and name not in value]
    return [f"{at}.{name}: missing" for name in missing]


def _items(value: Any, wanted: Any, _schema: Any, root: dict[str, Any], at: str) -> list[str]:
    if not isinstance(value, list):
        return []
    return [p for n, item in enumerate(value) for p in problems(item, wanted, root, f"{at}[{n}]")]


def _any_of(value: Any, wanted: Any, _schema: Any, root: dict[str, Any], at: str) -> list[str]:
    tried = [problems(value, option, root, at) for option in wanted]
    return [] if [] in tried else [f"{at}: none of {len(wanted)} fits: {tried[0][:1]}"]


def _enum(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> list[str]:
    return [] if value in wanted else [f"{at}: {value!r} is not among {wanted}"]


def _const(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> list[str]:
    return [] if value == wanted else [f"{at}: {value!r} is not {wanted!r}"]


def _format(value: Any, wanted: str, _schema: Any, _root: Any, at: str) -> list[str]:
    read = {"date-time": datetime.fromisoformat, "date": date.fromisoformat}[wanted]
    try:
        read(value)
    except (TypeError, ValueError):
        return [f"{at}: {value!r} is no {wanted}"]
    return [] if wanted == "date" or value.endswith("Z") else [f"{at}: {value!r} is not in UTC"]


_CHECKS: dict[str, Any] = {
    "$ref": _ref,
    "type": _type,
    "properties": _properties,
    "required": _required,
    "items": _items,
    "anyOf": _any_of,
    "enum": _enum,
    "const": _const,
    "format": _format,
}
