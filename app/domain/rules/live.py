"""Rules on live work: R05 and R06 status updates, R12 handover, R20 roles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

from app.domain.communications import StatusUpdate
from app.domain.incident import Incident, IncidentState
from app.domain.record import Record
from app.domain.roles import NEEDED_ROLES, role_name
from app.domain.rules.findings import Circumstances, Place, Problem, and_list

COMMANDER = NEEDED_ROLES[0]


def updates_promise_the_next(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R05: an update says when the next one comes, but for the closing one."""
    for update in record.status_updates:
        if update.next_update_at is None and not update.closing:
            yield Problem(
                Place("status_update", update.id, "next_update_at"),
                f"The update of {update.at:%H:%M} UTC does not say when the next one comes.",
                "Give the next time, or mark it as the closing one.",
            )


def updates_come_in_time(record: Record, circumstances: Circumstances) -> Iterator[Problem]:
    """R06: updates follow each other as the severity asks."""
    updates = sorted(record.status_updates, key=lambda update: (update.at, update.id))
    for before, update in itertools.pairwise(updates):
        due = _due(before, record.incident, circumstances)
        if due is not None and update.at > due:
            late = (update.at - due).total_seconds() / 60
            yield Problem(
                Place("status_update", update.id, "at"),
                f"The update of {update.at:%H:%M} UTC came {late:.0f} min late.",
                "Say so in the report; nothing needs to be changed.",
            )
    if updates and record.incident.state is IncidentState.ACTIVE:
        due = _due(updates[-1], record.incident, circumstances)
        if due is not None and circumstances.now > due:
            yield Problem(
                Place("incident", record.incident.id, "status_updates"),
                f"The next update was due at {due:%H:%M} UTC.",
                "Send one now, even if it only says that nothing is new.",
            )


def _due(
    update: StatusUpdate, incident: Incident, circumstances: Circumstances
) -> datetime | None:
    if update.closing:
        return None
    severity = _severity_at(incident, update.at)
    if severity not in circumstances.cadence:
        return update.next_update_at
    minutes = circumstances.cadence[severity]
    return None if minutes is None else update.at + timedelta(minutes=minutes)


def _severity_at(incident: Incident, at: datetime) -> str:
    then = incident.severity
    for change in reversed(incident.severity_history):
        if change.at <= at:
            return change.to or ""
        then = change.from_
    return then or ""


def handovers_are_acknowledged(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R12: who takes over command has acknowledged a checkpoint, once for each time."""
    held = [role for role in record.roles if role.name == COMMANDER and role.person]
    first = record.incident.created_at
    held.sort(key=lambda role: (role.from_ or first, role.id))
    unused = [c for c in record.checkpoints if c.acknowledged_at is not None]
    for before, role in itertools.pairwise(held):
        if _same(before.person, role.person):
            continue
        found = next(
            (
                checkpoint
                for checkpoint in unused
                if _same(checkpoint.to, role.person)
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
        )


def roles_are_held(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R20: somebody held each needed role, or it is said not to be needed."""
    known = {role.name for role in record.roles}
    missing = [name for name in NEEDED_ROLES if name not in known]
    if missing:
        yield Problem(
            Place("incident", record.incident.id, "roles"),
            f"Nobody is named for {and_list(missing)}.",
            "Name who held the role, or mark it as not needed.",
        )


def _same(one: str | None, other: str | None) -> bool:
    return " ".join((one or "").casefold().split()) == " ".join((other or "").casefold().split())
