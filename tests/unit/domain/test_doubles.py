"""What a merge leaves twice: one role with two holders, one name for two locks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.doubles import doubles
from app.domain.ids import RoleId
from tests.builders import a_record, at
from tests.record_builders import a_lock, a_role

if TYPE_CHECKING:
    from app.domain.roles import Role

PRIYA = a_role(person="Priya", id=RoleId("rol-ours"), from_=at("14:50"))
TOM = a_role("IC", "Tom", id=RoleId("rol-theirs"), from_=at("14:51"))


def told(ours: Role, theirs: Role) -> list[str]:
    record = a_record(roles=(theirs, ours))
    return [f"{one.message} {one.remedy}" for one in doubles(record, {theirs.id})]


def test_two_who_took_the_same_role_on_two_machines_are_told_with_how_to_end_one() -> None:
    (said,) = told(PRIYA, TOM)
    assert said.startswith(
        "Priya (here) and Tom (in the bundle) are incident commander at the same time. "
    )
    assert said.endswith('hotwash role inc-a "incident commander" Tom --end')


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (replace(PRIYA, to=at("15:00")), TOM),  # who has ended is not ended again
        (PRIYA, replace(TOM, person=" priya ")),  # of the same person, both would be meant
    ],
)
def test_what_no_command_ends_is_taken_out_by_its_id(ours: Role, theirs: Role) -> None:
    (said,) = told(ours, theirs)
    assert '{"roles": [{"id": "rol-theirs", "remove": true}]}' in said


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (replace(PRIYA, to=at("14:51")), TOM),  # one after the other
        (PRIYA, replace(TOM, role="scribe")),
        (replace(PRIYA, role="sme"), replace(TOM, role="sme")),  # several people may hold it
    ],
)
def test_what_can_be_so_is_not_told(ours: Role, theirs: Role) -> None:
    assert told(ours, theirs) == []


def test_only_what_a_merge_brought_is_told() -> None:
    record = a_record(roles=(PRIYA, TOM), locks=(a_lock(), a_lock()))
    assert doubles(record, set()) == ()
    assert doubles(record, {thing.id for thing in (*record.roles, *record.locks)}) == ()


def test_two_locks_of_one_name_are_told_apart_by_id() -> None:
    ours, theirs, other = a_lock(name="final"), a_lock(name="final"), a_lock(name="draft")
    record = a_record(locks=(ours, theirs, other))
    (double,) = doubles(record, {theirs.id, other.id})
    assert (double.type, double.ids) == ("lock", (ours.id, theirs.id))
    assert f"--diff {theirs.id}" in double.remedy
