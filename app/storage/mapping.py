"""Rows to entities and back; columns are named like fields, so one mapping serves all."""

from __future__ import annotations

import enum
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import JSON, inspect

from app.domain.encoding import from_json_values, to_json_values
from app.domain.json_names import json_name
from app.domain.record import ENTITY_TYPES, Entity
from app.storage import analysis_tables, live_tables, source_tables, tables

if TYPE_CHECKING:
    from sqlalchemy import Row, Table
    from sqlmodel import SQLModel

_ROWS: dict[str, type[SQLModel]] = {
    "incident": tables.IncidentRow,
    "session": tables.SessionRow,
    "track": tables.TrackRow,
    "marker": tables.MarkerRow,
    "speaker": tables.SpeakerRow,
    "segment": tables.SegmentRow,
    "entry": tables.EntryRow,
    "decision": tables.DecisionRow,
    "action": tables.ActionRow,
    "role": live_tables.RoleRow,
    "scope": live_tables.ScopeRow,
    "message": source_tables.MessageRow,
    "event": source_tables.EventRow,
    "series": source_tables.SeriesRow,
    "impact": analysis_tables.ImpactRow,
    "slo": analysis_tables.SloRow,
    "rca": analysis_tables.RcaRow,
    "factor": analysis_tables.FactorRow,
    "status_update": live_tables.StatusUpdateRow,
    "checkpoint": live_tables.CheckpointRow,
    "evidence": source_tables.EvidenceRow,
    "communication": live_tables.CommunicationRow,
    "learnings": analysis_tables.LearningsRow,
    "lock": live_tables.LockRow,
    "closeout": analysis_tables.CloseOutRow,
    "reconciliation": source_tables.ReconciliationRow,
    "suggestion": source_tables.SuggestionRow,
    "redaction": live_tables.RedactionRow,
}
ROW_TYPES: dict[type[Entity], type[SQLModel]] = {
    kind: _ROWS[name] for name, kind in ENTITY_TYPES.items()
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
        name: plain[json_name(name)] if name in nested else _scalar(getattr(entity, name))
        for name in FIELD_NAMES[type(entity)]
    }


def table_of(kind: type[Entity]) -> Table:
    """Return the table that keeps a kind of entity."""
    table: Table = ROW_TYPES[kind].__table__  # type: ignore[attr-defined]
    return table


COLUMN_NAMES: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(json_name(column.key) for column in table_of(kind).c) for kind in ROW_TYPES
}


def entity_of(kind: type[E], row: Row[Any]) -> E:
    """Return what the row describes: it begins with all the columns of its kind's table."""
    values = dict(zip(COLUMN_NAMES[kind], row, strict=False))
    return from_json_values(kind, values, place=f"{kind.__name__} {values['id']}")


def _scalar(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value
