"""An incident: what happened, how bad it is and where it stands."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.ids import IncidentId
from app.domain.times import now_utc, require_aware


class IncidentState(enum.StrEnum):
    """Where an incident stands."""

    ACTIVE = "active"
    MITIGATED = "mitigated"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM_ONLY = "postmortem_only"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. Its times are not kept here: they are derived from the timeline's anchors.

    ``severity`` is a word of the team's own rubric, None until somebody declares one.
    """

    id: IncidentId
    title: str
    severity: str | None = None
    state: IncidentState = IncidentState.ACTIVE
    created_at: datetime = field(default_factory=now_utc)
    owner: str | None = None
    classification: str | None = None
    display_timezone: str = "UTC"

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("an incident needs a title")
        require_aware(self.created_at, "created_at")
