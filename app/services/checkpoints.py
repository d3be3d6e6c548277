"""Use cases: hand over what one knows, and acknowledge that it was read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.cadence import cadence_clock
from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.handover import CheckpointWords, filled_checkpoint
from app.domain.ids import CheckpointId, new_id
from app.domain.record import Change
from app.domain.roles import COMMANDER, role_name, same_person

if TYPE_CHECKING:
    from app.domain.cadence import Cadence
    from app.domain.communications import Checkpoint
    from app.domain.ids import IncidentId
    from app.domain.record import Record
    from app.services.steps import Steps


class Checkpoints:
    """Fills in checkpoints from the record; each call is one step of the history."""

    def __init__(self, steps: Steps, *, cadence: Cadence) -> None:
        self._steps = steps
        self._cadence = cadence

    def draft(
        self,
        record: Record,
        *,
        to: str,
        role: str = COMMANDER,
        words: CheckpointWords | None = None,
    ) -> Checkpoint:
        """Return what the next holder must know, as the record has it; nothing is stored.

        One that waits for the same person in the same role keeps its id.

        Raises:
            InvalidRecordError: It is for nobody.
        """
        if not to.strip() or not role.strip():
            raise InvalidRecordError(
                "to", "a checkpoint is for somebody", remedy="Name who takes over with --to."
            )
        waiting = _waiting_for(record, to, role)
        return filled_checkpoint(
            record,
            cadence_clock(record, self._cadence),
            checkpoint_id=waiting.id if waiting else CheckpointId(new_id("chk")),
            now=self._steps.now(),
            to=to.strip(),
            role=role,
            words=words,
        )

    def make(
        self,
        incident_id: IncidentId,
        *,
        to: str,
        role: str = COMMANDER,
        words: CheckpointWords | None = None,
    ) -> Checkpoint:
        """Store a checkpoint; one that waits for the same person is brought up to date.

        Raises:
            InvalidRecordError: It is for nobody.
        """
        record = self._steps.record(incident_id)
        checkpoint = self.draft(record, to=to, role=role, words=words)
        before = next((one for one in record.checkpoints if one.id == checkpoint.id), None)
        self._steps.take(incident_id, [Change(before, checkpoint)], "make a checkpoint")
        return checkpoint

    def acknowledge(
        self,
        incident_id: IncidentId,
        checkpoint_id: CheckpointId | None = None,
        *,
        person: str = "",
    ) -> Checkpoint:
        """Say that the receiver has read it; without an id, the latest that waits for them.

        ``person`` is by default who acts.

        Raises:
            NotFoundError: There is no such checkpoint, or none waits for the person.
            InvalidRecordError: It is for somebody else, or acknowledged already.
        """
        reader = person.strip() or self._steps.actor
        before = _wanted(self._steps.record(incident_id), checkpoint_id, reader)
        after = replace(before, acknowledged_at=self._steps.now(), acknowledged_by=reader)
        self._steps.take(incident_id, [Change(before, after)], "acknowledge a checkpoint")
        return after


def waiting_checkpoints(record: Record) -> tuple[Checkpoint, ...]:
    """Return the checkpoints that nobody has acknowledged, the latest last."""
    return tuple(
        sorted(
            (one for one in record.checkpoints if one.acknowledged_at is None),
            key=lambda one: (one.at, one.id),
        )
    )


def _waiting_for(record: Record, to: str, role: str) -> Checkpoint | None:
    name = role_name(role)
    found = (
        one
        for one in reversed(waiting_checkpoints(record))
        if same_person(one.to, to) and role_name(one.role or COMMANDER) == name
    )
    return next(found, None)


def _wanted(record: Record, wanted: CheckpointId | None, reader: str) -> Checkpoint:
    if wanted is None:
        waiting = waiting_checkpoints(record)
        for one in reversed(waiting):
            if one.to is None or same_person(one.to, reader):
                return one
        others = ", ".join(sorted({one.to for one in waiting if one.to}))
        raise NotFoundError(
            f"No checkpoint waits for {reader}.",
            remedy=f"These wait for {others}: who reads one says --as NAME."
            if others
            else "Make one: hotwash checkpoint ID --to NAME.",
        )
    found = next((one for one in record.checkpoints if one.id == wanted), None)
    if found is None:
        raise NotFoundError(f"There is no checkpoint “{wanted}”.", remedy="See “show”.")
    if found.acknowledged_at is not None:
        raise InvalidRecordError(wanted, f"{found.acknowledged_by} acknowledged it already")
    if found.to is not None and not same_person(found.to, reader):
        raise InvalidRecordError(
            wanted,
            f"it is for {found.to}, and {reader} cannot acknowledge it",
            remedy=f"{found.to} acknowledges it, with --as “{found.to}”.",
        )
    return found
