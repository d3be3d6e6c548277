"""The nudge to change the strategy: mitigations have stalled, or the log has."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.incident import IncidentState
from app.domain.record import Record
from app.domain.rules.findings import quoted
from app.domain.timeline import Anchor, MitigationResult, TimelineEntry

ATTEMPTS = frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})
HELPED = frozenset({MitigationResult.WORKED, MitigationResult.PARTIAL})
QUESTION = "Change the strategy? Say what else could stop the impact, and who tries it by when."


class NudgeReason(enum.StrEnum):
    """What has stalled."""

    NO_RESULT = "no_result"
    NO_NEW_ATTEMPT = "no_new_attempt"
    NO_ENTRY = "no_entry"


@dataclass(frozen=True, slots=True)
class Nudge:
    """What has stalled since when, in words fit for the screen."""

    reason: NudgeReason
    since: datetime
    minutes: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Result:
    entry: TimelineEntry
    entered_at: datetime

    @property
    def helped(self) -> bool:
        return self.entry.mitigation_result in HELPED


def change_strategy(record: Record, *, now: datetime, after_minutes: int) -> Nudge | None:
    """Return the nudge that is due in an active incident; None while there is progress.

    An attempt waits for its result from when it began; any result that is entered starts the
    count again, and so does a new attempt after one that did not work. Otherwise an entry does.
    """
    if record.incident.state is not IncidentState.ACTIVE:
        return None
    active_since = _active_since(record)
    attempts = [entry for entry in record.entries if _is_attempt(entry)]
    results = list(_results(record))
    last = max(results, key=lambda one: (one.entered_at, one.entry.id), default=None)
    for stall in (_waiting(attempts, last), _untried(attempts, last), _silence(record, last)):
        if stall is None:
            continue
        begun = max(stall.since, active_since)
        if now - begun >= timedelta(minutes=after_minutes):
            minutes = int((now - begun).total_seconds() // 60)
            message = f"{stall.opening} for {minutes} min{stall.ending}"
            return Nudge(stall.reason, begun, minutes, message, QUESTION)
    return None


@dataclass(frozen=True, slots=True)
class _Stall:
    reason: NudgeReason
    since: datetime
    opening: str
    ending: str


def _waiting(attempts: list[TimelineEntry], last: _Result | None) -> _Stall | None:
    """Return since when attempts wait for their result; what helped since settles older ones."""
    helped_at = last.entered_at if last is not None and last.helped else None
    waiting = [
        entry
        for entry in attempts
        if not _has_result(entry) and (helped_at is None or _begun(entry) >= helped_at)
    ]
    if not waiting:
        return None
    first = min(waiting, key=lambda entry: (_begun(entry), entry.id))
    since = _begun(first) if last is None else max(_begun(first), last.entered_at)
    ending = f": {quoted(first.text)} has no result yet."
    return _Stall(NudgeReason.NO_RESULT, since, "No mitigation has worked", ending)


def _untried(attempts: list[TimelineEntry], last: _Result | None) -> _Stall | None:
    if last is None or last.helped:
        return None
    if any(not _has_result(entry) and _begun(entry) >= last.entered_at for entry in attempts):
        return None
    ending = f": {quoted(last.entry.text)} did not work."
    opening = "Nothing else has been tried"
    return _Stall(NudgeReason.NO_NEW_ATTEMPT, last.entered_at, opening, ending)


def _silence(record: Record, last: _Result | None) -> _Stall:
    entered = [entry.created_at for entry in record.entries]
    if last is not None:
        entered.append(last.entered_at)
    since = max(entered, default=record.incident.created_at)
    return _Stall(NudgeReason.NO_ENTRY, since, "Nothing has been entered", ".")


def _results(record: Record) -> Iterator[_Result]:
    """Yield the results that stand, each with when it was entered."""
    standing = {e.id: e for e in record.entries if _is_attempt(e) and _has_result(e)}
    entered = {entry.id: entry.created_at for entry in standing.values()}
    for operation in record.operations:
        if operation.undone:
            continue
        for change in operation.changes:
            after, before = change.after, change.before
            if not isinstance(after, TimelineEntry) or after.id not in standing:
                continue
            was = before.mitigation_result if isinstance(before, TimelineEntry) else None
            if after.mitigation_result is not was:
                entered[after.id] = operation.at
    for name, entry in standing.items():
        yield _Result(entry, entered[name])


def _active_since(record: Record) -> datetime:
    changes = (c.at for c in record.incident.state_history if c.to is IncidentState.ACTIVE)
    return max(changes, default=record.incident.created_at)


def _is_attempt(entry: TimelineEntry) -> bool:
    return entry.anchor in ATTEMPTS or entry.mitigation_result is not None


def _has_result(entry: TimelineEntry) -> bool:
    return entry.mitigation_result not in {None, MitigationResult.UNKNOWN}


def _begun(entry: TimelineEntry) -> datetime:
    return entry.occurred_at or entry.noticed_at or entry.created_at
