"""An incident: what happened, how bad it is and where it stands."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.domain.ids import IncidentId
from app.domain.invariants import require_words
from app.domain.json_names import BY_JSON_NAME
from app.domain.times import keep_utc, now_utc


class IncidentState(enum.StrEnum):
    """Where an incident stands."""

    ACTIVE = "active"
    MITIGATED = "mitigated"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM_ONLY = "postmortem_only"
    CLOSED = "closed"

    @property
    def is_running(self) -> bool:
        """Whether people are still at work on it, so that what is typed happens now."""
        return self in {IncidentState.ACTIVE, IncidentState.MITIGATED, IncidentState.MONITORING}


class IncidentTrack(enum.StrEnum):
    """Who may know of it."""

    NORMAL = "normal"
    SECURITY = "security"


class Depth(enum.StrEnum):
    """How thorough the analysis is to be."""

    FULL = "full"
    LIGHT = "light"
    NEAR_MISS = "near_miss"


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """When the severity was set; None where there was, or is, none."""

    __pydantic_config__ = BY_JSON_NAME

    from_: str | None
    to: str | None
    at: datetime
    by: str
    reason: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")


@dataclass(frozen=True, slots=True)
class StateChange:
    """When the incident moved on."""

    __pydantic_config__ = BY_JSON_NAME

    from_: IncidentState
    to: IncidentState
    at: datetime
    by: str
    reason: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")


@dataclass(frozen=True, slots=True)
class NextCheckpoint:
    """When the state is next looked at, and by whom."""

    at: datetime
    owner: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")


@dataclass(frozen=True, slots=True)
class Tags:
    """The team's own words, by which incidents of a kind find each other."""

    failure_mode: tuple[str, ...] = ()
    symptom_signature: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. Its times are not kept here: they are derived from the timeline's anchors.

    ``severity`` is a word of the team's own rubric, None until somebody declares one. It and
    ``state`` are changed by ``with_severity`` and ``with_state``, which keep their history.
    ``codename`` and ``need_to_know`` belong to the security track.
    """

    id: IncidentId
    title: str
    severity: str | None = None
    state: IncidentState = IncidentState.ACTIVE
    created_at: datetime = field(default_factory=now_utc)
    owner: str | None = None
    classification: str | None = None
    display_timezone: str = "UTC"
    codename: str | None = None
    severity_history: tuple[SeverityChange, ...] = ()
    state_history: tuple[StateChange, ...] = ()
    business_critical_period: str | None = None
    channels: tuple[str, ...] = ()
    detection_method: str | None = None
    current_risk: str | None = None
    next_checkpoint: NextCheckpoint | None = None
    follow_up_review_date: date | None = None
    systems: tuple[str, ...] = ()
    track: IncidentTrack = IncidentTrack.NORMAL
    depth: Depth = Depth.FULL
    template: str | None = None
    prior_incident_ids: tuple[IncidentId, ...] = ()
    tags: Tags = field(default_factory=Tags)
    need_to_know: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_words(self.title, "an incident needs a title")
        keep_utc(self, "created_at")
        if self.severity_history and self.severity_history[-1].to != self.severity:
            raise ValueError("severity_history must end with the severity")
        if self.state_history and self.state_history[-1].to != self.state:
            raise ValueError("state_history must end with the state")
        if self.id in self.prior_incident_ids:
            raise ValueError("an incident is not its own prior incident")

    def severity_at(self, moment: datetime) -> str | None:
        """Return the severity that it had then."""
        then = self.severity
        for change in reversed(self.severity_history):
            if change.at <= moment:
                return change.to
            then = change.from_
        return then

    def with_severity(
        self, severity: str | None, *, at: datetime, by: str, reason: str | None = None
    ) -> Incident:
        """Return the incident with this severity, and when it was set; itself if it has it."""
        if severity == self.severity:
            return self
        change = SeverityChange(self.severity, severity, at, by, reason)
        return replace(self, severity=severity, severity_history=(*self.severity_history, change))

    def with_state(
        self, state: IncidentState, *, at: datetime, by: str, reason: str | None = None
    ) -> Incident:
        """Return the incident in this state, and when it came there; itself if it is there."""
        if state == self.state:
            return self
        change = StateChange(self.state, state, at, by, reason)
        return replace(self, state=state, state_history=(*self.state_history, change))
