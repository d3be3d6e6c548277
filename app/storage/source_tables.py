"""Rows of what other systems said, what rules propose, and evidence."""

from datetime import date, datetime
from typing import Any

from sqlmodel import SQLModel

from app.storage.columns import id_column, json_column, ref, utc


class MessageRow(SQLModel, table=True):
    """``app.domain.imported.Message``."""

    __tablename__ = "message"

    id: str = id_column()
    incident_id: str = ref("incident")
    source_id: str
    at: datetime = utc(nullable=False)
    text: str
    external_id: str | None
    author: str | None
    channel: str | None


class EventRow(SQLModel, table=True):
    """``app.domain.imported.Event``."""

    __tablename__ = "event"

    id: str = id_column()
    incident_id: str = ref("incident")
    source_id: str
    at: datetime = utc(nullable=False)
    kind: str
    text: str
    external_id: str | None
    author: str | None
    state: str | None
    url: str | None


class SeriesRow(SQLModel, table=True):
    """``app.domain.imported.Series``."""

    __tablename__ = "series"

    id: str = id_column()
    incident_id: str = ref("incident")
    source_id: str
    name: str
    unit: str | None
    external_id: str | None
    points: Any = json_column()


class ReconciliationRow(SQLModel, table=True):
    """``app.domain.imported.Reconciliation``."""

    __tablename__ = "reconciliation"

    id: str = id_column()
    incident_id: str = ref("incident")
    members: Any = json_column()
    chosen: str
    by: str
    why: str
    at: datetime | None = utc()


class SuggestionRow(SQLModel, table=True):
    """``app.domain.suggestions.Suggestion``."""

    __tablename__ = "suggestion"

    id: str = id_column()
    incident_id: str = ref("incident")
    kind: str
    text: str
    sources: Any = json_column()
    reason: str
    confidence: float
    facet: str | None
    said_at: datetime | None = utc()
    occurred_at: datetime | None = utc()
    precision: str
    owner: str | None
    due: date | None
    mitigation_result: str | None
    hypothesis_state: str | None
    state: str
    entry_id: str | None = ref("entry", nullable=True)


class EvidenceRow(SQLModel, table=True):
    """``app.domain.evidence.Evidence``."""

    __tablename__ = "evidence"

    id: str = id_column()
    incident_id: str = ref("incident")
    kind: str
    url: str | None
    file: str | None
    sha256: str | None
    captured_at: datetime | None = utc()
    note: str | None
    name: str | None
