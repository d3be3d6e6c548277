"""What a record says of the moment: impact, hypothesis, what is in flight, who holds what."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.actions import Action, ActionStatus
from app.domain.decisions import Decision
from app.domain.impact import Impact, Quantity
from app.domain.incident_times import anchor_entries
from app.domain.invariants import UNKNOWN
from app.domain.record import Record
from app.domain.roles import KNOWN_ROLES, Role
from app.domain.timeline import (
    Anchor,
    EntryKind,
    HypothesisState,
    MitigationResult,
    TimelineEntry,
)
from app.domain.times import Precision, clock_face

ATTEMPTS = frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})
UNSETTLED = frozenset({ActionStatus.OPEN, ActionStatus.IN_PROGRESS})
NO_RESULT = frozenset({None, MitigationResult.UNKNOWN})


def began(record: Record) -> TimelineEntry | None:
    """Return the entry that says when it started; None where none does."""
    anchored = anchor_entries(entry for entry in record.entries if entry.anchor is not None)
    return anchored.get(Anchor.IMPACT_START) or anchored.get(Anchor.TRIGGER)


def hypotheses(record: Record) -> tuple[TimelineEntry, ...]:
    """Return the hypotheses that are not ruled out: the confirmed, then the open, newest first."""
    standing = [
        entry
        for entry in record.entries
        if entry.kind is EntryKind.HYPOTHESIS
        and entry.hypothesis_state is not HypothesisState.DISPROVED
    ]
    standing.sort(key=lambda entry: (entry.created_at, entry.id), reverse=True)
    standing.sort(key=lambda entry: not entry.is_confirmed)
    return tuple(standing)


def hypothesis_words(entry: TimelineEntry) -> str:
    """Return a hypothesis in words that nobody takes for a fact (R02)."""
    if entry.is_confirmed:
        return f"Confirmed: {entry.text}"
    called = entry.hypothesis_state is HypothesisState.CONFIRMED
    standing = "called confirmed without evidence" if called else "not confirmed"
    return f"Hypothesis, {standing}: {entry.text}"


def decisions(record: Record) -> tuple[tuple[Decision, TimelineEntry | None], ...]:
    """Return the decisions with their entries, the latest last; those without a time first."""
    entries = {entry.id: entry for entry in record.entries}
    found = [(decision, entries.get(decision.entry_id)) for decision in record.decisions]
    return tuple(sorted(found, key=lambda pair: _decided(*pair)))


def _decided(decision: Decision, entry: TimelineEntry | None) -> tuple[datetime, str]:
    noticed = None if entry is None else entry.noticed_at or entry.created_at
    return decision.at or noticed or datetime.min.replace(tzinfo=UTC), decision.id


def decision_words(decision: Decision, entry: TimelineEntry | None) -> str:
    """Return a decision with its time, as finely as it is known, and who took it."""
    precision = Precision.MINUTE
    if entry is not None and entry.precision is not Precision.UNKNOWN:
        precision = entry.precision
    when = "" if decision.at is None else f"{clock_face(decision.at, precision)} UTC "
    return f"{when}{decision.decision}" + (f" ({decision.who})" if decision.who else "")


def in_flight(record: Record) -> tuple[str, ...]:
    """Return what is being done: attempts without a result, then actions that are not settled."""
    trying = [
        entry
        for entry in record.timeline()
        if entry.anchor in ATTEMPTS and entry.mitigation_result in NO_RESULT
    ]
    tried = {entry.id for entry in record.entries if entry.anchor in ATTEMPTS}
    todo = [a for a in record.actions if a.status in UNSETTLED and a.entry_id not in tried]
    return (*(_attempt_words(entry) for entry in trying), *(_action_words(a) for a in todo))


def _attempt_words(entry: TimelineEntry) -> str:
    when = ""
    if entry.occurred_at is not None:
        when = f" since {clock_face(entry.occurred_at, entry.precision)} UTC"
    return f"{entry.text} (no result yet{when})"


def _action_words(action: Action) -> str:
    owner = action.owner or action.owner_role
    return f"{action.text} ({owner})" if owner else action.text


def roles_held(record: Record) -> tuple[Role, ...]:
    """Return who holds a role now, in the order of the house."""
    order = {name: place for place, name in enumerate(KNOWN_ROLES)}
    held = [role for role in record.roles if role.is_held]
    return tuple(sorted(held, key=lambda r: (order.get(r.name, len(order)), r.name, r.id)))


def impact_words(record: Record) -> str | None:
    """Return the impact: as last told, else as measured, else the scope's users; or None."""
    told = [update for update in record.status_updates if update.impact]
    if told:
        last = max(told, key=lambda update: (update.at, update.id))
        return last.impact
    measured = "; ".join(_layers(record.impact)) if record.impact is not None else ""
    if measured:
        return measured
    if record.scope is not None and record.scope.users not in {None, UNKNOWN}:
        return record.scope.users
    start = began(record)
    return None if start is None else start.text


def _layers(impact: Impact) -> list[str]:
    customer, technical = impact.customer, impact.technical
    numbers = (customer.affected_count, customer.affected_percent, technical.error_rate)
    words = (*customer.symptoms, *customer.segments, *technical.components, *technical.regions)
    return [", ".join(words)] * bool(words) + [_number(one) for one in numbers if one is not None]


def _number(quantity: Quantity) -> str:
    if quantity.value is None:
        return f"{quantity.unit}: unknown"
    return f"{quantity.value:g} {quantity.unit} ({quantity.basis.value})"
