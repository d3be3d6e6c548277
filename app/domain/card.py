"""The card for who joins late: where the incident stands, on one screen, to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain import situation
from app.domain.cadence import CadenceClock, ClockState
from app.domain.incident import IncidentState
from app.domain.record import Record
from app.domain.roles import NEEDED_ROLES
from app.domain.times import Precision, keep_utc, time_text

WIDTH = 96
NAME_WIDTH = 12
SHOWN = 3  # of a kind; the rest is counted
NOTHING = "not recorded"


@dataclass(frozen=True, slots=True)
class LateJoinerCard:
    """What one needs to know to join; ``at`` is when it was made.

    ``since`` is when it started, with its precision, None where the timeline does not say.
    ``hypotheses`` say themselves whether they are confirmed.
    """

    at: datetime
    title: str
    severity: str | None
    state: IncidentState
    since: datetime | None
    since_precision: Precision
    impact: str | None
    hypotheses: tuple[str, ...]
    decisions: tuple[str, ...]
    in_flight: tuple[str, ...]
    roles: tuple[str, ...]
    unfilled_roles: tuple[str, ...]
    last_update_at: datetime | None
    next_update_at: datetime | None
    next_update_state: ClockState
    current_risk: str | None

    def __post_init__(self) -> None:
        keep_utc(self, "at", "since", "last_update_at", "next_update_at")


def late_joiner_card(record: Record, clock: CadenceClock, *, now: datetime) -> LateJoinerCard:
    """Read the card off a record."""
    incident, start = record.incident, situation.began(record)
    held = situation.roles_held(record)
    settled = {r.name for r in held} | {r.name for r in record.roles if r.not_needed}
    return LateJoinerCard(
        at=now,
        title=incident.title,
        severity=incident.severity,
        state=incident.state,
        since=None if start is None else start.occurred_at,
        since_precision=Precision.UNKNOWN if start is None else start.precision,
        impact=situation.impact_words(record),
        hypotheses=tuple(map(situation.hypothesis_words, situation.hypotheses(record))),
        decisions=tuple(
            situation.decision_words(*pair) for pair in situation.decisions(record)[-SHOWN:]
        ),
        in_flight=situation.in_flight(record),
        roles=tuple(f"{role.name}: {role.person}" for role in held),
        unfilled_roles=tuple(name for name in NEEDED_ROLES if name not in settled),
        last_update_at=clock.last_at,
        next_update_at=clock.due_at,
        next_update_state=clock.state(now),
        current_risk=incident.current_risk,
    )


def card_text(card: LateJoinerCard) -> str:
    """Return the card as plain text of at most 24 lines of 96 characters; all times are UTC."""
    severity = card.severity or "no severity"
    head = f"{severity} · {card.state.value.replace('_', ' ')} · {_line(card.title)}"
    rows = (
        ("As of", [f"{card.at:%Y-%m-%d %H:%M} UTC"]),
        ("Since", [_since(card)]),
        ("Impact", [card.impact or NOTHING]),
        ("Hypothesis", _some(card.hypotheses) or ["none yet"]),
        ("Decisions", list(card.decisions) or ["none yet"]),
        ("In flight", _some(card.in_flight) or ["nothing"]),
        ("Roles", _roles(card)),
        ("Next update", [_next_update(card)]),
        ("Risk", [card.current_risk or NOTHING]),
    )
    lines = [_cut(head, WIDTH)]
    for name, texts in rows:
        for place, text in enumerate(texts):
            label = name if place == 0 else ""
            lines.append(f"{label:<{NAME_WIDTH}} {_cut(_line(text), WIDTH - NAME_WIDTH - 1)}")
    return "\n".join(lines) + "\n"


def _since(card: LateJoinerCard) -> str:
    if card.since is None:
        return "time not stated"
    return time_text(card.since, card.since_precision, today=card.at)


def _next_update(card: LateJoinerCard) -> str:
    if card.next_update_at is None:
        return "none is due"
    minutes = int(abs((card.next_update_at - card.at).total_seconds()) // 60)
    late = card.next_update_state is ClockState.OVERDUE
    words = f"overdue by {minutes} min" if late else f"in {minutes} min"
    return f"{time_text(card.next_update_at, Precision.MINUTE, today=card.at)} ({words})"


def _roles(card: LateJoinerCard) -> list[str]:
    lines = ["; ".join(card.roles)] if card.roles else []
    if card.unfilled_roles:
        lines.append(f"nobody: {', '.join(card.unfilled_roles)}")
    return lines or [NOTHING]


def _some(texts: Sequence[str]) -> list[str]:
    shown = list(texts[:SHOWN])
    more = len(texts) - len(shown)
    return [*shown, f"and {more} more"] if more else shown


def _line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
