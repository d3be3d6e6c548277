"""Rows of live work: roles, scope, what was told to whom, locks, redactions."""

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from app.storage.columns import id_column, incident_id_column, json_column, ref, utc


class RoleRow(SQLModel, table=True):
    """``app.domain.roles.Role``."""

    __tablename__ = "role"

    id: str = id_column()
    incident_id: str = ref("incident")
    role: str
    person: str | None
    from_: datetime | None = utc()
    to: datetime | None = utc()
    not_needed: bool


class ScopeRow(SQLModel, table=True):
    """``app.domain.scope.Scope``."""

    __tablename__ = "scope"

    id: str = incident_id_column()
    users: str | None
    fault_domain: str | None
    dependency: str | None
    recent_change: str | None


class StatusUpdateRow(SQLModel, table=True):
    """``app.domain.communications.StatusUpdate``."""

    __tablename__ = "status_update"

    id: str = id_column()
    incident_id: str = ref("incident")
    at: datetime = utc(nullable=False)
    audience: str
    channel: str | None
    known: str | None
    unknown: str | None
    impact: str | None
    mitigation: str | None
    next_update_at: datetime | None = utc()
    closing: bool
    approved_by: str | None
    sent_at: datetime | None = utc()
    leak_waiver: Any = json_column()


class CheckpointRow(SQLModel, table=True):
    """``app.domain.communications.Checkpoint``."""

    __tablename__ = "checkpoint"

    id: str = id_column()
    incident_id: str = ref("incident")
    at: datetime = utc(nullable=False)
    from_: str | None
    to: str | None
    role: str | None
    state: str | None
    hypothesis: str | None
    customer_impact: str | None
    in_flight: Any = json_column()
    decision_point: str | None
    comms_cadence: str | None
    next_decision_point: str | None
    acknowledged_at: datetime | None = utc()
    acknowledged_by: str | None


class CommunicationRow(SQLModel, table=True):
    """``app.domain.communications.Communication``."""

    __tablename__ = "communication"

    id: str = id_column()
    incident_id: str = ref("incident")
    audience: str
    text: str
    tier: str | None
    facts_used: Any = json_column()
    approver: str | None
    approved_at: datetime | None = utc()
    created_at: datetime = utc(nullable=False)
    leak_waiver: Any = json_column()


class LockRow(SQLModel, table=True):
    """``app.domain.locks.Lock``."""

    __tablename__ = "lock"

    id: str = id_column()
    incident_id: str = ref("incident")
    name: str
    at: datetime = utc(nullable=False)
    by: str
    record_sha256: str
    parts: Any = json_column()


class RedactionRow(SQLModel, table=True):
    """``app.domain.redactions.Redaction``."""

    __tablename__ = "redaction"

    id: str = id_column()
    incident_id: str = ref("incident")
    session_id: str = ref("session")
    track_ids: Any = json_column()
    start_ms: int
    end_ms: int
    at: datetime = utc(nullable=False)
    by: str
    reason: str
