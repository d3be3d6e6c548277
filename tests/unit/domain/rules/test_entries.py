from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.analysis import FactorStatus
from app.domain.ids import EvidenceId
from app.domain.incident import IncidentState
from app.domain.timeline import Anchor, EntryKind, HypothesisState, Source, SourceType
from tests.builders import a_record, an_entry, an_incident
from tests.record_builders import a_communication, a_factor, an_event
from tests.unit.domain.rules.records import PROOF, a_final_record, a_proven, found

GUESS = an_entry("The pool is full", kind=EntryKind.HYPOTHESIS)
CONFIRMED = replace(GUESS, hypothesis_state=HypothesisState.CONFIRMED)


def test_r02_asks_evidence_of_a_confirmed_hypothesis() -> None:
    (finding,) = found("R02", a_record(CONFIRMED))
    assert (finding.place.id, finding.place.field) == (CONFIRMED.id, "evidence")

    proven = replace(CONFIRMED, evidence=(PROOF.id,))
    assert found("R02", a_record(proven, evidence=(PROOF,))) == []
    event = an_event()
    reported = replace(CONFIRMED, sources=(Source(SourceType.EVENT, event_id=event.id),))
    assert len(found("R02", a_record(reported, events=(event,)))) == 1
    gone = replace(CONFIRMED, evidence=(EvidenceId("evi-gone"),))
    assert found("R02", a_record(gone, evidence=(PROOF,))) != []


@pytest.mark.parametrize("state", [HypothesisState.OPEN, HypothesisState.DISPROVED])
def test_r02_lets_a_hypothesis_be_one(state: HypothesisState) -> None:
    assert found("R02", a_record(replace(GUESS, hypothesis_state=state))) == []


@pytest.mark.parametrize("state", [HypothesisState.OPEN, HypothesisState.DISPROVED])
def test_r02_refuses_a_confirmed_factor_that_rests_on_a_guess(state: HypothesisState) -> None:
    guess = replace(GUESS, hypothesis_state=state)
    factor = a_factor(entries=(guess.id,), status=FactorStatus.CONFIRMED)
    (finding,) = found("R02", a_record(guess, factors=(factor,)))
    assert finding.place.id == factor.id
    assert state.value in finding.message

    candidate = replace(factor, status=FactorStatus.CANDIDATE)
    assert found("R02", a_record(guess, factors=(candidate,))) == []
    proven = replace(factor, evidence=(PROOF.id,))
    assert found("R02", a_record(guess, factors=(proven,), evidence=(PROOF,))) == []


def test_r02_refuses_a_guess_told_to_others_as_a_fact() -> None:
    text = a_communication(facts_used=(GUESS.id,))
    assert len(found("R02", a_record(GUESS, communications=(text,)))) == 1
    fact = an_entry("The pool is full")
    told = a_communication(facts_used=(fact.id,))
    assert found("R02", a_record(fact, communications=(told,))) == []


def test_r03_asks_an_anchor_for_evidence_or_a_reason() -> None:
    bare = a_proven("The alert fired", "14:04", Anchor.DETECTION, evidence=())
    (finding,) = found("R03", a_record(bare))
    assert "detection" in finding.message
    excused = replace(bare, no_evidence_because="the dashboard keeps a day only")
    blank = replace(bare, no_evidence_because="  ")
    assert found("R03", a_record(excused)) == []
    assert found("R03", a_record(blank)) != []
    assert found("R03", a_record(an_entry("no anchor", occurred="14:04"))) == []


def test_r21_names_each_milestone_that_is_not_told() -> None:
    record = a_final_record()
    assert found("R21", record) == []
    for entry, words in [
        (record.entries[1], "detection"),
        (record.entries[2], "triage"),
        (record.entries[3], "key decisions"),
        (record.entries[4], "mitigation"),
        (record.entries[5], "communication"),
    ]:
        rest = tuple(one for one in record.entries if one is not entry)
        (finding,) = found("R21", replace(record, entries=rest))
        assert finding.message == f"The timeline does not tell {words}."


def test_r21_takes_recovery_or_the_end_for_the_resolution_and_an_explicit_none() -> None:
    record = a_final_record()
    ends = (Anchor.RECOVERY_CONFIRMED, Anchor.MONITORING_COMPLETE)
    rest = tuple(e for e in record.entries if e.anchor not in ends)
    assert "resolution" in found("R21", replace(record, entries=rest))[0].message
    for anchor in ends:
        none = an_entry("None, because it healed by itself", anchor=anchor)
        assert found("R21", replace(record, entries=(*rest, none))) == []


def test_r22_warns_of_a_recovery_without_a_signal_that_users_see() -> None:
    record = a_final_record()
    assert found("R22", record) == []
    recovery = next(e for e in record.entries if e.anchor is Anchor.RECOVERY_CONFIRMED)
    for worse in (
        replace(recovery, customer_visible=None),
        replace(recovery, evidence=()),
    ):
        entries = tuple(worse if e is recovery else e for e in record.entries)
        (finding,) = found("R22", replace(record, entries=entries))
        assert finding.place.id == recovery.id


def test_r22_warns_of_no_recovery_only_once_it_is_over() -> None:
    resolved = a_record(incident=an_incident(state=IncidentState.RESOLVED))
    assert len(found("R22", resolved)) == 1
    assert found("R22", a_record()) == []
