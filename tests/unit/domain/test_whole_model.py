"""What holds of the record's parts when they are built, and what they tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.actions import Ticket
from app.domain.analysis import Why
from app.domain.closeout import CloseOutItem, Waiver
from app.domain.communications import Audience
from app.domain.encoding import from_json_values, to_json_values
from app.domain.ids import ActionId, MessageId
from app.domain.impact import Basis, BusinessImpact, CustomerImpact, Quantity
from app.domain.incident import IncidentState, StateChange
from app.domain.roles import Role, role_name
from app.domain.slos import BudgetUse
from app.domain.timeline import Source, SourceType
from tests.builders import INCIDENT, START, a_source, an_action, an_entry, an_incident, at
from tests.record_builders import (
    a_checkpoint,
    a_closeout,
    a_communication,
    a_factor,
    a_lock,
    a_reconciliation,
    a_role,
    a_scope,
    a_status_update,
    a_suggestion,
    an_evidence,
    an_impact,
    an_slo,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_error_budget_is_exact() -> None:
    slo = an_slo(used=(BudgetUse(60, 0.2), BudgetUse(100, 0.5)))
    assert slo.budget_minutes == 43.2
    assert slo.used_minutes == 62
    assert slo.consumed == pytest.approx(62 / 43.2)
    assert slo.breached_by_minutes == 18.8


def test_an_objective_that_held_is_breached_by_nothing() -> None:
    slo = an_slo(used=(BudgetUse(43.2, 1),))
    assert (slo.consumed, slo.breached_by_minutes) == (1, 0)
    assert an_slo(used=()).consumed == 0


def test_a_role_is_one_however_it_is_written() -> None:
    for written in ("IC", "ic", "Incident Commander", "incident_commander"):
        assert role_name(written) == "incident commander"
    assert role_name("Comms") == "communications"
    assert role_name("  Data  Wizard ") == "data wizard"
    assert a_role().is_held
    assert not replace(a_role(), to=at("15:00")).is_held
    needless: Role = a_role(person=None, not_needed=True)
    assert not needless.is_held


def test_scope_tells_what_is_unknown_from_what_was_never_asked() -> None:
    scope = a_scope()
    assert scope.unknown == ("fault_domain",)
    assert scope.unanswered == ("dependency", "recent_change")


def test_a_layer_marked_unknown_is_not_empty() -> None:
    impact = an_impact(customer=CustomerImpact(), business=BusinessImpact(unknown=True))
    assert impact.empty_layers == ("customer",)


def test_a_checklist_tells_what_is_neither_done_nor_waived() -> None:
    assert a_closeout().open_items == (
        CloseOutItem.ACTIONS_SHIPPED,
        CloseOutItem.VERIFICATION_COMPLETE,
        CloseOutItem.CUSTOMER_CONFIRMED,
    )


def test_moving_an_incident_on_keeps_the_way_it_came() -> None:
    incident = an_incident()
    moved = incident.with_state(IncidentState.MITIGATED, at=START, by="Marcus", reason="rolled")
    assert moved.state_history == (
        StateChange(IncidentState.ACTIVE, IncidentState.MITIGATED, START, "Marcus", "rolled"),
    )
    assert moved.with_state(IncidentState.MITIGATED, at=START, by="x") is moved
    assert incident.with_severity(None, at=START, by="x") is incident
    with pytest.raises(ValueError, match="state_history must end"):
        replace(moved, state=IncidentState.CLOSED)


def test_every_time_is_kept_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))
    entry = an_entry(occurred=datetime(2026, 3, 12, 15, 2, tzinfo=berlin))
    assert to_json_values(entry)["occurred_at"] == "2026-03-12T14:02:00Z"
    role = from_json_values(
        Role,
        to_json_values(a_role()) | {"from": "2026-03-12T15:46:00+01:00"},
        place="x",
    )
    assert to_json_values(role)["from"] == "2026-03-12T14:46:00Z"


def test_only_texts_that_leave_the_company_are_external() -> None:
    external = {audience for audience in Audience if audience.is_external}
    assert external == {Audience.STATUS_PAGE, Audience.CUSTOMER_EMAIL, Audience.EXTERNAL}


def test_a_message_is_a_source_that_cannot_be_heard() -> None:
    message = Source(SourceType.MESSAGE, quote="rolling back", message_id=MessageId("m1"))
    assert message.audio is None
    with pytest.raises(ValueError, match="lies on no track"):
        _ = message.span
    heard = a_source()
    assert heard.audio is not None
    assert heard.audio.span == heard.span


ME = ActionId("act-me")
WAIVER = Waiver(CloseOutItem.REVIEW_HELD, "Marcus", "held elsewhere")
REFUSED: list[tuple[str, Callable[[], Any]]] = [
    ("held by a person, or not needed", lambda: a_role(person=None)),
    ("held by a person, or not needed", lambda: a_role(not_needed=True)),
    ("end before it begins", lambda: a_role(to=at("14:00"))),
    ("has a value exactly when", lambda: Quantity(None, "%", Basis.MEASURED)),
    ("has a value exactly when", lambda: Quantity(1, "%", Basis.UNKNOWN)),
    ("needs a unit", lambda: Quantity(1, " ", Basis.MEASURED)),
    ("must be a number", lambda: Quantity(float("nan"), "%", Basis.MEASURED)),
    ("target must be a share", lambda: an_slo(target=99.9)),
    ("window_minutes must be positive", lambda: an_slo(window_minutes=0)),
    ("failing must be a share", lambda: BudgetUse(1, 20)),
    ("minutes must not be negative", lambda: BudgetUse(-1, 0.5)),
    ("must have words", lambda: a_scope(users=" ")),
    ("must have words", lambda: CustomerImpact(data_loss="")),
    ("a factor needs words", lambda: a_factor(" ")),
    ("needs its question", lambda: Why(" ")),
    ("needs words: known", lambda: a_status_update(known=None)),
    ("must come after this one", lambda: a_status_update(next_update_at=START)),
    ("acknowledgement needs its time", lambda: a_checkpoint(acknowledged_by="Priya")),
    ("not acknowledged before", lambda: a_checkpoint(acknowledged_at=at("14:00"))),
    ("needs the name", lambda: a_communication(approver=None)),
    ("needs a url or a file", lambda: an_evidence(url=None, file=None)),
    ("needs its sha256", lambda: an_evidence(sha256=None)),
    ("64 hexadecimal", lambda: an_evidence(sha256="ABC")),
    ("inside the evidence folder", lambda: an_evidence(file="../../etc/passwd")),
    ("inside the evidence folder", lambda: an_evidence(file="/etc/passwd")),
    ("inside the evidence folder", lambda: an_evidence(file="..\\secret")),
    ("inside the evidence folder", lambda: an_evidence(file="C:secret")),
    ("waived once", lambda: a_closeout(waivers=(WAIVER, WAIVER))),
    ("needs a reason", lambda: replace(WAIVER, reason="")),
    ("between several members", lambda: a_reconciliation(members=("a", "a"), chosen="a")),
    ("one of the members", lambda: a_reconciliation(chosen="msg-9")),
    ("share from 0 to 1", lambda: a_suggestion(confidence=80)),
    ("precision is unknown", lambda: a_suggestion(occurred_at=START)),
    ("a lock needs a name", lambda: a_lock(name="")),
    ("64 hexadecimal", lambda: a_lock(record_sha256="x")),
    ("its own prior incident", lambda: an_incident(prior_incident_ids=(INCIDENT,))),
    ("does not depend on itself", lambda: an_action(id=ME, dependencies=(ME,))),
    ("needs its key", lambda: Ticket("jira", "")),
    ("lies on no track", lambda: a_source(type=SourceType.MESSAGE)),
    ("needs its event_id", lambda: Source(SourceType.EVENT)),
    ("needs session_id", lambda: a_source(track_id=None)),
]


@pytest.mark.parametrize(("words", "make"), REFUSED, ids=[words for words, _ in REFUSED])
def test_what_cannot_be_is_not_built(words: str, make: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=words):
        make()
