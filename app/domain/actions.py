"""Follow-up actions."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.ids import ActionId, EntryId, FactorId, IncidentId
from app.domain.invariants import require_words
from app.domain.timeline import Source
from app.domain.times import keep_utc


class ActionCategory(enum.StrEnum):
    """What an action is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    LEARN = "learn"


class Horizon(enum.StrEnum):
    """How soon an action pays."""

    IMMEDIATE = "immediate"
    SHORT = "short"
    LONG = "long"


class ActionStatus(enum.StrEnum):
    """Where an action stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    VERIFIED = "verified"
    WONT_DO = "wont_do"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where a tracker keeps it: ``system`` such as “jira”, ``key`` such as “OPS-42”."""

    system: str
    key: str
    url: str | None = None

    def __post_init__(self) -> None:
        require_words(self.system, "a ticket needs its system")
        require_words(self.key, "a ticket needs its key")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do; ``entry_id`` is the timeline entry it was promoted with, if any."""

    id: ActionId
    incident_id: IncidentId
    text: str
    entry_id: EntryId | None = None
    owner: str | None = None
    owner_role: str | None = None
    due: date | None = None
    priority: str | None = None
    dependencies: tuple[ActionId, ...] = ()
    category: ActionCategory | None = None
    horizon: Horizon | None = None
    verification_plan: str | None = None
    status: ActionStatus = ActionStatus.OPEN
    verified_at: datetime | None = None
    wont_do_reason: str | None = None
    sources: tuple[Source, ...] = ()
    factors: tuple[FactorId, ...] = ()
    ticket: Ticket | None = None

    def __post_init__(self) -> None:
        require_words(self.text, "an action needs words")
        keep_utc(self, "verified_at")
        if self.id in self.dependencies:
            raise ValueError("an action does not depend on itself")
