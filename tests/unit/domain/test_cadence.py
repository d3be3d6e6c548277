"""The cadence clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.cadence import ClockState, DueBy, cadence_clock
from app.domain.incident import IncidentState, SeverityChange
from app.domain.rules.findings import DEFAULT_CADENCE
from tests.builders import START, a_record, an_incident, at
from tests.record_builders import a_status_update

if TYPE_CHECKING:
    from app.domain.cadence import CadenceClock
    from app.domain.incident import Incident
    from app.domain.record import Record


def declared(severity: str, clock: str = "13:50") -> Incident:
    change = SeverityChange(None, severity, at(clock), "Marcus")
    return an_incident(severity=severity, severity_history=(change,))


def updated(clock: str, promise: str | None = None, severity: str = "SEV1") -> Record:
    promised = at(promise) if promise else None
    update = a_status_update(at=at(clock), next_update_at=promised)
    return a_record(incident=declared(severity), status_updates=(update,))


def read(record: Record) -> CadenceClock:
    return cadence_clock(record, DEFAULT_CADENCE)


@pytest.mark.parametrize(
    ("severity", "promise", "due", "by"),
    [
        ("SEV1", "14:20", "14:20", DueBy.PROMISE),
        ("SEV1", "14:45", "14:30", DueBy.CADENCE),
        ("SEV1", "14:30", "14:30", DueBy.PROMISE),
        ("SEV1", None, "14:30", DueBy.CADENCE),
        ("SEV2", None, "15:00", DueBy.CADENCE),
        ("SEV4", "18:00", "18:00", DueBy.PROMISE),
        ("P9", "18:00", "18:00", DueBy.PROMISE),
    ],
)
def test_what_comes_first_is_due_the_promise_or_the_cadence(
    severity: str, promise: str | None, due: str, by: DueBy
) -> None:
    clock = read(updated("14:00", promise, severity))
    assert (clock.due_at, clock.due_by) == (at(due), by)
    assert clock.last_at == at("14:00")


def test_nothing_is_due_without_a_cadence_or_after_the_closing_update_or_when_it_is_over() -> None:
    assert read(updated("14:00", severity="SEV4")).due_at is None
    record = updated("14:00")
    closing = replace(record.status_updates[0], closing=True, next_update_at=None)
    assert read(replace(record, status_updates=(closing,))).due_at is None
    over = replace(record.incident, state=IncidentState.RESOLVED)
    clock = read(replace(record, incident=over))
    assert clock.due_at is None
    assert clock.state(at("23:00")) is ClockState.NONE
    assert clock.remaining(at("23:00")) is None


def test_before_the_first_update_it_counts_from_when_the_severity_was_declared() -> None:
    assert read(a_record(incident=declared("SEV1"))).due_at == at("14:20")
    undeclared = a_record(incident=an_incident(severity="SEV1"))
    assert read(undeclared).due_at == START + timedelta(minutes=30)
    assert read(a_record()).due_at is None


def test_a_graver_severity_hastens_the_next_update() -> None:
    record = updated("14:00", severity="SEV3")
    graver = record.incident.with_severity("SEV1", at=at("14:10"), by="Priya")
    assert read(record).due_at == at("16:00")
    assert read(replace(record, incident=graver)).due_at == at("14:40")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("14:24:59", ClockState.RUNNING),
        ("14:25", ClockState.SOON),
        ("14:30", ClockState.SOON),
        ("14:30:01", ClockState.OVERDUE),
    ],
)
def test_it_warns_five_minutes_before_and_then_tells_how_late(now: str, state: ClockState) -> None:
    clock = read(updated("14:00"))
    assert clock.state(at(now)) is state
    assert clock.remaining(at(now)) == at("14:30") - at(now)


def test_late_updates_are_remembered_with_how_late_they_were() -> None:
    updates = tuple(
        a_status_update(at=at(clock), next_update_at=None)
        for clock in ("14:00", "14:30", "15:12", "15:13")
    )
    (late,) = read(a_record(incident=declared("SEV1"), status_updates=updates)).late
    assert (late.update_id, late.due_at, late.minutes) == (updates[2].id, at("15:00"), 12)
