"""Ids that stand in the record must be of something: what is edited is checked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.record import LIST_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.record import Entity, Record
    from app.services.edit_objects import Edit

# Fields that hold ids, and the part of the record that these are of.
REFERENCES = {
    "evidence": "evidence",
    "factors": "factors",
    "entries": "entries",
    "dependencies": "actions",
    "entry_id": "entries",
    "speaker_id": "speakers",
    "merged_into": "speakers",
}


def check_references(record: Record, edits: Sequence[Edit]) -> None:
    """Refuse edits that refer to nothing, or take away what is referred to.

    Raises:
        InvalidRecordError: It names the place.
    """
    known = _ids_after(record, edits)
    for edit in edits:
        if edit.change.after is not None:
            for path, part, wanted in _references(to_json_values(edit.change.after)):
                if wanted not in known[part]:
                    raise InvalidRecordError(edit.place + path, f"there is no “{wanted}”")
    removed: dict[str, str] = {
        edit.change.entity.id: edit.place for edit in edits if edit.change.after is None
    }
    if removed:
        _check_removed(record, edits, removed)


def _check_removed(record: Record, edits: Sequence[Edit], removed: dict[str, str]) -> None:
    edited = {edit.change.entity.id for edit in edits}
    for entity in _referring(record):
        if entity.id in edited:
            continue
        for path, _part, wanted in _references(to_json_values(entity)):
            if wanted in removed:
                raise InvalidRecordError(
                    removed[wanted], f"{entity.id} refers to it ({path.removeprefix('.')})"
                )


def _ids_after(record: Record, edits: Sequence[Edit]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for part in set(REFERENCES.values()):
        kind = LIST_PARTS[part].kind
        changes = [edit.change for edit in edits if isinstance(edit.change.entity, kind)]
        ids: set[str] = {entity.id for entity in getattr(record, part)}
        ids |= {change.after.id for change in changes if change.after is not None}
        known[part] = ids - {c.entity.id for c in changes if c.after is None}
    return known


def _referring(record: Record) -> Iterator[Entity]:
    for part in ("entries", "decisions", "actions", "factors", "slos", "suggestions"):
        yield from getattr(record, part)
    yield from (single for single in (record.impact, record.rca) if single is not None)


def _references(values: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield where an id stands, the part it is of, and the id."""
    if isinstance(values, list):
        for index, item in enumerate(values):
            yield from _references(item, f"{path}[{index}]")
    elif isinstance(values, dict):
        for name, value in values.items():
            part = REFERENCES.get(name)
            wanted = value if isinstance(value, list) else [value]
            for index, one in enumerate(wanted):
                if part is not None and isinstance(one, str):
                    place = f"[{index}]" if isinstance(value, list) else ""
                    yield f"{path}.{name}{place}", part, one
            yield from _references(value, f"{path}.{name}")
