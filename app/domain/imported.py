"""What other systems said: chat and mail, alerts and deployments, metrics."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import EventId, ImportId, IncidentId, MessageId, ReconciliationId, SeriesId
from app.domain.invariants import require_number, require_words
from app.domain.times import keep_utc


@dataclass(frozen=True, slots=True)
class Message:
    """A line of chat, or a mail. ``external_id`` is its name where it came from."""

    id: MessageId
    incident_id: IncidentId
    source_id: ImportId
    at: datetime
    text: str
    external_id: str | None = None
    author: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")


class EventKind(enum.StrEnum):
    """What a system reported."""

    ALERT = "alert"
    DEPLOY = "deploy"
    STATUS_PAGE = "status_page"
    CONFIG = "config"
    DEPENDENCY = "dependency"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Event:
    """An alert, a change (deploy, config, dependency) or a status page's update.

    ``state`` is in its system's words.
    """

    id: EventId
    incident_id: IncidentId
    source_id: ImportId
    at: datetime
    kind: EventKind
    text: str
    external_id: str | None = None
    author: str | None = None
    state: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")


@dataclass(frozen=True, slots=True)
class Point:
    """A measured value."""

    at: datetime
    value: int | float

    def __post_init__(self) -> None:
        keep_utc(self, "at")
        require_number(self.value, "value")


@dataclass(frozen=True, slots=True)
class Series:
    """A metric over time."""

    id: SeriesId
    incident_id: IncidentId
    source_id: ImportId
    name: str
    unit: str | None = None
    external_id: str | None = None
    points: tuple[Point, ...] = ()

    def __post_init__(self) -> None:
        require_words(self.name, "a series needs a name")


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Which of several statements about the same thing a person believed, and why.

    ``members`` are ids of messages, events, segments or entries; ``chosen`` is one of them.
    """

    id: ReconciliationId
    incident_id: IncidentId
    members: tuple[str, ...]
    chosen: str
    by: str
    why: str
    at: datetime | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")
        if len(set(self.members)) < 2:  # noqa: PLR2004  one statement cannot disagree
            raise ValueError("a reconciliation is between several members")
        if self.chosen not in self.members:
            raise ValueError("what was chosen must be one of the members")
        require_words(self.by, "a reconciliation needs a name")
