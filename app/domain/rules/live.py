"""Rules on live work: R05 and R06 status updates, R12 handover, R20 roles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

from app.domain.cadence import asked_for, in_order, late_updates
from app.domain.incident import IncidentState
from app.domain.record import Record
from app.domain.roles import COMMANDER, NEEDED_ROLES, role_name, same_person
from app.domain.rules.commands import MOMENT, NAME, TIME, WORDS, Typed, changing, command
from app.domain.rules.findings import Circumstances, Place, Problem, and_list
from app.domain.times import Precision, time_text


def updates_promise_the_next(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R05: an update says when the next one comes, but for the closing one."""
    for update in record.status_updates:
        if update.next_update_at is None and not update.closing:
            yield Problem(
                Place("status_update", update.id, "next_update_at"),
                f"The update of {update.at:%H:%M} UTC does not say when the next one comes.",
                "Give the next time, or mark it as the closing one.",
                typed=changing(
                    update.incident_id, "status_updates", update.id, next_update_at=MOMENT
                ),
            )


def updates_come_in_time(record: Record, circumstances: Circumstances) -> Iterator[Problem]:
    """R06: updates follow each other as the severity asks."""
    for late in late_updates(record, circumstances.cadence):
        yield Problem(
            Place("status_update", late.update_id, "at"),
            f"The update of {late.at:%H:%M} UTC came {late.minutes:.0f} min late.",
            "Say so in the report; nothing needs to be changed.",
        )
    updates = in_order(record.status_updates)
    if updates and record.incident.state is IncidentState.ACTIVE:
        due = asked_for(updates[-1], record.incident, circumstances.cadence)
        if due is not None and circumstances.now > due:
            moment = time_text(due, Precision.MINUTE, today=circumstances.now)
            yield Problem(
                Place("incident", record.incident.id, "status_updates"),
                f"The next update was due at {moment}.",
                "Send one now, even if it only says that nothing is new.",
                typed=command(record.incident.id, "status", "--known", WORDS, "--next", TIME),
            )


def handovers_are_acknowledged(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R12: who takes over command has acknowledged a checkpoint, once for each time."""
    held = [role for role in record.roles if role.name == COMMANDER and role.person]
    first = record.incident.created_at
    far = datetime.max.replace(tzinfo=UTC)  # of two from the same minute, the one that ended
    held.sort(key=lambda role: (role.from_ or first, role.to or far, role.id))
    unused = [c for c in record.checkpoints if c.acknowledged_at is not None]
    for before, role in itertools.pairwise(held):
        if same_person(before.person, role.person):
            continue
        found = next(
            (
                checkpoint
                for checkpoint in unused
                if same_person(checkpoint.to, role.person)
                and (checkpoint.role is None or role_name(checkpoint.role) == COMMANDER)
            ),
            None,
        )
        if found is not None:
            unused.remove(found)
            continue
        yield Problem(
            Place("role", role.id, "person"),
            f"Command went from {before.person} to {role.person} "
            "without a checkpoint that was acknowledged.",
            f"Have {role.person} read and acknowledge one.",
            typed=_acknowledging(record, role.person or ""),
        )


def _acknowledging(record: Record, person: str) -> Typed:
    """Return how a checkpoint is acknowledged; where none waits, how one is made."""
    waits = any(
        checkpoint.acknowledged_at is None and same_person(checkpoint.to, person)
        for checkpoint in record.checkpoints
    )
    words = ("--acknowledge", "--as") if waits else ("--to",)
    return command(record.incident.id, "checkpoint", *words, person)


def roles_are_held(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R20: somebody held each needed role, or it is said not to be needed."""
    known = {role.name for role in record.roles}
    missing = [name for name in NEEDED_ROLES if name not in known]
    if missing:
        yield Problem(
            Place("incident", record.incident.id, "roles"),
            f"Nobody is named for {and_list(missing)}.",
            "Name who held the role, or mark it as not needed.",
            typed=command(record.incident.id, "role", missing[0], NAME),
        )
