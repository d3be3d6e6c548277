"""Severity, state and scope, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.domain.closeout import CloseOut, CloseOutItem, Waiver
from app.domain.errors import InvalidRecordError
from app.domain.incident import Depth, IncidentState, IncidentTrack
from app.domain.record import Change
from app.domain.rules.closing import held_back
from app.services.incidents import Incidents
from tests.builders import INCIDENT, a_record, an_incident

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.bus import LocalBus
    from app.services.live_work import LiveWork
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard
    from tests.unit.services.live_work import Reading


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
    with pytest.raises(InvalidRecordError, match="no level is named"):
        work.standing.set_severity(INCIDENT, " ")
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
