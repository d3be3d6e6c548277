"""Follow-up actions."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.ids import ActionId, EntryId, IncidentId
from app.domain.timeline import Source
from app.domain.times import require_aware


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

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an action needs words")
        require_aware(self.verified_at, "verified_at")
