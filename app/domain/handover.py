"""The checkpoint of a handover, as the record fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain import situation
from app.domain.cadence import CadenceClock
from app.domain.communications import Checkpoint
from app.domain.ids import CheckpointId
from app.domain.record import Record
from app.domain.roles import role_name


@dataclass(frozen=True, slots=True)
class CheckpointWords:
    """What a person puts in place of what the record says; None leaves it, empty clears it."""

    state: str | None = None
    hypothesis: str | None = None
    customer_impact: str | None = None
    in_flight: tuple[str, ...] | None = None
    decision_point: str | None = None
    comms_cadence: str | None = None
    next_decision_point: str | None = None


def filled_checkpoint(
    record: Record,
    clock: CadenceClock,
    *,
    checkpoint_id: CheckpointId,
    now: datetime,
    to: str,
    role: str,
    words: CheckpointWords | None = None,
) -> Checkpoint:
    """Return what the next holder of a role must know; what nobody recorded is None.

    ``from_`` is whoever held the role last.
    """
    own = words or CheckpointWords()
    decided = situation.decisions(record)
    guesses = situation.hypotheses(record)
    last = situation.decision_words(*decided[-1]) if decided else None
    return Checkpoint(
        checkpoint_id,
        record.incident.id,
        now,
        from_=_holder(record, role, to),
        to=to,
        role=role_name(role),
        state=_said(own.state, _state(record)),
        hypothesis=_said(
            own.hypothesis, situation.hypothesis_words(guesses[0]) if guesses else None
        ),
        customer_impact=_said(own.customer_impact, situation.impact_words(record)),
        in_flight=situation.in_flight(record) if own.in_flight is None else own.in_flight,
        decision_point=_said(own.decision_point, last),
        comms_cadence=_said(own.comms_cadence, _cadence(clock)),
        next_decision_point=_said(own.next_decision_point, _next_look(record)),
    )


def _holder(record: Record, role: str, to: str) -> str | None:
    name = role_name(role)
    others = [r for r in record.roles if r.name == name and r.person and r.person != to]
    first = record.incident.created_at
    others.sort(key=lambda r: (r.is_held, r.to or r.from_ or first, r.id))
    return others[-1].person if others else None


def _state(record: Record) -> str:
    incident = record.incident
    severity = incident.severity or "no severity"
    risk = f"; risk: {incident.current_risk}" if incident.current_risk else ""
    return f"{incident.state.value.replace('_', ' ')}, {severity}{risk}"


def _cadence(clock: CadenceClock) -> str | None:
    words = []
    if clock.cadence_minutes is not None:
        words.append(f"every {clock.cadence_minutes} min")
    if clock.due_at is not None:
        words.append(f"next at {clock.due_at:%H:%M} UTC")
    return ", ".join(words) or None


def _next_look(record: Record) -> str | None:
    coming = record.incident.next_checkpoint
    if coming is None:
        return None
    return f"{coming.at:%H:%M} UTC" + (f", {coming.owner}" if coming.owner else "")


def _said(typed: str | None, recorded: str | None) -> str | None:
    return recorded if typed is None else typed.strip() or None
