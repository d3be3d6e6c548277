"""Use cases: take up a role, hand it over, end it, or say that nobody has to hold it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import EntryId, RoleId, new_id
from app.domain.record import Change
from app.domain.role_line import COMMAND_IN_NAME, NO_NAME, NOT_NEEDED
from app.domain.roles import COMMANDER, SHARED_ROLES, Role, role_name, same_person
from app.domain.rules.findings import Circumstances, and_list
from app.domain.rules.live import handovers_are_acknowledged
from app.domain.timeline import EntryKind, TimelineEntry
from app.domain.times import Precision

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.communications import Checkpoint
    from app.domain.ids import IncidentId
    from app.domain.record import Record
    from app.services.checkpoints import Checkpoints
    from app.services.steps import Steps


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What a step did: the role as it is now, who held it, and the line of the timeline.

    ``checkpoint`` waits for the new incident commander to acknowledge it; None where none is due.
    """

    role: Role
    former: tuple[Role, ...]
    entry: TimelineEntry
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class When:
    """When a role changes hands; ``at`` is None where nobody said."""

    at: datetime | None
    precision: Precision


class RoleChanges:
    """Each call is one step: the roles, the timeline, and the checkpoint of a new commander."""

    def __init__(self, steps: Steps, checkpoints: Checkpoints) -> None:
        self._steps = steps
        self._checkpoints = checkpoints

    def assign(
        self, incident_id: IncidentId, role: str, person: str, *, when: When | None = None
    ) -> RoleChange:
        """Give a role to a person; a handover ends who held it before.

        ``when`` is by default now, and unknown in an incident that is over.

        Raises:
            InvalidRecordError: The person holds it already, or the time does not fit.
        """
        name, who = _named(role), person.strip()
        if who.casefold() in NOT_NEEDED:
            return self.mark_not_needed(incident_id, role, when=when)
        if not who:
            raise InvalidRecordError("person", "nobody is named", remedy="Name who takes it.")
        if COMMAND_IN_NAME.search(who):
            raise InvalidRecordError("person", NO_NAME, remedy="Give one command at a time.")
        record = self._steps.record(incident_id)
        moment = when or self._present(record)
        held = _held(record, name)
        if any(same_person(one.person, who) for one in held):
            raise InvalidRecordError("role", f"{who} is {name} already")
        former = () if name in SHARED_ROLES else held
        new = Role(RoleId(new_id("rol")), incident_id, name, who, from_=moment.at)
        text = f"{who} is {name}."
        if former:
            text = f"{who} takes over as {name} from {and_list(r.person or '' for r in former)}."
        changes = [*_ended((*former, *_unneeded(record, name)), moment), Change(None, new)]
        checkpoint = self._checkpoint(record, new, changes)
        return self._take(record, (new, former, text), changes, moment, checkpoint)

    def mark_not_needed(
        self, incident_id: IncidentId, role: str, *, when: When | None = None
    ) -> RoleChange:
        """Say that nobody has to hold a role; it ends for who held it.

        Raises:
            InvalidRecordError: That is said already, or the time does not fit.
        """
        name = _named(role)
        record = self._steps.record(incident_id)
        if _unneeded(record, name):
            raise InvalidRecordError("role", f"{name} is marked as not needed already")
        moment, former = when or self._present(record), _held(record, name)
        new = Role(RoleId(new_id("rol")), incident_id, name, from_=moment.at, not_needed=True)
        changes = [*_ended(former, moment), Change(None, new)]
        text = f"The role of {name} is not needed."
        return self._take(record, (new, former, text), changes, moment, None)

    def end(
        self, incident_id: IncidentId, role: str, *, person: str = "", when: When | None = None
    ) -> RoleChange:
        """End a role without a successor; of a shared one, for one person.

        Raises:
            NotFoundError: Nobody, or not that person, holds it.
            InvalidRecordError: The time does not fit, or several people hold it.
        """
        name = _named(role)
        record = self._steps.record(incident_id)
        moment, held = when or self._present(record), _held(record, name)
        if person.strip():
            held = tuple(one for one in held if same_person(one.person, person))
        if not held:
            raise NotFoundError(
                f"{person.strip() or 'Nobody'} {'does not hold' if person.strip() else 'holds'} "
                f"the role of {name}.",
                remedy="See “hotwash card”.",
            )
        if len(held) > 1:
            names = and_list(one.person or "" for one in held)
            raise InvalidRecordError("role", f"{names} are {name}", remedy="Name the one.")
        changes = _ended(held, moment)
        ended = changes[0].after
        if not isinstance(ended, Role):  # pragma: no cover  _ended makes roles of roles
            raise TypeError("a role ends as a role")
        text = f"{ended.person} is no longer {name}."
        return self._take(record, (ended, held, text), changes, moment, None)

    def _present(self, record: Record) -> When:
        if record.incident.state.is_running:
            return When(self._steps.now(), Precision.SECOND)
        return When(None, Precision.UNKNOWN)

    def _checkpoint(self, record: Record, new: Role, changes: list[Change]) -> Checkpoint | None:
        """Return the checkpoint that a new commander must acknowledge, if R12 asks for one."""
        if new.name != COMMANDER:
            return None
        ended = {c.before.id for c in changes if c.before is not None}
        kept = [role for role in record.roles if role.id not in ended]
        made = [c.after for c in changes if isinstance(c.after, Role)]
        then = replace(record, roles=(*kept, *made))
        circumstances = Circumstances(self._steps.now())
        asked = (p.place.id for p in handovers_are_acknowledged(then, circumstances))
        if new.id not in asked:
            return None
        return self._checkpoints.draft(then, to=new.person or "", role=COMMANDER)

    def _take(
        self,
        record: Record,
        told: tuple[Role, tuple[Role, ...], str],
        changes: list[Change],
        moment: When,
        checkpoint: Checkpoint | None,
    ) -> RoleChange:
        role, former, text = told
        now = self._steps.now()
        entry = TimelineEntry(
            EntryId(new_id("ent")),
            record.incident.id,
            EntryKind.RESPONSIBILITY,
            f"{text[0].upper()}{text[1:]}",
            occurred_at=moment.at,
            noticed_at=now,
            precision=moment.precision,
            owner_role=role.name,
            created_at=now,
        )
        changes.append(Change(None, entry))
        if checkpoint is not None:
            before = next((one for one in record.checkpoints if one.id == checkpoint.id), None)
            changes.append(Change(before, checkpoint))
        self._steps.take(record.incident.id, changes, "change a role")
        return RoleChange(role, former, entry, checkpoint)


def _named(role: str) -> str:
    if not role.strip():
        raise InvalidRecordError("role", "no role is named", remedy="Such as ic or scribe.")
    return role_name(role)


def _held(record: Record, name: str) -> tuple[Role, ...]:
    return tuple(role for role in record.roles if role.name == name and role.is_held)


def _unneeded(record: Record, name: str) -> tuple[Role, ...]:
    return tuple(r for r in record.roles if r.name == name and r.not_needed and r.to is None)


def _ended(roles: tuple[Role, ...], moment: When) -> list[Change]:
    if not roles:
        return []
    if moment.at is None:
        raise InvalidRecordError(
            "at",
            "the incident is over, and a handover needs its time",
            remedy="Give it, such as --at 14:02.",
        )
    for role in roles:
        if role.from_ is not None and moment.at < role.from_:
            holder = role.person or f"the mark of {role.name} as not needed"
            raise InvalidRecordError(
                "at",
                f"{holder} begins only at {role.from_:%Y-%m-%d %H:%M:%S} UTC",
                remedy="Give a later time.",
            )
    return [Change(role, replace(role, to=moment.at)) for role in roles]
