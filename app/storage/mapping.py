"""Rows to entities and back; columns are named like fields, so one mapping serves all."""

from __future__ import annotations

import enum
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import JSON, inspect

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.encoding import from_json_values, to_json_values
from app.domain.incident import Incident
from app.domain.record import Entity
from app.domain.sessions import Marker, Session, Track
from app.domain.timeline import TimelineEntry
from app.domain.transcript import Segment, Speaker
from app.storage.tables import (
    ActionRow,
    DecisionRow,
    EntryRow,
    IncidentRow,
    MarkerRow,
    SegmentRow,
    SessionRow,
    SpeakerRow,
    TrackRow,
)

if TYPE_CHECKING:
    from sqlalchemy import Row, Table
    from sqlmodel import SQLModel

ROW_TYPES: dict[type[Entity], type[SQLModel]] = {
    Incident: IncidentRow,
    Session: SessionRow,
    Track: TrackRow,
    Marker: MarkerRow,
    Speaker: SpeakerRow,
    Segment: SegmentRow,
    TimelineEntry: EntryRow,
    Decision: DecisionRow,
    Action: ActionRow,
}

E = TypeVar("E", bound=Entity)


@cache
def _json_columns(row_type: Any) -> frozenset[str]:
    columns = inspect(row_type).columns
    return frozenset(column.key for column in columns if isinstance(column.type, JSON))


FIELD_NAMES: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind)) for kind in ROW_TYPES
}


def columns_of(entity: Entity) -> dict[str, Any]:
    """Return the values of the entity's row."""
    nested = _json_columns(ROW_TYPES[type(entity)])
    plain = to_json_values(entity) if nested else {}
    return {
        name: plain[name] if name in nested else _scalar(getattr(entity, name))
        for name in FIELD_NAMES[type(entity)]
    }


def table_of(kind: type[Entity]) -> Table:
    """Return the table that keeps a kind of entity."""
    table: Table = ROW_TYPES[kind].__table__  # type: ignore[attr-defined]
    return table


def entity_of(kind: type[E], row: Row[Any]) -> E:
    """Return what the row describes."""
    values = {name: getattr(row, name) for name in FIELD_NAMES[kind]}
    return from_json_values(kind, values, place=f"{kind.__name__} {values['id']}")


def _scalar(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value
