"""Roles, handovers and checkpoints, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.handover import CheckpointWords
from app.domain.ids import CheckpointId
from app.domain.incident import IncidentState
from app.domain.record import Change
from app.domain.timeline import EntryKind
from app.domain.times import Precision
from app.services.role_changes import When
from tests.builders import INCIDENT, at
from tests.record_builders import a_checkpoint

if TYPE_CHECKING:
    from app.services.live_work import LiveWork
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.live_work import Reading, SetClock


def test_a_handover_ends_one_and_begins_the_other_in_one_step(
    work: LiveWork, record: Reading, clock: SetClock, store: SqlRecordStore
) -> None:
    work.roles.assign(INCIDENT, "IC", "Marcus")
    taken_at = clock.now
    clock.forward(30)
    change = work.roles.assign(INCIDENT, "incident-commander", "Priya")

    former, now = sorted(record().roles, key=lambda role: role.from_ or clock.now)
    assert (former.person, former.from_, former.to) == ("Marcus", taken_at, clock.now)
    assert (now.person, now.from_, now.to) == ("Priya", clock.now, None)
    assert change.former == (replace(former, to=None),)
    entry = record().entries[-1]
    assert entry == change.entry
    assert entry.kind is EntryKind.RESPONSIBILITY
    assert entry.text == "Priya takes over as incident commander from Marcus."
    assert (entry.occurred_at, entry.owner_role) == (clock.now, "incident commander")

    store.undo(INCIDENT, by="Marcus")
    (held,) = record().roles
    assert held.is_held
    assert record().checkpoints == ()


def test_a_new_commander_gets_a_checkpoint_that_waits_for_them(
    work: LiveWork, record: Reading
) -> None:
    assert work.roles.assign(INCIDENT, "ic", "Marcus").checkpoint is None
    change = work.roles.assign(INCIDENT, "ic", "Priya")
    assert change.checkpoint is not None
    assert (change.checkpoint.from_, change.checkpoint.to) == ("Marcus", "Priya")
    assert record().checkpoints == (change.checkpoint,)
    assert "R12" in record.rules()
    work.checkpoints.acknowledge(INCIDENT, person="Priya")
    assert "R12" not in record.rules()


def test_a_checkpoint_that_was_acknowledged_before_the_handover_is_enough(
    work: LiveWork, record: Reading, clock: SetClock
) -> None:
    work.roles.assign(INCIDENT, "ic", "Marcus")
    clock.forward(10)
    work.checkpoints.make(INCIDENT, to="Priya")
    work.checkpoints.acknowledge(INCIDENT, person="priya")
    assert work.roles.assign(INCIDENT, "ic", "Priya").checkpoint is None
    assert "R12" not in record.rules()
    clock.forward(10)  # each handover needs one of its own
    assert work.roles.assign(INCIDENT, "ic", "Marcus").checkpoint is not None


def test_other_roles_need_no_checkpoint_and_experts_share_theirs(
    work: LiveWork, record: Reading
) -> None:
    for person in ("Tom", "Ada"):
        assert work.roles.assign(INCIDENT, "scribe", person).checkpoint is None
        work.roles.assign(INCIDENT, "sme", person)
    held = {(role.name, role.person) for role in record().roles if role.is_held}
    assert held == {
        ("scribe", "Ada"),
        ("subject matter expert", "Tom"),
        ("subject matter expert", "Ada"),
    }
    with pytest.raises(InvalidRecordError, match=r"Tom and Ada|Ada and Tom"):
        work.roles.end(INCIDENT, "sme")
    ended = work.roles.end(INCIDENT, "sme", person="Tom")
    assert ended.entry.text == "Tom is no longer subject matter expert."


def test_a_role_is_not_needed_until_somebody_takes_it(work: LiveWork, record: Reading) -> None:
    work.roles.mark_not_needed(INCIDENT, "scribe")
    with pytest.raises(InvalidRecordError, match="already"):
        work.roles.mark_not_needed(INCIDENT, "Scribe")
    work.roles.assign(INCIDENT, "scribe", "Tom")
    unneeded, held = sorted(record().roles, key=lambda role: not role.not_needed)
    assert unneeded.to is not None
    assert held.is_held
    work.roles.mark_not_needed(INCIDENT, "scribe")
    assert not any(role.is_held for role in record().roles)


def test_what_does_not_fit_a_role_is_refused_and_changes_nothing(
    work: LiveWork, record: Reading, clock: SetClock
) -> None:
    work.roles.assign(INCIDENT, "ic", "Marcus")
    before = record()
    early = When(clock.now - timedelta(minutes=1), Precision.MINUTE)
    with pytest.raises(InvalidRecordError, match="Marcus begins only at"):
        work.roles.assign(INCIDENT, "ic", "Priya", when=early)
    with pytest.raises(InvalidRecordError, match="already"):
        work.roles.assign(INCIDENT, "Incident Commander", " marcus ")
    with pytest.raises(InvalidRecordError):
        work.roles.assign(INCIDENT, " ", "Priya")
    with pytest.raises(InvalidRecordError):
        work.roles.assign(INCIDENT, "ic", " ")
    with pytest.raises(NotFoundError, match="Nobody holds"):
        work.roles.end(INCIDENT, "scribe")
    with pytest.raises(NotFoundError, match="Priya does not hold"):
        work.roles.end(INCIDENT, "ic", person="Priya")
    assert record() == before


def test_once_it_is_over_a_role_has_no_time_unless_one_is_given(
    work: LiveWork, record: Reading
) -> None:
    work.standing.set_state(INCIDENT, IncidentState.RESOLVED)
    first = work.roles.assign(INCIDENT, "ic", "Marcus")
    assert record().roles == (first.role,)
    assert (first.role.from_, first.entry.occurred_at) == (None, None)
    with pytest.raises(InvalidRecordError, match="needs its time"):
        work.roles.assign(INCIDENT, "ic", "Priya")
    moment = When(at("14:50"), Precision.MINUTE)
    second = work.roles.assign(INCIDENT, "ic", "Priya", when=moment)
    assert (second.entry.occurred_at, second.entry.precision) == (at("14:50"), Precision.MINUTE)
    assert second.entry in record().entries


def test_a_checkpoint_that_waits_is_brought_up_to_date_and_not_doubled(
    work: LiveWork, record: Reading, clock: SetClock
) -> None:
    first = work.checkpoints.make(INCIDENT, to="Priya")
    clock.forward(5)
    words = CheckpointWords(next_decision_point="15:30, fail over or not")
    second = work.checkpoints.make(INCIDENT, to="priya", words=words)
    assert (second.id, second.at) == (first.id, clock.now)
    assert record().checkpoints == (second,)
    other = work.checkpoints.make(INCIDENT, to="Priya", role="scribe")
    assert other.id != first.id
    with pytest.raises(InvalidRecordError, match="for somebody"):
        work.checkpoints.make(INCIDENT, to=" ")


def test_only_the_receiver_acknowledges_and_only_once(
    work: LiveWork, record: Reading, clock: SetClock
) -> None:
    made = work.checkpoints.make(INCIDENT, to="Priya")
    with pytest.raises(InvalidRecordError, match="Marcus cannot acknowledge") as told:
        work.checkpoints.acknowledge(INCIDENT, made.id)
    assert "Priya" in told.value.remedy
    with pytest.raises(NotFoundError, match="No checkpoint waits for Marcus") as missing:
        work.checkpoints.acknowledge(INCIDENT)
    assert "Priya" in missing.value.remedy
    with pytest.raises(NotFoundError):
        work.checkpoints.acknowledge(INCIDENT, CheckpointId("chk-none"))

    clock.forward(1)
    done = work.checkpoints.acknowledge(INCIDENT, made.id, person="Priya")
    assert (done.acknowledged_at, done.acknowledged_by) == (clock.now, "Priya")
    assert record().checkpoints == (done,)
    with pytest.raises(InvalidRecordError, match="already"):
        work.checkpoints.acknowledge(INCIDENT, made.id, person="Priya")


def test_a_checkpoint_for_nobody_in_particular_is_acknowledged_by_name(
    work: LiveWork, store: SqlRecordStore
) -> None:
    open_to_all = a_checkpoint(to=None)
    store.commit(INCIDENT, [Change(None, open_to_all)], by="x", label="x")
    assert work.checkpoints.acknowledge(INCIDENT).acknowledged_by == "Marcus"
