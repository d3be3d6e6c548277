"""The log, and the moment it gives, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.communications import Audience
from app.domain.errors import LineNotUnderstoodError, NotFoundError
from app.domain.incident import IncidentState
from app.domain.line_problem import LineProblem
from app.domain.nudge import NudgeReason
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind
from app.domain.times import Precision
from app.services.checking import Checking
from app.services.status_updates import StatusWords
from tests.builders import INCIDENT, an_entry, at
from tests.record_builders import a_status_update

if TYPE_CHECKING:
    from app.services.live_work import LiveWork
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.live_work import Reading, SetClock


def test_a_line_becomes_an_entry_with_what_comes_along(
    work: LiveWork, record: Reading, clock: SetClock, store: SqlRecordStore
) -> None:
    made = work.log.enter(INCIDENT, "/dec 14:50 roll back, the deploy is suspect @ic")
    (entry,) = record().entries
    assert made.entry == entry
    assert (entry.occurred_at, entry.noticed_at) == (at("14:50"), clock.now)
    (decision,) = record().decisions
    assert (decision.entry_id, decision.at, decision.who) == (
        entry.id,
        at("14:50"),
        "incident commander",
    )
    store.undo(INCIDENT, by="Marcus")
    assert (record().entries, record().decisions) == ((), ())


def test_a_line_is_of_the_incidents_zone_and_of_its_state(
    work: LiveWork, store: SqlRecordStore
) -> None:
    before = store.record(INCIDENT).incident
    there = replace(before, display_timezone="Europe/Berlin")
    store.commit(INCIDENT, [Change(before, there)], by="x", label="x")
    assert work.log.enter(INCIDENT, "/f 15:50 x").entry.occurred_at == at("14:50")
    work.standing.set_state(INCIDENT, IncidentState.RESOLVED)
    late = work.log.enter(INCIDENT, "/f y").entry
    assert (late.occurred_at, late.precision) == (None, Precision.UNKNOWN)
    assert late.noticed_at is not None


def test_in_an_incident_that_is_over_a_time_of_day_is_of_its_own_day(
    work: LiveWork, store: SqlRecordStore
) -> None:
    began = an_entry("503s", occurred=at("14:02", day=3), anchor=Anchor.IMPACT_START)
    store.commit(INCIDENT, [Change(None, began)], by="x", label="x")
    assert work.log.enter(INCIDENT, "/f 14:03 x").entry.occurred_at == at("14:03")
    work.standing.set_state(INCIDENT, IncidentState.RESOLVED)
    assert work.log.enter(INCIDENT, "/f 14:03 x").entry.occurred_at == at("14:03", day=3)


def test_a_line_that_is_not_understood_enters_nothing_and_tells_the_column(
    work: LiveWork, record: Reading
) -> None:
    with pytest.raises(LineNotUnderstoodError, match="column 7") as told:
        work.log.enter(INCIDENT, "/fact 14:75 x")
    assert told.value.problem.start == 6
    assert record().entries == ()
    now = record()
    assert isinstance(work.log.understand(now, "/fact 14:75 x"), LineProblem)
    assert isinstance(work.log.preview(now, "/fact 14:75 x"), LineProblem)
    assert work.log.preview(now, "/fact 14:45 x") == "Fact · 14:45 UTC · x"


def test_a_status_line_posts_an_update_that_the_timeline_tells(
    work: LiveWork, record: Reading, clock: SetClock
) -> None:
    made = work.log.enter(INCIDENT, "/status known 503s | impact EU. | next 20m")
    (update,) = record().status_updates
    (entry,) = record().entries
    assert (made.status_update, made.entry) == (update, entry)
    assert update.next_update_at == clock.now + timedelta(minutes=20)
    assert entry.kind is EntryKind.STATUS
    assert entry.anchor is Anchor.COMMUNICATION
    assert entry.text == (
        "Update for engineering: known: 503s. impact: EU. Next update 15:16 UTC."
    )
    assert (entry.occurred_at, entry.customer_visible) == (update.at, False)
    assert "R03" not in record.rules()


def test_an_update_can_be_entered_late_with_its_own_time(work: LiveWork) -> None:
    made = work.log.enter(INCIDENT, "/s 14:50 known 503s | next 30m")
    assert made.status_update is not None
    assert (made.status_update.at, made.status_update.next_update_at) == (
        at("14:50"),
        at("15:20"),
    )
    assert made.entry.precision is Precision.MINUTE


def test_an_update_and_its_line_are_one_step_and_customers_see_the_external_one(
    work: LiveWork, record: Reading, store: SqlRecordStore
) -> None:
    work.status_updates.post(
        INCIDENT, StatusWords(known="errors"), closing=True, audience=Audience.STATUS_PAGE
    )
    (entry,) = record().entries
    assert entry.customer_visible
    assert entry.text == "Update for status page: known: errors. The last update."
    store.undo(INCIDENT, by="Marcus")
    assert (record().entries, record().status_updates) == ((), ())


def test_a_role_line_does_what_the_role_does(work: LiveWork, record: Reading) -> None:
    work.log.enter(INCIDENT, "/role ic Marcus")
    made = work.log.enter(INCIDENT, "/role ic Priya")
    assert made.role_change is not None
    assert made.role_change.checkpoint is not None
    assert made.entry == made.role_change.entry
    work.log.enter(INCIDENT, "/role scribe none")
    work.log.enter(INCIDENT, "/role ic end")
    held = [role.person for role in record().roles if role.is_held]
    assert held == []
    with pytest.raises(NotFoundError):
        work.log.enter(INCIDENT, "/role ic end")


def test_the_situation_holds_card_clock_and_nudge_of_one_moment(
    work: LiveWork, clock: SetClock
) -> None:
    work.standing.set_severity(INCIDENT, "SEV1")
    work.log.enter(INCIDENT, "/act restarted the pool !mitigation")
    clock.forward(19)
    situation = work.situation.of(INCIDENT)
    assert situation.nudge is None
    assert situation.clock.due_at == situation.now + timedelta(minutes=11)
    assert situation.card.next_update_at == situation.clock.due_at
    clock.forward(1)
    nudge = work.situation.of(INCIDENT).nudge
    assert nudge is not None
    assert nudge.reason is NudgeReason.NO_RESULT


def test_r06_goes_by_the_cadence_of_the_rubric_in_force(
    store: SqlRecordStore, work: LiveWork
) -> None:
    work.standing.set_severity(INCIDENT, "SEV1")
    sent = a_status_update(at=at("15:00"), next_update_at=at("16:00"))
    store.commit(INCIDENT, [Change(None, sent)], by="x", label="x")

    def r06(cadence: dict[str, int | None]) -> list[str]:
        checking = Checking(store, cadence=cadence, clock=lambda: at("15:31"))
        return [f.message for f in checking.check(INCIDENT).findings if f.rule == "R06"]

    assert r06({"SEV1": 30}) == ["The next update was due at 15:30 UTC."]
    assert r06({"SEV1": 31}) == []
