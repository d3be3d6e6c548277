"""Entities as plain JSON values and back; the one place where the two meet."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from app.domain.errors import InvalidRecordError

T = TypeVar("T")


# Names that differ in JSON are told by the fields: see json_names.
_adapters: dict[type[Any], TypeAdapter[Any]] = {}  # dear to build, so each is built once


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_json_values(entity: Any) -> dict[str, Any]:
    """Return a dataclass as JSON values; every field is there, times are UTC and end in ``Z``."""
    values: dict[str, Any] = _adapter(type(entity)).dump_python(entity, mode="json", by_alias=True)
    return values


def json_text(values: Any) -> str:
    """Return JSON values as a file spells them: indented, a line feed at the end."""
    return to_json(values, indent=1).decode() + "\n"


def from_json_values(kind: type[T], values: object, *, place: str) -> T:
    """Return the dataclass that the values describe.

    Raises:
        InvalidRecordError: They do not; it names the place, for example ``entries[0].kind``.
    """
    try:
        entity: T = _adapter(kind).validate_python(values)
    except ValidationError as cause:
        first = cause.errors(include_url=False, include_input=False)[0]
        raise InvalidRecordError(place + _path(first["loc"]), _reason(first["msg"])) from cause
    return entity


def _path(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)


def _reason(message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]
