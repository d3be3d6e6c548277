from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.communications import Audience
from app.domain.errors import NotApprovedError
from app.domain.incident import IncidentTrack
from app.domain.rules.checker import check
from app.services.approvals import Approval, Approvals
from app.services.steps import Steps
from tests.builders import INCIDENT, START, a_record, an_incident

if TYPE_CHECKING:
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

TEXT = "Payments failed."
LEAK = "Payments failed on db-prod-01.internal."
PAGE = Audience.STATUS_PAGE


@pytest.fixture
def approvals(store: SqlRecordStore, bus: LocalBus) -> Approvals:
    return Approvals(Steps(store, bus, actor="Marcus", clock=lambda: START))


def test_what_was_approved_is_on_record_with_the_name_and_can_be_undone(
    store: SqlRecordStore, approvals: Approvals, heard: Heard
) -> None:
    approval = Approval(" Elena ")
    approvals.require(store.record(INCIDENT), TEXT, approval)
    approvals.keep(store.record(INCIDENT), PAGE, TEXT, ("ent-1",), approval)
    (kept,) = store.record(INCIDENT).communications
    assert (kept.audience, kept.text, kept.facts_used) == (PAGE, TEXT, ("ent-1",))
    assert (kept.approver, kept.approved_at, kept.leak_waiver) == ("Elena", START, None)
    operation = store.record(INCIDENT).operations[-1]
    assert (operation.by, operation.label) == ("Marcus", "Approve the text for status page")
    assert len(heard) == 1


def test_the_same_text_by_the_same_person_is_kept_once(
    store: SqlRecordStore, approvals: Approvals
) -> None:
    for name in ("Elena", "Elena", "Priya"):
        approvals.keep(store.record(INCIDENT), PAGE, TEXT, (), Approval(name))
    assert sorted(c.approver or "" for c in store.record(INCIDENT).communications) == [
        "Elena", "Priya",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "  "])
def test_a_text_that_nobody_approved_is_refused_and_shown(approvals: Approvals, name: str) -> None:
    with pytest.raises(NotApprovedError, match="nobody has approved it") as refusal:
        approvals.require(a_record(), TEXT, Approval(name))
    assert refusal.value.text == TEXT


def test_a_text_that_gives_something_away_is_refused_until_it_is_waived_by_name(
    store: SqlRecordStore, approvals: Approvals
) -> None:
    with pytest.raises(NotApprovedError, match=r"gives away “db-prod-01\.internal"):
        approvals.require(a_record(), LEAK, Approval("Elena"))
    approval = Approval("Elena", "customers know that name")
    approvals.require(a_record(), LEAK, approval)
    approvals.keep(store.record(INCIDENT), PAGE, LEAK, (), approval)
    (kept,) = store.record(INCIDENT).communications
    assert kept.leak_waiver is not None
    assert (kept.leak_waiver.by, kept.leak_waiver.reason) == ("Elena", "customers know that name")
    assert "R13" not in {finding.rule for finding in check(store.record(INCIDENT), START)}


def test_a_reason_for_what_gives_nothing_away_waives_nothing(
    store: SqlRecordStore, approvals: Approvals
) -> None:
    approvals.keep(store.record(INCIDENT), PAGE, TEXT, (), Approval("Elena", "just in case"))
    assert store.record(INCIDENT).communications[0].leak_waiver is None


def test_nothing_of_the_security_track_leaves_whoever_approves_it(approvals: Approvals) -> None:
    secret = replace(a_record(), incident=an_incident(track=IncidentTrack.SECURITY))
    with pytest.raises(NotApprovedError, match="security track") as refusal:
        approvals.require(secret, TEXT, Approval("Elena", "because"))
    assert refusal.value.text == ""
