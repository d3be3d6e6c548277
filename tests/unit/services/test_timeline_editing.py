from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import EntryId, EvidenceId
from app.domain.mitigations import mitigation_attempts
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult
from app.domain.times import Precision
from app.services.timeline_editing import TimelineEditing
from tests.builders import INCIDENT, a_decision, an_entry, at
from tests.record_builders import an_evidence

if TYPE_CHECKING:
    from app.domain.timeline import TimelineEntry
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

DECISION = an_entry("Roll back", kind=EntryKind.DECISION, occurred="14:20")
GUESS = an_entry("The pool is full", kind=EntryKind.HYPOTHESIS)
ALERT = an_entry("The alert fired", occurred="14:04")
PROOF = an_evidence()


@pytest.fixture
def editing(store: SqlRecordStore, bus: LocalBus) -> TimelineEditing:
    things = (DECISION, GUESS, ALERT, PROOF, a_decision(DECISION))
    changes = [Change(None, thing) for thing in things]
    store.commit(INCIDENT, changes, by="test", label="set up", undoable=False)
    return TimelineEditing(store, bus, actor="Marcus")


def now(store: SqlRecordStore, entry: TimelineEntry) -> TimelineEntry:
    return next(one for one in store.record(INCIDENT).entries if one.id == entry.id)


def test_a_time_is_as_fine_as_it_was_typed_and_the_first_one_is_kept(
    store: SqlRecordStore, editing: TimelineEditing, heard: Heard
) -> None:
    editing.retime(INCIDENT, ALERT.id, "14:03:31")
    editing.retime(INCIDENT, ALERT.id, "14:05")
    entry = now(store, ALERT)
    assert (entry.occurred_at, entry.precision) == (at("14:05"), Precision.MINUTE)
    assert entry.original_time == at("14:04")
    editing.retime(INCIDENT, ALERT.id, "14:05", precision=Precision.APPROX)
    assert now(store, ALERT).precision is Precision.APPROX
    editing.retime(INCIDENT, ALERT.id, "unknown")
    entry = now(store, ALERT)
    assert (entry.occurred_at, entry.original_time) == (None, at("14:04"))
    steps = store.record(INCIDENT).operations[2:]  # after what was set up
    assert [(step.by, step.label) for step in steps] == [("Marcus", "re-time an entry")] * 4
    assert len(heard) == 4


def test_a_time_is_kept_no_finer_than_it_is_said_to_be_known(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.retime(INCIDENT, DECISION.id, "14:02:31", precision=Precision.MINUTE)
    entry = now(store, DECISION)
    assert (entry.occurred_at, entry.precision) == (at("14:02"), Precision.MINUTE)
    assert store.record(INCIDENT).decisions[0].at == at("14:02")
    for typed in ("14:02", "~14:02"):
        with pytest.raises(InvalidRecordError, match="tells no seconds") as told:
            editing.retime(INCIDENT, ALERT.id, typed, precision=Precision.SECOND)
        assert "14:02:31" in told.value.remedy
    editing.retime(INCIDENT, ALERT.id, "14:02:00", precision=Precision.SECOND)
    assert now(store, ALERT).precision is Precision.SECOND


def test_a_time_that_was_unknown_is_of_the_incidents_day(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.retime(INCIDENT, GUESS.id, "14:10")
    entry = now(store, GUESS)
    assert (entry.occurred_at, entry.original_time) == (at("14:10"), None)


def test_a_decision_moves_with_its_line_until_it_has_a_time_of_its_own(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.retime(INCIDENT, DECISION.id, "14:21")
    (decision,) = store.record(INCIDENT).decisions
    assert decision.at == at("14:21")
    own = Change(decision, replace(decision, at=at("14:19")))
    store.commit(INCIDENT, [own], by="Priya", label="correct")
    editing.retime_to(INCIDENT, DECISION.id, at("14:22"), Precision.SECOND)
    assert store.record(INCIDENT).decisions[0].at == at("14:19")


@pytest.mark.parametrize("typed", ["soon", "", "2030-01-01T00:00Z"])
def test_what_is_no_time_is_refused_and_nothing_is_changed(
    store: SqlRecordStore, editing: TimelineEditing, typed: str
) -> None:
    before = store.record(INCIDENT)
    with pytest.raises(InvalidRecordError) as told:
        editing.retime(INCIDENT, ALERT.id, typed)
    assert "unknown" in told.value.remedy
    with pytest.raises(InvalidRecordError, match="unknown"):
        editing.retime(INCIDENT, ALERT.id, "unknown", precision=Precision.MINUTE)
    with pytest.raises(InvalidRecordError, match="unknown"):
        editing.retime_to(INCIDENT, ALERT.id, None, Precision.MINUTE)
    with pytest.raises(NotFoundError, match="no entry"):
        editing.retime(INCIDENT, EntryId("ent-none"), "14:02")
    assert store.record(INCIDENT) == before


def test_what_stands_so_already_is_no_step(
    store: SqlRecordStore, editing: TimelineEditing, heard: Heard
) -> None:
    before = store.record(INCIDENT)
    assert editing.retime(INCIDENT, ALERT.id, "14:04") is None
    assert editing.set_anchor(INCIDENT, ALERT.id, None) is None
    assert editing.reopen(INCIDENT, GUESS.id) is None
    assert store.record(INCIDENT) == before
    assert heard == []


def test_an_anchor_has_evidence_or_says_why_it_has_none(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    because = " the dashboard keeps a day "
    editing.set_anchor(INCIDENT, ALERT.id, Anchor.DETECTION, because=because)
    entry = now(store, ALERT)
    assert (entry.anchor, entry.no_evidence_because) == (Anchor.DETECTION, because.strip())
    editing.set_anchor(INCIDENT, ALERT.id, Anchor.TRIAGE)
    assert now(store, ALERT).no_evidence_because == because.strip()
    editing.set_anchor(INCIDENT, ALERT.id, Anchor.TRIAGE, because="")
    assert now(store, ALERT).no_evidence_because is None
    editing.set_anchor(INCIDENT, ALERT.id, None)
    assert now(store, ALERT) == ALERT
    with pytest.raises(InvalidRecordError, match="only an anchor"):
        editing.set_anchor(INCIDENT, ALERT.id, None, because="x")
    proven = Change(ALERT, replace(ALERT, evidence=(PROOF.id,)))
    store.commit(INCIDENT, [proven], by="x", label="attach")
    with pytest.raises(InvalidRecordError, match="has evidence"):
        editing.set_anchor(INCIDENT, ALERT.id, Anchor.DETECTION, because="x")


def test_a_hypothesis_is_confirmed_by_evidence_alone(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    with pytest.raises(InvalidRecordError, match="confirmed by evidence"):
        editing.confirm(INCIDENT, GUESS.id)
    with pytest.raises(NotFoundError, match="no evidence"):
        editing.confirm(INCIDENT, GUESS.id, [EvidenceId("evi-none")])
    assert now(store, GUESS) == GUESS
    editing.confirm(INCIDENT, GUESS.id, [PROOF.id])
    entry = now(store, GUESS)
    assert (entry.hypothesis_state, entry.evidence) == (HypothesisState.CONFIRMED, (PROOF.id,))
    assert entry.is_confirmed
    editing.reopen(INCIDENT, GUESS.id)
    assert now(store, GUESS).evidence == (PROOF.id,)
    assert editing.confirm(INCIDENT, GUESS.id) is not None


def test_a_hypothesis_is_ruled_out_without_more_and_stays(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.disprove(INCIDENT, GUESS.id)
    assert now(store, GUESS).hypothesis_state is HypothesisState.DISPROVED
    assert now(store, GUESS).settled_at is None, "nobody said when: the history does"
    with pytest.raises(InvalidRecordError, match="it is a fact"):
        editing.disprove(INCIDENT, ALERT.id)


def test_when_a_hypothesis_was_ruled_out_can_be_told_afterwards(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.disprove(INCIDENT, GUESS.id, at="14:40")
    assert now(store, GUESS).settled_at == at("14:40")
    editing.reopen(INCIDENT, GUESS.id)
    assert now(store, GUESS).settled_at is None
    with pytest.raises(InvalidRecordError, match="time"):
        editing.disprove(INCIDENT, GUESS.id, at="soon")
    assert now(store, GUESS).hypothesis_state is HypothesisState.OPEN


def test_attempts_are_told_in_order_with_what_they_led_to(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.set_anchor(INCIDENT, DECISION.id, Anchor.ROLLBACK_OR_FIX)
    editing.set_result(INCIDENT, DECISION.id, MitigationResult.WORKED)
    with pytest.raises(InvalidRecordError, match="no mitigation"):
        editing.set_result(INCIDENT, ALERT.id, MitigationResult.WORSE)
    editing.set_anchor(INCIDENT, ALERT.id, Anchor.MITIGATION_ATTEMPT)
    editing.set_result(INCIDENT, ALERT.id, MitigationResult.WORSE)
    told = [(e.text, e.mitigation_result) for e in mitigation_attempts(_entries(store))]
    assert told == [("The alert fired", "worse"), ("Roll back", "worked")]
    editing.set_result(INCIDENT, ALERT.id, None)
    editing.set_anchor(INCIDENT, ALERT.id, Anchor.DETECTION)
    assert [e.text for e in mitigation_attempts(_entries(store))] == ["Roll back"]
    for entry in (ALERT, GUESS):
        with pytest.raises(InvalidRecordError, match="no mitigation"):
            editing.set_result(INCIDENT, entry.id, MitigationResult.NO)


def test_the_other_columns_are_set_and_taken_back(
    store: SqlRecordStore, editing: TimelineEditing
) -> None:
    editing.set_role(INCIDENT, ALERT.id, " scribe ")
    editing.set_customer_visible(INCIDENT, ALERT.id, visible=True)
    editing.set_in_report(INCIDENT, ALERT.id, in_report=False)
    entry = now(store, ALERT)
    assert (entry.owner_role, entry.customer_visible, entry.in_report) == ("scribe", True, False)
    editing.set_role(INCIDENT, ALERT.id, "")
    editing.set_customer_visible(INCIDENT, ALERT.id, visible=None)
    editing.set_in_report(INCIDENT, ALERT.id, in_report=True)
    assert now(store, ALERT) == ALERT


def _entries(store: SqlRecordStore) -> tuple[TimelineEntry, ...]:
    return store.record(INCIDENT).entries
