"""Use case: where an incident stands at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cadence import cadence_clock
from app.domain.card import late_joiner_card
from app.domain.nudge import change_strategy
from app.domain.rules.closing import held_back
from app.domain.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.domain.cadence import CadenceClock
    from app.domain.card import LateJoinerCard
    from app.domain.ids import IncidentId
    from app.domain.nudge import Nudge
    from app.domain.ports import RecordStore
    from app.domain.record import Record
    from app.domain.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Situation:
    """The card, the clock, the nudge that is due, and why conclusions wait; all as of ``now``."""

    now: datetime
    card: LateJoinerCard
    clock: CadenceClock
    nudge: Nudge | None
    held_back: str | None


class LiveSituation:
    """Reads the moment off a record; ``clock`` returns the present one."""

    def __init__(
        self, store: RecordStore, *, rubric: Rubric, clock: Callable[[], datetime] = now_utc
    ) -> None:
        self._store = store
        self._rubric = rubric
        self._clock = clock

    def of(self, incident_id: IncidentId) -> Situation:
        """Return how an incident stands in the database.

        Raises:
            NotFoundError: There is no such incident.
        """
        return self.read(self._store.record(incident_id))

    def read(self, record: Record) -> Situation:
        """Return how a record at hand stands."""
        now = self._clock()
        clock = cadence_clock(record, self._rubric.cadence)
        return Situation(
            now,
            late_joiner_card(record, clock, now=now),
            clock,
            change_strategy(record, now=now, after_minutes=self._rubric.nudge_minutes),
            held_back(record),
        )
