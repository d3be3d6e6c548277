"""Reads a shown document back to the record that it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.encoding import from_json_values
from app.domain.errors import InvalidRecordError
from app.domain.incident import Incident
from app.domain.record import (
    ENTITY_TYPES,
    LIST_PARTS,
    SCHEMA_VERSION,
    SINGLE_PARTS,
    Change,
    Entity,
    Operation,
    Record,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.record import ListPart

E = TypeVar("E", bound=Entity)


def record_from_document(document: object) -> Record:
    """Return a record equal to the one that was shown.

    What was made from other things, such as the incident's times, is made anew when asked for.

    Raises:
        InvalidRecordError: It is no such document, or of a later schema; it names the place.
    """
    shown = _object(document, "document")
    version = shown.get("schema_version")
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        raise InvalidRecordError(
            "schema_version",
            f"this version of Hotwash reads up to {SCHEMA_VERSION}, not {version}",
            remedy="Update Hotwash.",
        )
    incident = from_json_values(Incident, shown.get("incident"), place="incident")
    parts: dict[str, Any] = {
        name: _list(part, _spelled(name, shown, incident), name)
        for name, part in LIST_PARTS.items()
    }
    for name, kind in SINGLE_PARTS.items():
        parts[name] = _single(kind, shown.get(name), name, incident)
    operations = tuple(
        _operation(values, place, incident) for values, place in _items(shown, "edits")
    )
    return Record(incident=incident, operations=operations, **parts)


def _spelled(
    name: str, shown: dict[str, Any], incident: Incident
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the objects of a part as their entities are spelled, each with its place."""
    if name == "tracks":
        for session, place in _items(shown, "sessions"):
            yield from _items(session, "tracks", within=f"{place}.")
    elif name == "factors":
        yield from _items(_object(shown.get("rca") or {}, "rca"), "factors", within="rca.")
    elif name == "segments":
        for values, place in _items(shown, name):
            yield {**values, "made_in": values.get("pass")}, place
    elif name == "messages":
        for values, place in _items(shown, name):
            yield {**values, "incident_id": incident.id}, place
    else:
        yield from _items(shown, name)


def _items(
    parent: dict[str, Any], name: str, *, within: str = ""
) -> Iterator[tuple[dict[str, Any], str]]:
    items = parent.get(name, [])
    if not isinstance(items, list):
        raise InvalidRecordError(within + name, "it must be a list")
    for index, item in enumerate(items):
        place = f"{within}{name}[{index}]"
        yield _object(item, place), place


def _list(
    part: ListPart, items: Iterator[tuple[dict[str, Any], str]], name: str
) -> tuple[Entity, ...]:
    entities: list[Entity] = []
    seen: set[str] = set()
    for values, place in items:
        entity = from_json_values(part.kind, values, place=place)
        if entity.id in seen:
            raise InvalidRecordError(f"{place}.id", f"it is in {name} twice")
        seen.add(entity.id)
        entities.append(entity)
    return tuple(sorted(entities, key=lambda e: tuple(getattr(e, n) for n in part.order)))


def _single(kind: type[E], values: object, name: str, incident: Incident) -> E | None:
    if values is None or _object(values, name).get("id") is None:
        return None
    entity = from_json_values(kind, values, place=name)
    if entity.id != incident.id:
        raise InvalidRecordError(f"{name}.id", "it is the incident's own")
    return entity


def _operation(values: dict[str, Any], place: str, incident: Incident) -> Operation:
    changes = tuple(_change(change, where) for change, where in _changes(values, place))
    own = {**values, "incident_id": incident.id, "changes": ()}
    bare = from_json_values(Operation, own, place=place)
    return Operation(
        bare.id,
        bare.incident_id,
        bare.at,
        bare.by,
        bare.label,
        changes,
        undone=bare.undone,
        undone_by=bare.undone_by,
    )


def _changes(values: dict[str, Any], place: str) -> Iterator[tuple[dict[str, Any], str]]:
    return _items(values, "changes", within=f"{place}.")


def _change(values: dict[str, Any], place: str) -> Change:
    kind = ENTITY_TYPES.get(str(values.get("type")))
    if kind is None:
        raise InvalidRecordError(f"{place}.type", "there is no such kind of thing")

    def state(name: str) -> Entity | None:
        given = values.get(name)
        if given is None:
            return None
        entity: Entity = from_json_values(kind, given, place=f"{place}.{name}")
        return entity

    try:
        return Change(state("before"), state("after"))
    except ValueError as cause:
        raise InvalidRecordError(place, str(cause)) from cause


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRecordError(place, "it must be a JSON object")
    return value
