"""Entities as plain JSON values and back; the one place where the two meet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

# Named for its effect: PySide6 looks into each module that is imported after it, and stumbles over
# this one if sqlmodel fetches it when only other parts of the library are there.
import pydantic.types  # noqa: F401
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaSerializer, core_schema, to_json

from app.domain.errors import InvalidRecordError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


# Names that differ in JSON are told by the fields: see json_names.
_adapters: dict[Any, TypeAdapter[Any]] = {}  # dear to build, so each is built once


def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what knows how a type is spelled in JSON."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_json_values(entity: Any) -> dict[str, Any]:
    """Return a dataclass as JSON values; every field is there, times are UTC and end in ``Z``."""
    values: dict[str, Any] = adapter(type(entity)).dump_python(entity, mode="json", by_alias=True)
    return values


def all_to_json_values(entities: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the JSON values of each of many dataclasses of one kind."""
    if not entities:
        return []
    kind: Any = type(entities[0])
    values: list[dict[str, Any]] = _many(kind).to_python(
        list(entities), mode="json", by_alias=True
    )
    return values


@cache
def _many(kind: Any) -> SchemaSerializer:
    schema: Any = adapter(kind).core_schema
    if schema["type"] != "definitions":
        return SchemaSerializer(core_schema.list_schema(schema))
    many = core_schema.list_schema(schema["schema"])
    return SchemaSerializer(core_schema.definitions_schema(many, schema["definitions"]))


def json_bytes(values: Any, *, by: SchemaSerializer | None = None) -> bytes:
    """Return JSON values as a file spells them: UTF-8, indented, a line feed at the end.

    ``by`` is a serializer that spells entities among them sooner than they are made plain values.
    """
    return (to_json(values, indent=1) if by is None else by.to_json(values, indent=1)) + b"\n"


def speller(name: str, field: str, kind: Any) -> SchemaSerializer:
    """Return what spells a document in whose list ``name`` each ``field`` holds entities.

    All the rest of the document is plain values.
    """
    return SchemaSerializer(
        _some_known(
            {name: core_schema.list_schema(_some_known({field: adapter(kind).core_schema}))}
        )
    )


def _some_known(fields: dict[str, Any]) -> Any:
    known = {name: core_schema.typed_dict_field(schema) for name, schema in fields.items()}
    return core_schema.typed_dict_schema(known, extra_behavior="allow")


def from_json_values(kind: type[T], values: object, *, place: str) -> T:
    """Return the dataclass that the values describe.

    Raises:
        InvalidRecordError: They do not; it names the place, for example ``entries[0].kind``.
    """
    try:
        entity: T = adapter(kind).validate_python(values)
    except ValidationError as cause:
        first = cause.errors(include_url=False, include_input=False)[0]
        raise InvalidRecordError(place + path_text(first["loc"]), reason(first["msg"])) from cause
    return entity


def path_text(loc: Sequence[int | str]) -> str:
    """Return the way to a value inside another, such as ``.words[2].text``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)


def reason(message: str) -> str:
    """Return what the library says against a value, as the end of a sentence."""
    plain = message.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]
