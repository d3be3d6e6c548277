"""What was told to whom: status updates, checkpoints at a handover, messages to others."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.ids import CheckpointId, CommunicationId, IncidentId, StatusUpdateId
from app.domain.invariants import require_words
from app.domain.json_names import BY_JSON_NAME
from app.domain.times import keep_utc, now_utc


class Audience(enum.StrEnum):
    """For whom a text is written."""

    ENGINEERING = "engineering"
    EXECUTIVE = "executive"
    SUPPORT = "support"
    STATUS_PAGE = "status_page"
    CUSTOMER_EMAIL = "customer_email"
    EXTERNAL = "external"

    @property
    def is_external(self) -> bool:
        """Whether people outside the company read it."""
        return self in {Audience.STATUS_PAGE, Audience.CUSTOMER_EMAIL, Audience.EXTERNAL}


@dataclass(frozen=True, slots=True)
class LeakWaiver:
    """Who let a text go out although the leak check had found something in it, and why."""

    by: str
    reason: str
    at: datetime

    def __post_init__(self) -> None:
        require_words(self.by, "a waiver needs a name")
        require_words(self.reason, "a waiver needs a reason")
        keep_utc(self, "at")


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """What is known, and what is not, at a moment; and when the next one comes.

    Only the closing one may promise none.
    """

    id: StatusUpdateId
    incident_id: IncidentId
    at: datetime
    audience: Audience = Audience.ENGINEERING
    channel: str | None = None
    known: str | None = None
    unknown: str | None = None
    impact: str | None = None
    mitigation: str | None = None
    next_update_at: datetime | None = None
    closing: bool = False
    approved_by: str | None = None
    sent_at: datetime | None = None
    leak_waiver: LeakWaiver | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at", "next_update_at", "sent_at")
        if not any((self.known, self.unknown, self.impact, self.mitigation)):
            raise ValueError("a status update needs words: known, unknown, impact or mitigation")
        if self.next_update_at is not None and self.next_update_at <= self.at:
            raise ValueError("the next update must come after this one")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the next holder of a role must know, and that they have read it."""

    __pydantic_config__ = BY_JSON_NAME

    id: CheckpointId
    incident_id: IncidentId
    at: datetime
    from_: str | None = None
    to: str | None = None
    role: str | None = None
    state: str | None = None
    hypothesis: str | None = None
    customer_impact: str | None = None
    in_flight: tuple[str, ...] = ()
    decision_point: str | None = None
    comms_cadence: str | None = None
    next_decision_point: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at", "acknowledged_at")
        if self.acknowledged_by is not None and self.acknowledged_at is None:
            raise ValueError("an acknowledgement needs its time")
        if self.acknowledged_at is not None and self.acknowledged_at < self.at:
            raise ValueError("a checkpoint is not acknowledged before it is made")


@dataclass(frozen=True, slots=True)
class Communication:
    """A text for an audience; ``facts_used`` are ids, ``tier`` the customers it is meant for."""

    id: CommunicationId
    incident_id: IncidentId
    audience: Audience
    text: str
    tier: str | None = None
    facts_used: tuple[str, ...] = ()
    approver: str | None = None
    approved_at: datetime | None = None
    created_at: datetime = field(default_factory=now_utc)
    leak_waiver: LeakWaiver | None = None

    def __post_init__(self) -> None:
        require_words(self.text, "a communication needs words")
        keep_utc(self, "approved_at", "created_at")
        if self.approved_at is not None and not (self.approver or "").strip():
            raise ValueError("an approval needs the name of who gave it")
