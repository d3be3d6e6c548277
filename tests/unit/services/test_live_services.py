"""Severity, state, roles, scope, checkpoints and the log, on a real database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import shipped_rubric
from app.domain.closeout import CloseOut, CloseOutItem, Waiver
from app.domain.communications import Audience
from app.domain.errors import InvalidRecordError, LineNotUnderstoodError, NotFoundError
from app.domain.handover import CheckpointWords
from app.domain.ids import CheckpointId
from app.domain.incident import Depth, IncidentState, IncidentTrack
from app.domain.line_problem import LineProblem
from app.domain.nudge import NudgeReason
from app.domain.record import Change
from app.domain.rules.checker import check
from app.domain.rules.closing import held_back
from app.domain.timeline import Anchor, EntryKind
from app.domain.times import Precision
from app.services.checking import Checking
from app.services.incidents import Incidents
from app.services.live_work import LiveWork
from app.services.role_changes import When
from app.services.rubric_file import rubric_in_force
from app.services.status_updates import StatusWords
from tests.builders import INCIDENT, START, a_record, an_incident, at
from tests.record_builders import a_checkpoint, a_status_update

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.domain.record import Record
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START + timedelta(minutes=10))


@pytest.fixture
def work(store: SqlRecordStore, bus: LocalBus, clock: SetClock, tmp_path: Path) -> LiveWork:
    rubric = rubric_in_force(tmp_path / "none.toml", shipped_rubric())
    return LiveWork.over(store, bus, actor="Marcus", rubric=rubric, clock=clock)


@pytest.fixture
def record(store: SqlRecordStore) -> Reading:
    return Reading(store)


@dataclass
class Reading:
    """The record as it stands in the database whenever it is asked for."""

    store: SqlRecordStore

    def __call__(self) -> Record:
        return self.store.record(INCIDENT)

    def rules(self) -> set[str]:
        return {finding.rule for finding in check(self(), at("23:00"))}


# Severity and state


def test_a_severity_keeps_who_when_and_why(work: LiveWork, record: Reading, heard: Heard) -> None:
    work.standing.set_severity(INCIDENT, "sev3", reason="few customers")
    incident = record().incident
    (change,) = incident.severity_history
    assert (incident.severity, change.from_, change.to) == ("SEV3", None, "SEV3")
    assert (change.by, change.reason, change.at) == ("Marcus", "few customers", work_now(work))
    assert incident.depth is Depth.LIGHT
    assert len(heard) == 1


def work_now(work: LiveWork) -> datetime:
    return work.situation.of(INCIDENT).now


def test_only_levels_of_the_rubric_are_taken_unless_any_word_is_wanted(
    work: LiveWork, record: Reading
) -> None:
    with pytest.raises(InvalidRecordError, match="“P9”") as told:
        work.standing.set_severity(INCIDENT, "P9")
    assert "SEV1, SEV2, SEV3, SEV4" in told.value.remedy
    assert record().incident.severity_history == ()
    assert work.standing.set_severity(INCIDENT, "P9", any_word=True).severity == "P9"
    assert work.standing.set_severity(INCIDENT, None).severity is None


def test_the_same_severity_or_state_again_is_no_step(work: LiveWork, heard: Heard) -> None:
    work.standing.set_severity(INCIDENT, "SEV1")
    work.standing.set_severity(INCIDENT, "sev1")
    work.standing.set_state(INCIDENT, IncidentState.ACTIVE)
    assert len(heard) == 1


def test_a_state_keeps_its_history_and_is_undone(
    work: LiveWork, record: Reading, store: SqlRecordStore
) -> None:
    work.standing.set_state(INCIDENT, IncidentState.MITIGATED, reason="rolled back")
    (change,) = record().incident.state_history
    assert (change.from_, change.to, change.reason) == (
        IncidentState.ACTIVE,
        IncidentState.MITIGATED,
        "rolled back",
    )
    store.undo(INCIDENT, by="Marcus")
    assert record().incident.state is IncidentState.ACTIVE
    assert record().incident.state_history == ()


def test_it_is_closed_only_when_it_is_over_and_nothing_is_open(
    work: LiveWork, record: Reading, store: SqlRecordStore
) -> None:
    with pytest.raises(InvalidRecordError, match="only what is over"):
        work.standing.set_state(INCIDENT, IncidentState.CLOSED)
    work.standing.set_state(INCIDENT, IncidentState.RESOLVED)
    done = CloseOut(INCIDENT, actions_shipped=True, verification_complete=True, review_held=True)
    store.commit(INCIDENT, [Change(None, done)], by="x", label="x")
    with pytest.raises(InvalidRecordError) as told:
        work.standing.set_state(INCIDENT, IncidentState.CLOSED)
    assert "runbook updated, customer confirmed and a review date" in str(told.value)

    waived = replace(
        done,
        customer_confirmed=True,
        waivers=(Waiver(CloseOutItem.RUNBOOK_UPDATED, "Priya", "there is none"),),
        review_dates=(date(2026, 4, 12),),
    )
    store.commit(INCIDENT, [Change(done, waived)], by="x", label="x")
    work.standing.set_state(INCIDENT, IncidentState.CLOSED)
    assert "R15" not in record.rules()
    with pytest.raises(InvalidRecordError, match="it is closed"):
        work.standing.set_state(INCIDENT, IncidentState.ACTIVE)
    again = work.standing.set_state(INCIDENT, IncidentState.ACTIVE, reason="it came back")
    assert again.state is IncidentState.ACTIVE


def test_conclusions_wait_exactly_while_people_are_at_work(work: LiveWork) -> None:
    told = {
        state: held_back(a_record(incident=an_incident(state=state))) for state in IncidentState
    }
    running = {IncidentState.ACTIVE, IncidentState.MITIGATED, IncidentState.MONITORING}
    assert {state for state, words in told.items() if words} == running
    assert work.situation.of(INCIDENT).held_back == told[IncidentState.ACTIVE]


def test_no_incident_is_opened_on_the_security_track(store: SqlRecordStore, bus: LocalBus) -> None:
    incidents = Incidents(store, bus, actor="Marcus")
    with pytest.raises(InvalidRecordError, match="encrypted"):
        incidents.create("Breach", track=IncidentTrack.SECURITY)
    assert len(incidents.summaries()) == 1


# Roles


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


# Scope


def test_scope_is_answered_question_by_question_and_unknown_is_an_answer(
    work: LiveWork, record: Reading, heard: Heard
) -> None:
    work.scoping.answer(INCIDENT, users="unknown")
    scope = work.scoping.answer(INCIDENT, fault_domain=" eu-west ")
    assert (scope.users, scope.fault_domain) == ("unknown", "eu-west")
    assert scope.unanswered == ("dependency", "recent_change")
    assert record().scope == scope
    work.scoping.answer(INCIDENT, users="unknown")
    assert len(heard) == 2
    for nothing in ({}, {"users": " "}):
        with pytest.raises(InvalidRecordError, match="scope"):
            work.scoping.answer(INCIDENT, **nothing)


# Checkpoints


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


# The log


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


def test_a_line_that_is_not_understood_enters_nothing_and_tells_the_column(
    work: LiveWork, record: Reading
) -> None:
    with pytest.raises(LineNotUnderstoodError, match="column 7") as told:
        work.log.enter(INCIDENT, "/fact 14:75 x")
    assert told.value.problem.start == 6
    assert record().entries == ()
    incident = record().incident
    assert isinstance(work.log.understand(incident, "/fact 14:75 x"), LineProblem)
    assert isinstance(work.log.preview(incident, "/fact 14:75 x"), LineProblem)
    assert work.log.preview(incident, "/fact 14:45 x") == "Fact · 14:45 UTC · x"


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


# The situation, and the rules by the team's cadence


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
