"""Rows as the database holds them. They never leave this package: stores map them to the domain.

A column is named like the field it keeps; what has parts of its own is a JSON column.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field, SQLModel

from app.storage.column_types import UtcDateTime


def _id_column() -> Any:
    return Field(primary_key=True)


def _utc(*, nullable: bool = True) -> Any:
    return Field(sa_column=Column(UtcDateTime(), nullable=nullable))


def _json() -> Any:
    return Field(sa_column=Column(JSON(none_as_null=True), nullable=True))


def _ref(table: str, *, nullable: bool = False) -> Any:
    # Deferred: one step of work may add a thing and what it refers to in any order.
    key = ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    return Field(sa_column=Column(key, nullable=nullable, index=True))


class IncidentRow(SQLModel, table=True):
    """``app.domain.incident.Incident``."""

    __tablename__ = "incident"

    id: str = _id_column()
    title: str
    severity: str | None
    state: str
    created_at: datetime = _utc(nullable=False)
    owner: str | None
    classification: str | None
    display_timezone: str


class SessionRow(SQLModel, table=True):
    """``app.domain.sessions.Session``."""

    __tablename__ = "session"

    id: str = _id_column()
    incident_id: str = _ref("incident")
    kind: str
    start_utc: datetime = _utc(nullable=False)
    gaps: Any = _json()


class TrackRow(SQLModel, table=True):
    """``app.domain.sessions.Track``."""

    __tablename__ = "track"

    id: str = _id_column()
    session_id: str = _ref("session")
    label: str
    source: str
    device: str
    sample_rate: int
    duration_ms: int | None
    source_sha256: str | None


class MarkerRow(SQLModel, table=True):
    """``app.domain.sessions.Marker``."""

    __tablename__ = "marker"

    id: str = _id_column()
    session_id: str = _ref("session")
    at_ms: int
    kind: str
    by: str
    text: str
    covers_ms: int


class SpeakerRow(SQLModel, table=True):
    """``app.domain.transcript.Speaker``."""

    __tablename__ = "speaker"

    id: str = _id_column()
    incident_id: str = _ref("incident")
    label: str
    track_label: str | None
    name: str | None
    role: str | None
    confirmed: bool


class SegmentRow(SQLModel, table=True):
    """``app.domain.transcript.Segment``; its words are also in the index ``segment_fts``."""

    __tablename__ = "segment"

    # The index needs a row number that no VACUUM changes.
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    session_id: str = _ref("session")
    track_id: str = _ref("track")
    start_ms: int
    end_ms: int
    text: str
    original_text: str
    made_in: str
    speaker_id: str | None = _ref("speaker", nullable=True)
    flag: str | None
    words: Any = _json()


class EntryRow(SQLModel, table=True):
    """``app.domain.timeline.TimelineEntry``."""

    __tablename__ = "entry"

    id: str = _id_column()
    incident_id: str = _ref("incident")
    kind: str
    text: str
    occurred_at: datetime | None = _utc()
    noticed_at: datetime | None = _utc()
    precision: str
    anchor: str | None
    owner_role: str | None
    customer_visible: bool | None
    sources: Any = _json()
    hypothesis_state: str | None
    mitigation_result: str | None
    in_report: bool
    original_time: datetime | None = _utc()
    created_at: datetime = _utc(nullable=False)


class DecisionRow(SQLModel, table=True):
    """``app.domain.decisions.Decision``."""

    __tablename__ = "decision"

    id: str = _id_column()
    incident_id: str = _ref("incident")
    entry_id: str = _ref("entry")
    decision: str
    at: datetime | None = _utc()
    who: str | None
    rationale: str | None
    alternatives: Any = _json()
    information_available: str | None
    reversible: bool | None
    sources: Any = _json()


class ActionRow(SQLModel, table=True):
    """``app.domain.actions.Action``."""

    __tablename__ = "action"

    id: str = _id_column()
    incident_id: str = _ref("incident")
    text: str
    entry_id: str | None = _ref("entry", nullable=True)
    owner: str | None
    owner_role: str | None
    due: date | None
    priority: str | None
    dependencies: Any = _json()
    category: str | None
    horizon: str | None
    verification_plan: str | None
    status: str
    verified_at: datetime | None = _utc()
    wont_do_reason: str | None
    sources: Any = _json()


class OperationRow(SQLModel, table=True):
    """One step of somebody's work; ``seq`` is the order in which steps were done."""

    __tablename__ = "operation"

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    incident_id: str = _ref("incident")
    at: datetime = _utc(nullable=False)
    by: str
    label: str
    undoable: bool
    undone: bool = False
    undone_by: str | None


class ChangeRow(SQLModel, table=True):
    """One entity before and after a step."""

    __tablename__ = "change"

    operation_id: str = Field(foreign_key="operation.id", primary_key=True)
    position: int = Field(primary_key=True)
    entity_type: str
    entity_id: str
    before: Any = _json()
    after: Any = _json()


class CursorRow(SQLModel, table=True):
    """How far a recognition pass has come on a track."""

    __tablename__ = "recognition_cursor"

    track_id: str = Field(foreign_key="track.id", primary_key=True)
    made_in: str = Field(primary_key=True)
    cursor_ms: int
