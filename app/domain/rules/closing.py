"""Rules on the state: R11 and R15 closing, R16 the security track, R17 impact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.domain.closeout import CloseOut
from app.domain.errors import InvalidRecordError
from app.domain.impact import Impact
from app.domain.incident import IncidentState, IncidentTrack
from app.domain.record import Record
from app.domain.rules.commands import DAY, NAME, WORDS, Typed, applying, command
from app.domain.rules.findings import Circumstances, Place, Problem, and_list

OVER = frozenset({IncidentState.RESOLVED, IncidentState.POSTMORTEM_ONLY})
WAIVED = {"waivers": [{"item": "runbook_updated", "by": NAME, "reason": WORDS}]}
WAIVING = f"What nobody will do is waived by name instead, such as {json.dumps(WAIVED)}."
HELD_BACK = "conclusions drawn now may not hold"


def held_back(record: Record) -> str | None:
    """Return why conclusions wait, to be shown where causes are edited; None once it is over."""
    state = record.incident.state
    return f"The incident is {state.value}; {HELD_BACK}." if state.is_running else None


def it_is_over(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R11: nothing is final while the incident goes on."""
    if record.incident.state.is_running:
        yield Problem(
            Place("incident", record.incident.id, "state"),
            f"The incident is {record.incident.state.value}; nothing about it is final yet.",
            f"Export drafts until it is resolved; {HELD_BACK}.",
            typed=command(record.incident.id, "state", IncidentState.RESOLVED),
        )


def closing_lacks(record: Record) -> tuple[str, ...]:
    """Return what must be done, or waived by name, before it can be closed (R15)."""
    closeout = record.closeout or CloseOut(record.incident.id)
    items = [item.value.replace("_", " ") for item in closeout.open_items]
    if not closeout.review_dates and record.incident.follow_up_review_date is None:
        items.append("a review date")
    return tuple(items)


def _closing(record: Record) -> Typed:
    """Return how everything that is open yet is said to be done."""
    closeout = record.closeout or CloseOut(record.incident.id)
    told: dict[str, Any] = {item.value: True for item in closeout.open_items}
    if not closeout.review_dates and record.incident.follow_up_review_date is None:
        told["review_dates"] = [DAY]
    return applying(record.incident.id, {"closeout": told})


def refuse_move(now: Record, then: Record, *, why: str | None, place: str = "state") -> None:
    """Refuse to close what is not over or has something open, and to open it again without a word.

    ``now`` and ``then`` are the record before and after the step: what closes an incident may do
    the rest of its close-out as well. ``why`` is the reason that the person gives.

    Raises:
        InvalidRecordError: With what to do first.
    """
    was, state = now.incident.state, then.incident.state
    if was is state:
        return
    if was is IncidentState.CLOSED and not (why or "").strip():
        raise InvalidRecordError(
            place,
            "it is closed",
            remedy="Say why it is opened again: --reason, or “reason” in a document.",
        )
    if state is not IncidentState.CLOSED:
        return
    if was not in OVER:
        raise InvalidRecordError(
            place,
            f"it is {was.value}, and only what is over is closed",
            remedy="Resolve it first.",
        )
    lacking = closing_lacks(then)
    if lacking:
        raise InvalidRecordError(
            place,
            f"closing waits for: {and_list(lacking)}",
            remedy=f"Say what is done: {_closing(then)}. {WAIVING}",
        )


def closing_is_earned(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R15: a closed incident has done or waived what closing needs."""
    incident = record.incident
    if incident.state is not IncidentState.CLOSED:
        return
    closeout = record.closeout or CloseOut(incident.id)
    if closeout.open_items:
        items = and_list(item.value.replace("_", " ") for item in closeout.open_items)
        yield Problem(
            Place("closeout", incident.id, closeout.open_items[0].value),
            f"It is closed, and these are neither done nor waived: {items}.",
            f"Do them and say so. {WAIVING}",
            typed=_closing(record),
        )
    if not closeout.review_dates and incident.follow_up_review_date is None:
        yield Problem(
            Place("closeout", incident.id, "review_dates"),
            "It is closed without a date on which the actions are looked at again.",
            "Set a review date.",
            typed=applying(record.incident.id, {"closeout": {"review_dates": [DAY]}}),
        )


def secrets_are_kept(record: Record, circumstances: Circumstances) -> Iterator[Problem]:
    """R16: who may know of a security incident is written down, and nobody else can read it."""
    incident = record.incident
    if incident.track is not IncidentTrack.SECURITY:
        return
    if not any(name.strip() for name in incident.need_to_know):
        yield Problem(
            Place("incident", incident.id, "need_to_know"),
            "It is on the security track, and nobody is listed who may know of it.",
            "List by name who may know of it.",
            typed=applying(record.incident.id, {"incident": {"need_to_know": [NAME]}}),
        )
    if not circumstances.is_protected:
        yield Problem(
            Place("incident", incident.id, "track"),
            "It is on the security track, and is neither encrypted nor out of the library.",
            "Keep it outside this program until it can be encrypted.",
        )


def impact_is_told(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R17: each layer of the impact says something, if only that nobody knows."""
    empty = (record.impact or Impact(record.incident.id)).empty_layers
    if empty:
        yield Problem(
            Place("impact", record.incident.id, empty[0]),
            f"Nothing is said of the {and_list(empty)} impact.",
            "Fill it in, or mark it as unknown.",
            typed=applying(
                record.incident.id, {"impact": {layer: {"unknown": True} for layer in empty}}
            ),
        )
