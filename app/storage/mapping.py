"""Entities to rows; columns are named like fields, so one mapping serves all."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from app.domain.encoding import to_json_values
from app.domain.json_names import json_name
from app.domain.record import ENTITY_TYPES, Entity
from app.domain.row_encoding import fields_of
from app.storage import analysis_tables, live_tables, source_tables, tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Table
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


def columns_of(entity: Entity, names: Collection[str] | None = None) -> dict[str, Any]:
    """Return the values of the entity's row, or of these of its columns."""
    kind: Any = type(entity)
    shape = fields_of(kind)
    wanted = shape.names if names is None else names
    plain = {} if shape.nested.isdisjoint(wanted) else to_json_values(entity)
    return {
        name: plain[json_name(name)] if name in shape.nested else _scalar(getattr(entity, name))
        for name in wanted
    }


def table_of(kind: type[Entity]) -> Table:
    """Return the table that keeps a kind of entity."""
    table: Table = ROW_TYPES[kind].__table__  # type: ignore[attr-defined]
    return table


def _scalar(value: object) -> object:
    return value.value if isinstance(value, enum.Enum) else value
