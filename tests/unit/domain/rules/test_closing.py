from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.closeout import CloseOut, CloseOutItem, Waiver
from app.domain.impact import CustomerImpact
from app.domain.incident import IncidentState, IncidentTrack
from app.domain.rules.findings import Circumstances
from tests.builders import INCIDENT, a_due_date, a_record, an_incident
from tests.record_builders import an_impact
from tests.unit.domain.rules.records import NOW, found

RUNNING = (IncidentState.ACTIVE, IncidentState.MITIGATED, IncidentState.MONITORING)


@pytest.mark.parametrize("state", list(IncidentState))
def test_r11_refuses_while_the_incident_goes_on(state: IncidentState) -> None:
    findings = found("R11", a_record(incident=an_incident(state=state)))
    assert bool(findings) is (state in RUNNING)


DONE = CloseOut(
    INCIDENT,
    actions_shipped=True,
    verification_complete=True,
    runbook_updated=True,
    review_held=True,
    customer_confirmed=True,
    review_dates=(date(2026, 4, 12),),
)
CLOSED = an_incident(state=IncidentState.CLOSED)


def test_r15_lets_a_closed_incident_pass_once_all_is_done_or_waived() -> None:
    assert found("R15", a_record(incident=CLOSED, closeout=DONE)) == []
    for item in CloseOutItem:
        undone = replace(DONE, **{item.value: False})
        (finding,) = found("R15", a_record(incident=CLOSED, closeout=undone))
        assert finding.place.field == item.value
        waived = replace(undone, waivers=(Waiver(item, "Marcus", "not ours"),))
        assert found("R15", a_record(incident=CLOSED, closeout=waived)) == []


def test_r15_asks_for_a_review_date_wherever_it_is_kept() -> None:
    undated = replace(DONE, review_dates=())
    (finding,) = found("R15", a_record(incident=CLOSED, closeout=undated))
    assert finding.place.field == "review_dates"
    dated = replace(CLOSED, follow_up_review_date=a_due_date())
    assert found("R15", a_record(incident=dated, closeout=undated)) == []


def test_r15_asks_nothing_before_closing_and_everything_of_one_without_a_list() -> None:
    resolved = an_incident(state=IncidentState.RESOLVED)
    assert found("R15", a_record(incident=resolved)) == []
    assert len(found("R15", a_record(incident=CLOSED))) == 2


def test_r16_asks_a_security_incident_for_its_list_and_its_protection() -> None:
    secret = an_incident(track=IncidentTrack.SECURITY)
    listed = replace(secret, need_to_know=("Priya",))
    protected = Circumstances(NOW, is_protected=True)
    assert [f.place.field for f in found("R16", a_record(incident=secret))] == [
        "need_to_know",
        "track",
    ]
    assert [f.place.field for f in found("R16", a_record(incident=listed))] == ["track"]
    assert len(found("R16", a_record(incident=secret), told=protected)) == 1
    assert found("R16", a_record(incident=listed), told=protected) == []
    assert found("R16", a_record()) == []


def test_r17_names_the_layers_of_which_nothing_is_said() -> None:
    assert found("R17", a_record(impact=an_impact())) == []
    (finding,) = found("R17", a_record(impact=an_impact(customer=CustomerImpact())))
    assert finding.message == "Nothing is said of the customer impact."
    unknown = an_impact(customer=CustomerImpact(unknown=True))
    assert found("R17", a_record(impact=unknown)) == []
    (all_of_it,) = found("R17", a_record())
    assert "technical, customer and business" in all_of_it.message
