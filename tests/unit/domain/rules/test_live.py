from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from app.domain.incident import IncidentState, SeverityChange
from app.domain.rules.findings import Circumstances
from tests.builders import START, a_record, an_incident, at
from tests.record_builders import a_checkpoint, a_role, a_status_update
from tests.unit.domain.rules.records import a_final_record, found

RESOLVED = IncidentState.RESOLVED


def test_r05_asks_each_update_but_the_closing_one_for_the_next() -> None:
    promised, closing = a_status_update(), a_status_update(next_update_at=None, closing=True)
    silent = a_status_update(next_update_at=None)
    assert found("R05", a_record(status_updates=(promised, closing))) == []
    (finding,) = found("R05", a_record(status_updates=(promised, silent)))
    assert (finding.place.id, finding.place.field) == (silent.id, "next_update_at")


@pytest.mark.parametrize(
    ("severity", "second", "late"),
    [
        ("SEV1", "14:30", False),
        ("SEV1", "14:31", True),
        ("SEV2", "15:00", False),
        ("SEV2", "15:01", True),
        ("SEV3", "16:00", False),
        ("SEV4", "23:00", False),
        ("of our own", "14:10", False),  # not in the rubric: what was promised counts
        ("of our own", "14:11", True),
    ],
)
def test_r06_marks_an_update_later_than_the_severity_asks(
    severity: str, second: str, *, late: bool
) -> None:
    updates = (
        a_status_update(at=at("14:00"), next_update_at=at("14:10")),
        a_status_update(at=at(second), next_update_at=None, closing=True),
    )
    incident = an_incident(severity=severity, state=RESOLVED)
    findings = found("R06", a_record(incident=incident, status_updates=updates))
    assert [finding.place.id for finding in findings] == ([updates[1].id] if late else [])


def test_r06_counts_by_the_severity_of_that_time() -> None:
    worse = SeverityChange("SEV3", "SEV1", at("15:00"), "Marcus")
    incident = an_incident(severity="SEV1", severity_history=(worse,), state=RESOLVED)
    updates = tuple(
        a_status_update(at=at(clock), next_update_at=None)
        for clock in ("13:00", "14:59", "15:10", "15:41")
    )
    (finding,) = found("R06", a_record(incident=incident, status_updates=updates))
    assert finding.place.id == updates[3].id
    assert "1 min late" in finding.message


def test_r06_says_while_it_is_active_that_one_is_due() -> None:
    record = a_record(
        incident=an_incident(severity="SEV1"),
        status_updates=(a_status_update(at=at("14:00"), next_update_at=None),),
    )
    assert found("R06", record, now=at("14:30")) == []
    (finding,) = found("R06", record, now=at("14:31"))
    assert "14:30" in finding.message
    over = replace(record, incident=an_incident(severity="SEV1", state=RESOLVED))
    assert found("R06", over, now=at("20:00")) == []


def test_r06_goes_by_the_cadence_of_the_team() -> None:
    told = Circumstances(at("15:00"), cadence=MappingProxyType({"P1": 10}))
    record = a_record(
        incident=an_incident(severity="P1"),
        status_updates=(a_status_update(at=at("14:49"), next_update_at=None),),
    )
    assert len(found("R06", record, told=told)) == 1


def test_r12_asks_for_an_acknowledged_checkpoint_at_each_change_of_command() -> None:
    roles = (
        a_role("IC", "Marcus", to=at("15:00")),
        a_role("Incident Commander", "Priya", from_=at("15:00")),
    )
    seen = a_checkpoint(to="Priya", role="IC", acknowledged_at=at("15:01"))
    (finding,) = found("R12", a_record(roles=roles))
    assert finding.place.id == roles[1].id
    assert found("R12", a_record(roles=roles, checkpoints=(seen,))) == []
    for other in (
        replace(seen, acknowledged_at=None),
        replace(seen, to="Ada"),
        replace(seen, role="scribe"),
    ):
        assert len(found("R12", a_record(roles=roles, checkpoints=(other,)))) == 1


def test_r12_needs_one_checkpoint_for_each_time_and_none_without_a_change() -> None:
    there_and_back = tuple(
        a_role("IC", who, from_=at(clock))
        for who, clock in (
            ("Marcus", "14:46"),
            ("Priya", "15:00"),
            ("Marcus", "16:00"),
            ("Priya", "17:00"),
        )
    )
    to_priya = a_checkpoint(to="priya", acknowledged_at=at("15:01"))
    to_marcus = a_checkpoint(to="Marcus", acknowledged_at=at("16:01"))
    once = a_record(roles=there_and_back, checkpoints=(to_priya, to_marcus))
    (finding,) = found("R12", once)
    assert finding.place.id == there_and_back[3].id

    again = a_checkpoint(to="Priya", acknowledged_at=at("17:01"))
    assert found("R12", replace(once, checkpoints=(to_priya, to_marcus, again))) == []
    same = (a_role("IC", "Marcus"), a_role("IC", "marcus ", from_=at("16:00")))
    assert found("R12", a_record(roles=same)) == []
    assert found("R12", a_record(roles=(a_role("scribe", "A"), a_role("scribe", "B")))) == []


def test_r12_takes_who_ended_for_the_first_of_two_from_the_same_minute() -> None:
    """Their ids say the contrary."""
    first = a_role("IC", "Marcus", to=START, id="rol-b")
    second = a_role("IC", "Priya", id="rol-a")
    (finding,) = found("R12", a_record(roles=(second, first)))
    assert finding.place.id == second.id


def test_r20_asks_for_each_needed_role_or_that_it_is_not_needed() -> None:
    record = a_final_record()
    assert found("R20", record) == []
    for role in record.roles:
        rest = tuple(one for one in record.roles if one is not role)
        (finding,) = found("R20", replace(record, roles=rest))
        assert finding.message == f"Nobody is named for {role.name}."


def test_r20_knows_a_role_by_its_short_name_and_one_that_was_handed_back() -> None:
    roles = tuple(a_role(name, to=at("15:00")) for name in ("IC", "ops", "Comms", "SCRIBE"))
    assert found("R20", a_record(roles=roles)) == []
