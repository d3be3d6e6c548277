"""The use cases of live work, wired: they share one person's steps and one rubric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from app.domain.times import now_utc
from app.services.checkpoints import Checkpoints
from app.services.live_log import LiveLog
from app.services.live_situation import LiveSituation
from app.services.role_changes import RoleChanges
from app.services.scoping import Scoping
from app.services.standing import Standing
from app.services.status_updates import StatusUpdates
from app.services.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.domain.ports import EventBus, RecordStore
    from app.services.rubric_file import RubricInForce


@dataclass(frozen=True, slots=True)
class LiveWork:
    """What people do while an incident runs."""

    rubric: RubricInForce
    standing: Standing
    roles: RoleChanges
    scoping: Scoping
    checkpoints: Checkpoints
    status_updates: StatusUpdates
    log: LiveLog
    situation: LiveSituation

    @classmethod
    def over(
        cls,
        store: RecordStore,
        bus: EventBus,
        *,
        actor: str,
        rubric: RubricInForce,
        clock: Callable[[], datetime] = now_utc,
    ) -> Self:
        """Return the use cases over a store; ``clock`` returns the present moment."""
        steps, levels = Steps(store, bus, actor=actor, clock=clock), rubric.rubric
        checkpoints = Checkpoints(steps, cadence=levels.cadence)
        roles = RoleChanges(steps, checkpoints)
        updates = StatusUpdates(steps)
        return cls(
            rubric=rubric,
            standing=Standing(steps, rubric=levels),
            roles=roles,
            scoping=Scoping(steps),
            checkpoints=checkpoints,
            status_updates=updates,
            log=LiveLog(steps, status_updates=updates, roles=roles),
            situation=LiveSituation(store, rubric=levels, clock=clock),
        )
