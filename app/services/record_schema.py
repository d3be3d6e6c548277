"""The JSON Schema of a shown record, made from the types themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from app.domain.record import ENTITY_TYPES, LIST_PARTS, SCHEMA_VERSION, SINGLE_PARTS
from app.services.lock_changes import LockChange
from app.services.record_json import DOCUMENT_KEYS, IN_SLO, TIMES

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaMode

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT, FLAG = {"type": "string"}, {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
AS_SHOWN: JsonSchemaMode = "serialization"


def record_schema() -> dict[str, Any]:
    """Return the schema (2020-12) of what ``hotwash show --json`` prints and ``export`` writes.

    Every key is required, since every key is always there; later versions may add keys.
    """
    kinds: list[type[Any]] = [*ENTITY_TYPES.values(), LockChange]
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (kind.__name__, AS_SHOWN, TypeAdapter(kind)) for kind in kinds
    ]
    _, shared = TypeAdapter.json_schemas(inputs, by_alias=True, ref_template="#/$defs/{model}")
    definitions = shared["$defs"]
    _as_shown(definitions)
    for definition in definitions.values():
        if "properties" in definition:
            definition["required"] = list(definition["properties"])
    parts = _parts()
    return {
        "$schema": DIALECT,
        "title": "The record of one incident, as Hotwash shows and exports it",
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the schema as its file spells it."""
    return json.dumps(record_schema(), ensure_ascii=False, indent=1) + "\n"


def _parts() -> dict[str, Any]:
    """Return the keys of the document, in their order."""
    known: dict[str, Any] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "incident": _ref("Incident"),
        "edits": _list_of("Edit"),
        **{name: _list_of(part.kind.__name__) for name, part in LIST_PARTS.items()},
        **{name: _or_null(_ref(kind.__name__)) for name, kind in SINGLE_PARTS.items()},
    }
    return {name: known[name] for name in DOCUMENT_KEYS}


def _as_shown(definitions: dict[str, Any]) -> None:
    """Let the entities have what is shown of them, which is not always what is kept."""

    def properties(name: str) -> dict[str, Any]:
        own: dict[str, Any] = definitions[name]["properties"]
        return own

    properties("Incident").update({f"{name}_at": _or_null(MOMENT) for name in TIMES})
    properties("Session")["tracks"] = _list_of("Track")
    segment = properties("Segment")
    segment |= {"start_utc": MOMENT, "end_utc": MOMENT, "pass": segment.pop("made_in")}
    del properties("Message")["incident_id"]
    properties("TimelineEntry")["edits"] = {"type": "array", "items": TEXT}
    properties("Slo").update({name: {"type": "number"} for name in IN_SLO})
    properties("Rca").update(id=_or_null(TEXT), factors=_list_of("Factor"))
    properties("Lock")["changes"] = _list_of("LockChange")
    definitions["Edit"] = _object(
        id=TEXT,
        at=MOMENT,
        by=TEXT,
        label=TEXT,
        undone=FLAG,
        undone_by=_or_null(TEXT),
        changes=_list_of("Change"),
    )
    # Before and after are spelled as they are kept, without what is derived.
    state = {"type": ["object", "null"]}
    kinds = {"enum": list(ENTITY_TYPES)}
    definitions["Change"] = _object(type=kinds, id=TEXT, before=state, after=state)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
