"""What must be done, or waived by name, before an incident is closed."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from app.domain.ids import IncidentId
from app.domain.invariants import require_words


class CloseOutItem(enum.StrEnum):
    """One line of the checklist; also the name of its field."""

    ACTIONS_SHIPPED = "actions_shipped"
    VERIFICATION_COMPLETE = "verification_complete"
    RUNBOOK_UPDATED = "runbook_updated"
    REVIEW_HELD = "review_held"
    CUSTOMER_CONFIRMED = "customer_confirmed"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who let an item go, and why."""

    item: CloseOutItem
    by: str
    reason: str

    def __post_init__(self) -> None:
        require_words(self.by, "a waiver needs a name")
        require_words(self.reason, "a waiver needs a reason")


@dataclass(frozen=True, slots=True)
class CloseOut:
    """The checklist of one incident, whose id it bears."""

    id: IncidentId
    actions_shipped: bool = False
    verification_complete: bool = False
    runbook_updated: bool = False
    review_held: bool = False
    customer_confirmed: bool = False
    review_dates: tuple[date, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def __post_init__(self) -> None:
        waived = [waiver.item for waiver in self.waivers]
        if len(set(waived)) != len(waived):
            raise ValueError("an item is waived once")

    @property
    def open_items(self) -> tuple[CloseOutItem, ...]:
        """What is neither done nor waived."""
        waived = {waiver.item for waiver in self.waivers}
        return tuple(
            item for item in CloseOutItem if item not in waived and not getattr(self, item.value)
        )
