"""Entities out of rows of plain columns, very many at once.

A column is named like its field. What has parts of its own is JSON text, which is parsed and
checked in one go, by the compiled validator of the field: no value is made that is thrown away.
"""

from __future__ import annotations

import copy
import types
import typing
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NewType

from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema

from app.domain.encoding import adapter, path_text, reason
from app.domain.errors import InvalidRecordError
from app.domain.json_names import json_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Fields:
    """How the fields of a kind of entity lie in a row, in their order.

    Attributes:
        nested: Those that are JSON text.
        times: Those that are moments.
    """

    names: tuple[str, ...]
    nested: frozenset[str]
    times: frozenset[str]


@cache
def fields_of(kind: Any) -> Fields:
    """Return how an entity of this kind lies in a row."""
    hints = typing.get_type_hints(kind)
    names = tuple(field.name for field in fields(kind))
    plain = {name: _bare(hints[name]) for name in names}
    return Fields(
        names,
        nested=frozenset(name for name in names if _has_parts(plain[name])),
        times=frozenset(name for name in names if plain[name] is datetime),
    )


def from_rows(
    kind: Any, rows: Iterable[Sequence[Any]], *, place: Callable[[Sequence[Any]], str]
) -> list[Any]:
    """Return the entities that the rows describe; a row has the fields in their order.

    Raises:
        InvalidRecordError: One does not; ``place`` names it.
    """
    found = list(rows)
    if not found:
        return []
    names = [json_name(name) for name in fields_of(kind).names]
    values = [dict(zip(names, row, strict=True)) for row in found]
    return _validated(_rows_validator(kind), values, lambda index: place(found[index]))


def from_json_texts(
    kind: Any, texts: Sequence[str | None], *, place: Callable[[int], str]
) -> list[Any]:
    """Return what each text describes, None for None.

    Raises:
        InvalidRecordError: One does not; ``place`` names it by its number.
    """
    return _validated(_texts_validator(kind), texts, place)


def _validated(
    validator: SchemaValidator, values: Sequence[Any], place: Callable[[int], str]
) -> list[Any]:
    try:
        entities: list[Any] = validator.validate_python(values)
    except ValidationError as cause:
        first = cause.errors(include_url=False, include_input=False)[0]
        index, *inside = first["loc"]
        where = place(int(index)) + path_text(inside)
        raise InvalidRecordError(where, reason(first["msg"])) from cause
    return entities


@cache
def _rows_validator(kind: Any) -> SchemaValidator:
    """Return the validator of a list of rows: that of the kind, but nested fields are text."""
    schema: Any = copy.deepcopy(adapter(kind).core_schema)
    entity = schema["schema"] if schema["type"] == "definitions" else schema
    nested = fields_of(kind).nested
    for field in entity["schema"]["fields"]:
        if field["name"] in nested:
            field["schema"] = _as_text(field["schema"])
    return _of_many(schema, entity)


@cache
def _texts_validator(kind: Any) -> SchemaValidator:
    schema: Any = adapter(kind).core_schema
    entity = schema["schema"] if schema["type"] == "definitions" else schema
    return _of_many(schema, core_schema.nullable_schema(core_schema.json_schema(entity)))


def _of_many(schema: Any, item: Any) -> SchemaValidator:
    many = core_schema.list_schema(item)
    if schema["type"] == "definitions":
        return SchemaValidator(core_schema.definitions_schema(many, schema["definitions"]))
    return SchemaValidator(many)


def _as_text(schema: Any) -> Any:
    if schema["type"] == "default":  # a row has every column
        return _as_text(schema["schema"])
    if schema["type"] == "nullable":
        return core_schema.nullable_schema(_as_text(schema["schema"]))
    return core_schema.json_schema(schema)


def _bare(hint: Any) -> Any:
    """Return the type without None and without its second name."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        return _bare(inner[0]) if len(inner) == 1 else hint
    return hint


def _has_parts(hint: Any) -> bool:
    return typing.get_origin(hint) is tuple or hasattr(hint, "__dataclass_fields__")
