from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.actions import ActionCategory, ActionStatus, Horizon
from app.domain.analysis import FactorLayer, FactorRole, FactorStatus, Why
from app.domain.ids import FactorId, IncidentId
from app.domain.incident import Depth, Tags
from tests.builders import INCIDENT, a_record, an_action, an_incident
from tests.record_builders import a_factor, a_role, an_rca
from tests.unit.domain.rules.records import a_concrete_action, a_final_record, found

TECHNICAL, DETECTION = FactorLayer.TECHNICAL, FactorLayer.DETECTION


@pytest.mark.parametrize(
    ("layers", "enough"),
    [
        ((TECHNICAL, TECHNICAL, DETECTION), True),
        ((TECHNICAL, TECHNICAL, TECHNICAL), False),
        ((TECHNICAL, DETECTION), False),
        ((), False),
    ],
)
def test_r07_asks_full_depth_for_three_factors_in_two_layers(
    layers: tuple[FactorLayer, ...], *, enough: bool
) -> None:
    factors = tuple(a_factor(layer=layer) for layer in layers)
    assert bool(found("R07", a_record(factors=factors))) is not enough
    light = an_incident(depth=Depth.LIGHT)
    assert found("R07", a_record(factors=factors, incident=light)) == []


def test_r07_does_not_count_the_trigger_as_a_contributing_factor() -> None:
    factors = (a_factor(), a_factor(layer=DETECTION), a_factor(role=FactorRole.TRIGGERING))
    (finding,) = found("R07", a_record(factors=factors))
    assert "2 contributing factors in 2 layers" in finding.message


@pytest.mark.parametrize("text", ["Human error", "Marcus", "Marcus forgot the flag", "The team"])
def test_r08_refuses_a_person_as_a_factor(text: str) -> None:
    factor = a_factor(text)
    (finding,) = found("R08", a_record(factors=(factor,), roles=(a_role(person="Marcus Chen"),)))
    assert finding.place.id == factor.id


def test_r08_looks_at_each_cause_of_the_analysis() -> None:
    blame = "operator error"
    for changes, field in [
        ({"trigger": blame}, "trigger"),
        ({"detection_gap": blame}, "detection_gap"),
        ({"mitigation_gap": blame}, "mitigation_gap"),
        ({"prevention_gap": blame}, "prevention_gap"),
        ({"unconfirmed": ("ok", blame)}, "unconfirmed[1]"),
        ({"missed_defenses": (blame,)}, "missed_defenses[0]"),
        ({"whys": (Why("Why?", blame),)}, "whys[0].answer"),
    ]:
        (finding,) = found("R08", a_record(rca=an_rca(**changes)))
        assert finding.place.field == field


@pytest.mark.parametrize("text", ["The pool had no alert", "The tool accepted an empty list"])
def test_r08_lets_conditions_pass(text: str) -> None:
    record = a_record(factors=(a_factor(text),), rca=an_rca(trigger=text))
    assert found("R08", replace(record, roles=(a_role(),))) == []


def test_r09_names_all_that_an_action_lacks_at_once() -> None:
    action = an_action("Cap the pool at 200 connections")
    (finding,) = found("R09", a_record(actions=(action,)))
    assert finding.message.endswith(
        "has no due date, verification plan that shows it works, category and owner or role."
    )
    assert (finding.place.id, finding.place.field) == (action.id, "due")
    assert found("R09", a_record(actions=(a_concrete_action(),))) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due": None}, "due"),
        ({"verification_plan": None}, "verification_plan"),
        ({"verification_plan": "merged"}, "verification_plan"),
        ({"category": None}, "category"),
        ({"owner": None}, "owner"),
        ({"owner": "team"}, "owner"),
        ({"text": "Be more careful"}, "text"),
    ],
)
def test_r09_refuses_each_thing_that_is_missing(
    changes: dict[str, str | None], field: str
) -> None:
    (finding,) = found("R09", a_record(actions=(a_concrete_action(**changes),)))
    assert finding.place.field == field


def test_r09_takes_a_role_for_an_owner_and_leaves_alone_what_will_not_be_done() -> None:
    by_role = a_concrete_action(owner=None, owner_role="operations")
    dropped = an_action("Fix the issue", status=ActionStatus.WONT_DO, wont_do_reason="replaced")
    assert found("R09", a_record(actions=(by_role, dropped))) == []


def test_r10_ties_confirmed_factors_and_actions_together() -> None:
    factor = a_factor(status=FactorStatus.CONFIRMED)
    action = an_action(factors=(factor.id,))
    assert found("R10", a_record(factors=(factor,), actions=(action,))) == []

    (unmet,) = found("R10", a_record(factors=(factor,)))
    assert unmet.place.id == factor.id
    candidate = replace(factor, status=FactorStatus.CANDIDATE)
    assert found("R10", a_record(factors=(candidate,))) == []

    loose = an_action()
    (finding,) = found("R10", a_record(factors=(factor,), actions=(action, loose)))
    assert finding.place.id == loose.id
    gone = an_action(factors=(FactorId("fac-gone"),))
    assert len(found("R10", a_record(factors=(candidate,), actions=(gone,)))) == 1


def test_r10_says_once_that_there_are_no_factors_at_all() -> None:
    (finding,) = found("R10", a_record(actions=(an_action(), an_action())))
    assert "(2)" in finding.message


def test_r10_does_not_count_an_action_that_will_not_be_done() -> None:
    factor = a_factor(status=FactorStatus.CONFIRMED)
    action = an_action(factors=(factor.id,), status=ActionStatus.WONT_DO)
    assert len(found("R10", a_record(factors=(factor,), actions=(action,)))) == 1


@pytest.mark.parametrize(
    "text", ["Rolled back", "Roll back release 2.4", "Restarted the pods", "Reverted the change"]
)
def test_r23_warns_of_a_mitigation_that_stands_as_preventing(text: str) -> None:
    action = an_action(text, category=ActionCategory.PREVENT)
    assert len(found("R23", a_record(actions=(action,)))) == 1
    mitigating = replace(action, category=ActionCategory.MITIGATE)
    assert found("R23", a_record(actions=(mitigating,))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Add a rollback button to the deploy tool",
        "Roll back automatically when 5xx > 5 % for 2 min",
        "Reversible migrations only",
        "Clearance of the firewall queue",
    ],
)
def test_r23_leaves_alone_what_lasts(text: str) -> None:
    action = an_action(text, category=ActionCategory.PREVENT)
    assert found("R23", a_record(actions=(action,))) == []


REPEATED = an_incident(
    prior_incident_ids=(IncidentId("inc-old"),), tags=Tags(failure_mode=("pool exhaustion",))
)


def test_r24_warns_of_a_failure_mode_that_came_back_without_an_action_on_its_class() -> None:
    (finding,) = found("R24", a_record(incident=REPEATED))
    assert "pool exhaustion" in finding.message
    small = an_action("Cap the pool", category=ActionCategory.PREVENT, horizon=Horizon.SHORT)
    assert len(found("R24", a_record(incident=REPEATED, actions=(small,)))) == 1
    for enough in (
        replace(small, horizon=Horizon.LONG),
        replace(small, text="Lint rule against pool exhaustion"),
        an_action("Escalate to the architecture board"),
    ):
        assert found("R24", a_record(incident=REPEATED, actions=(enough,))) == []
        dropped = replace(enough, status=ActionStatus.WONT_DO)
        assert len(found("R24", a_record(incident=REPEATED, actions=(dropped,)))) == 1


def test_r24_is_silent_where_nothing_says_that_it_happened_before() -> None:
    mode_only = an_incident(tags=Tags(failure_mode=("pool exhaustion",)))
    prior_only = an_incident(prior_incident_ids=(IncidentId("inc-old"),))
    assert found("R24", a_record(incident=mode_only)) == []
    assert found("R24", a_record(incident=prior_only)) == []
    assert found("R24", a_final_record(rca=an_rca(first_occurrence=True))) == []
    assert len(found("R24", a_record(rca=an_rca(id=INCIDENT, first_occurrence=False)))) == 1
