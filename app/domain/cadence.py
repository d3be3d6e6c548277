"""The cadence clock: when the next status update is due, by whose word, and which came late."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from app.domain.communications import StatusUpdate
from app.domain.ids import StatusUpdateId
from app.domain.incident import Incident
from app.domain.record import Record

SOON = timedelta(minutes=5)

Cadence: TypeAlias = Mapping[str, int | None]  # minutes by severity; None asks for no updates


class DueBy(enum.StrEnum):
    """Whose word makes an update due."""

    PROMISE = "promise"
    CADENCE = "cadence"


class ClockState(enum.StrEnum):
    """How the clock is to be shown."""

    NONE = "none"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class LateUpdate:
    """An update that came after it was due (R06)."""

    update_id: StatusUpdateId
    at: datetime
    due_at: datetime

    @property
    def minutes(self) -> float:
        """How late it was."""
        return (self.at - self.due_at).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class CadenceClock:
    """When the next update is due, None where none is; and those that came late.

    ``cadence_minutes`` is what the severity asks for now. ``last_at`` is the last update's time.
    """

    due_at: datetime | None
    due_by: DueBy | None
    cadence_minutes: int | None
    last_at: datetime | None
    late: tuple[LateUpdate, ...]

    def remaining(self, now: datetime) -> timedelta | None:
        """Return the time left, negative once it is overdue."""
        return None if self.due_at is None else self.due_at - now

    def state(self, now: datetime) -> ClockState:
        """Return how it is to be shown: from five minutes before, as a warning."""
        left = self.remaining(now)
        if left is None:
            return ClockState.NONE
        if left < timedelta(0):
            return ClockState.OVERDUE
        return ClockState.SOON if left <= SOON else ClockState.RUNNING


def cadence_clock(record: Record, cadence: Cadence) -> CadenceClock:
    """Read the clock off a record.

    Due is whatever comes first: what the last update promised, the cadence of the severity it
    was sent under, and, where the severity has changed since, the new one's from then on. Before
    the first update, the cadence counts from when the severity was declared.
    """
    incident = record.incident
    updates = in_order(record.status_updates)
    last = updates[-1] if updates else None
    due = min(_dues(incident, last, cadence), default=None) if incident.state.is_running else None
    return CadenceClock(
        due_at=None if due is None else due[0],
        due_by=None if due is None else due[1],
        cadence_minutes=cadence.get(incident.severity or ""),
        last_at=None if last is None else last.at,
        late=tuple(late_updates(record, cadence)),
    )


def late_updates(record: Record, cadence: Cadence) -> Iterator[LateUpdate]:
    """Yield the updates that came later than the severity of that time asks."""
    for before, update in itertools.pairwise(in_order(record.status_updates)):
        due = asked_for(before, record.incident, cadence)
        if due is not None and update.at > due:
            yield LateUpdate(update.id, update.at, due)


def asked_for(update: StatusUpdate, incident: Incident, cadence: Cadence) -> datetime | None:
    """Return when the severity asks for the next update, the closing one for none.

    Under a severity that has no cadence of its own, what was promised counts.
    """
    if update.closing:
        return None
    severity = incident.severity_at(update.at) or ""
    if severity not in cadence:
        return update.next_update_at
    minutes = cadence[severity]
    return None if minutes is None else update.at + timedelta(minutes=minutes)


def in_order(updates: Iterable[StatusUpdate]) -> list[StatusUpdate]:
    """Return updates as they were sent."""
    return sorted(updates, key=lambda update: (update.at, update.id))


def _dues(
    incident: Incident, last: StatusUpdate | None, cadence: Cadence
) -> Iterator[tuple[datetime, DueBy]]:
    declared = incident.severity_history[-1].at if incident.severity_history else None
    minutes = cadence.get(incident.severity or "")
    if last is None:
        declared = declared or incident.created_at
    else:
        if last.closing:
            return
        if last.next_update_at is not None:
            yield last.next_update_at, DueBy.PROMISE
        asked = asked_for(last, incident, cadence)
        if asked is not None and asked != last.next_update_at:
            yield asked, DueBy.CADENCE
    if minutes is not None and declared is not None and (last is None or declared > last.at):
        yield declared + timedelta(minutes=minutes), DueBy.CADENCE
