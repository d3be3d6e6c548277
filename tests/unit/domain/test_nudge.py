"""The nudge to change the strategy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import IncidentState, StateChange
from app.domain.nudge import Nudge, NudgeReason, change_strategy
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind, MitigationResult
from tests.builders import a_record, an_entry, an_incident, an_operation, at

if TYPE_CHECKING:
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry


def tried(text: str, clock: str, result: MitigationResult | None = None) -> TimelineEntry:
    return an_entry(
        text,
        kind=EntryKind.ACTION,
        occurred=clock,
        anchor=Anchor.MITIGATION_ATTEMPT,
        mitigation_result=result,
        created_at=at(clock),
    )


def seen(clock: str) -> TimelineEntry:
    return an_entry("errors go on", occurred=clock, created_at=at(clock))


def nudge(record: Record, now: str, minutes: int = 20) -> Nudge | None:
    return change_strategy(record, now=at(now), after_minutes=minutes)


def running(*entries: TimelineEntry, **parts: Any) -> Record:
    return a_record(*entries, incident=an_incident(created_at=at("13:00")), **parts)


def test_an_attempt_without_a_result_nudges_after_its_time_and_not_before() -> None:
    record = running(tried("Restart {pool}", "14:00"), seen("14:15"))
    assert nudge(record, "14:19:59") is None
    found = nudge(record, "14:24:30")
    assert found is not None
    assert (found.reason, found.since, found.minutes) == (NudgeReason.NO_RESULT, at("14:00"), 24)
    assert found.message == (
        "No mitigation has worked for 24 min: “Restart {pool}” has no result yet."
    )
    assert "strategy" in found.remedy
    assert nudge(record, "14:20", minutes=30) is None


def test_unknown_is_no_result() -> None:
    record = running(tried("Restart", "14:00", MitigationResult.UNKNOWN), seen("14:15"))
    found = nudge(record, "14:20")
    assert found is not None
    assert found.reason is NudgeReason.NO_RESULT


def test_a_result_that_is_entered_starts_the_count_again() -> None:
    before = tried("Restart", "14:00")
    after = replace(before, mitigation_result=MitigationResult.NO)
    step = an_operation(Change(before, after), at=at("14:25"))
    record = running(after, seen("14:40"), operations=(step,))
    assert nudge(record, "14:44") is None
    found = nudge(record, "14:45")
    assert found is not None
    assert (found.reason, found.since) == (NudgeReason.NO_NEW_ATTEMPT, at("14:25"))
    assert found.message == "Nothing else has been tried for 20 min: “Restart” did not work."

    undone = replace(record, operations=(replace(step, undone=True),))
    earlier = nudge(undone, "14:44")
    assert earlier is not None
    assert earlier.since == at("14:00")


def test_a_new_attempt_after_one_that_failed_gets_its_own_time() -> None:
    failed = tried("Restart", "14:00", MitigationResult.WORSE)
    record = running(failed, tried("Roll back", "14:18"), seen("14:30"))
    assert nudge(record, "14:37") is None
    found = nudge(record, "14:38")
    assert found is not None
    assert "“Roll back”" in found.message


def test_what_helped_settles_what_was_tried_before_it() -> None:
    record = running(
        tried("Restart", "14:00"),
        tried("Roll back", "14:10", MitigationResult.PARTIAL),
        seen("14:30"),
    )
    assert nudge(record, "14:49") is None


def test_a_log_that_is_silent_nudges_too() -> None:
    record = running(seen("14:00"))
    assert nudge(record, "14:19") is None
    found = nudge(record, "14:20")
    assert found is not None
    assert (found.reason, found.message) == (
        NudgeReason.NO_ENTRY,
        "Nothing has been entered for 20 min.",
    )
    empty = nudge(running(), "14:20")
    assert empty is not None
    assert empty.since == at("13:00")


@pytest.mark.parametrize("state", set(IncidentState) - {IncidentState.ACTIVE})
def test_nobody_is_nudged_once_it_is_no_longer_active(state: IncidentState) -> None:
    record = a_record(incident=an_incident(state=state))
    assert nudge(record, "23:00") is None


def test_an_incident_that_is_active_again_begins_anew() -> None:
    change = StateChange(IncidentState.RESOLVED, IncidentState.ACTIVE, at("14:30"), "Marcus")
    incident = an_incident(created_at=at("13:00"), state_history=(change,))
    record = a_record(tried("Restart", "14:00"), incident=incident)
    assert nudge(record, "14:49") is None
    assert nudge(record, "14:50") is not None
