"""Rows of the spine and of people's work. They never leave this package: stores map them.

A column is named like the field it keeps; what has parts of its own is a JSON column.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.storage.columns import id_column, json_column, ref, utc


class IncidentRow(SQLModel, table=True):
    """``app.domain.incident.Incident``."""

    __tablename__ = "incident"

    id: str = id_column()
    title: str
    severity: str | None
    state: str
    created_at: datetime = utc(nullable=False)
    owner: str | None
    classification: str | None
    display_timezone: str
    codename: str | None
    severity_history: Any = json_column()
    state_history: Any = json_column()
    business_critical_period: str | None
    channels: Any = json_column()
    detection_method: str | None
    current_risk: str | None
    next_checkpoint: Any = json_column()
    follow_up_review_date: date | None
    systems: Any = json_column()
    track: str
    depth: str
    template: str | None
    prior_incident_ids: Any = json_column()
    tags: Any = json_column()
    need_to_know: Any = json_column()


class SessionRow(SQLModel, table=True):
    """``app.domain.sessions.Session``."""

    __tablename__ = "session"

    id: str = id_column()
    incident_id: str = ref("incident")
    kind: str
    start_utc: datetime = utc(nullable=False)
    gaps: Any = json_column()
    clock_offset_ms: int
    consent: Any = json_column()
    pauses: Any = json_column()
    clock_events: Any = json_column()
    recognised: Any = json_column()


class TrackRow(SQLModel, table=True):
    """``app.domain.sessions.Track``."""

    __tablename__ = "track"

    id: str = id_column()
    session_id: str = ref("session")
    label: str
    source: str
    device: str
    sample_rate: int
    duration_ms: int | None
    source_sha256: str | None
    drift_ppm: float | None


class MarkerRow(SQLModel, table=True):
    """``app.domain.sessions.Marker``."""

    __tablename__ = "marker"

    id: str = id_column()
    session_id: str = ref("session")
    at_ms: int
    kind: str
    by: str
    text: str
    covers_ms: int


class SpeakerRow(SQLModel, table=True):
    """``app.domain.transcript.Speaker``."""

    __tablename__ = "speaker"

    id: str = id_column()
    incident_id: str = ref("incident")
    label: str
    track_label: str | None
    name: str | None
    role: str | None
    confirmed: bool
    merged_into: str | None


class SegmentRow(SQLModel, table=True):
    """``app.domain.transcript.Segment``; its words are also in the index ``segment_fts``."""

    __tablename__ = "segment"

    # The index needs a row number that no VACUUM changes.
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    session_id: str = ref("session")
    track_id: str = ref("track")
    start_ms: int
    end_ms: int
    text: str
    original_text: str
    made_in: str
    speaker_id: str | None = ref("speaker", nullable=True)
    flag: str | None
    words: Any = json_column()
    confidence: float | None
    overlap: bool
    redacted: bool
    bleed: bool
    speaker_by_person: bool


class EntryRow(SQLModel, table=True):
    """``app.domain.timeline.TimelineEntry``."""

    __tablename__ = "entry"

    id: str = id_column()
    incident_id: str = ref("incident")
    kind: str
    text: str
    occurred_at: datetime | None = utc()
    noticed_at: datetime | None = utc()
    precision: str
    anchor: str | None
    owner_role: str | None
    customer_visible: bool | None
    sources: Any = json_column()
    hypothesis_state: str | None
    mitigation_result: str | None
    in_report: bool
    original_time: datetime | None = utc()
    created_at: datetime = utc(nullable=False)
    evidence: Any = json_column()
    no_evidence_because: str | None
    settled_at: datetime | None = utc()


class DecisionRow(SQLModel, table=True):
    """``app.domain.decisions.Decision``."""

    __tablename__ = "decision"

    id: str = id_column()
    incident_id: str = ref("incident")
    entry_id: str = ref("entry")
    decision: str
    at: datetime | None = utc()
    who: str | None
    rationale: str | None
    alternatives: Any = json_column()
    information_available: str | None
    reversible: bool | None
    sources: Any = json_column()


class ActionRow(SQLModel, table=True):
    """``app.domain.actions.Action``."""

    __tablename__ = "action"

    id: str = id_column()
    incident_id: str = ref("incident")
    text: str
    entry_id: str | None = ref("entry", nullable=True)
    owner: str | None
    owner_role: str | None
    due: date | None
    priority: str | None
    dependencies: Any = json_column()
    category: str | None
    horizon: str | None
    verification_plan: str | None
    status: str
    verified_at: datetime | None = utc()
    wont_do_reason: str | None
    sources: Any = json_column()
    factors: Any = json_column()
    ticket: Any = json_column()


class OperationRow(SQLModel, table=True):
    """One step of somebody's work; ``seq`` is the order in which steps were done."""

    __tablename__ = "operation"

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    incident_id: str = ref("incident")
    at: datetime = utc(nullable=False)
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
    before: Any = json_column()
    after: Any = json_column()


class CursorRow(SQLModel, table=True):
    """How far a recognition pass has come on a track."""

    __tablename__ = "recognition_cursor"

    track_id: str = Field(foreign_key="track.id", primary_key=True)
    made_in: str = Field(primary_key=True)
    cursor_ms: int
