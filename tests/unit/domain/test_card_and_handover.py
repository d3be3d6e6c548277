"""The late-joiner card and the checkpoint of a handover."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.cadence import cadence_clock
from app.domain.card import card_text, late_joiner_card
from app.domain.handover import CheckpointWords, filled_checkpoint
from app.domain.ids import CheckpointId, EntryId, EvidenceId
from app.domain.incident import NextCheckpoint
from app.domain.rules.findings import DEFAULT_CADENCE
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult
from app.domain.times import Precision
from tests.builders import a_decision, a_record, an_action, an_entry, an_incident, at
from tests.record_builders import a_role, a_scope, a_status_update, an_impact

if TYPE_CHECKING:
    from app.domain.card import LateJoinerCard
    from app.domain.communications import Checkpoint
    from app.domain.record import Record

NOW = at("14:20")


def a_running_record() -> Record:
    began = an_entry("503s", occurred="14:02", anchor=Anchor.IMPACT_START)
    guess = an_entry(
        "The pool is full",
        kind=EntryKind.HYPOTHESIS,
        occurred="14:05",
        hypothesis_state=HypothesisState.OPEN,
    )
    wrong = an_entry(
        "DNS fails",
        kind=EntryKind.HYPOTHESIS,
        occurred="14:04",
        hypothesis_state=HypothesisState.DISPROVED,
    )
    decided = an_entry("Roll back", kind=EntryKind.DECISION, occurred="14:08")
    trying = an_entry(
        "Rollback started",
        kind=EntryKind.ACTION,
        occurred="14:10",
        anchor=Anchor.MITIGATION_ATTEMPT,
    )
    failed = replace(
        an_entry("Restarted", kind=EntryKind.ACTION, occurred="14:06"),
        anchor=Anchor.MITIGATION_ATTEMPT,
        mitigation_result=MitigationResult.NO,
    )
    return a_record(
        began,
        guess,
        wrong,
        decided,
        trying,
        failed,
        incident=an_incident(
            severity="SEV1",
            current_risk="the queue may fill",
            next_checkpoint=NextCheckpoint(at("15:00"), "Priya"),
        ),
        decisions=(a_decision(decided, who="incident commander"),),
        actions=(an_action("Page the DBA", owner="Tom"), an_action("Rb", entry_id=trying.id)),
        roles=(a_role(), a_role("scribe", None, not_needed=True)),
        status_updates=(
            a_status_update(at=at("14:12"), impact="EU checkout", next_update_at=at("14:30")),
        ),
    )


def card(record: Record) -> LateJoinerCard:
    return late_joiner_card(record, cadence_clock(record, DEFAULT_CADENCE), now=NOW)


def checkpoint(
    record: Record, to: str = "Priya", words: CheckpointWords | None = None
) -> Checkpoint:
    return filled_checkpoint(
        record,
        cadence_clock(record, DEFAULT_CADENCE),
        checkpoint_id=CheckpointId("chk-1"),
        now=NOW,
        to=to,
        role="IC",
        words=words,
    )


def test_the_card_tells_where_it_stands_and_a_guess_as_a_guess() -> None:
    assert card_text(card(a_running_record())) == (
        "SEV1 · active · Checkout errors\n"
        "As of        2026-03-12 14:20 UTC\n"
        "Since        14:02 UTC\n"
        "Impact       EU checkout\n"
        "Hypothesis   Hypothesis, not confirmed: The pool is full\n"
        "Decisions    14:08 UTC Roll back (incident commander)\n"
        "In flight    Rollback started (no result yet since 14:10 UTC)\n"
        "             Page the DBA (Tom)\n"
        "Roles        incident commander: Marcus\n"
        "             nobody: operations, communications\n"
        "Next update  14:30 UTC (in 10 min)\n"
        "Risk         the queue may fill\n"
    )


def test_a_hypothesis_that_was_called_confirmed_without_evidence_is_no_confirmed_one() -> None:
    confirmed = HypothesisState.CONFIRMED
    bare = an_entry("It was the deploy", kind=EntryKind.HYPOTHESIS, hypothesis_state=confirmed)
    proven = replace(bare, id=EntryId("ent-proven"), evidence=(EvidenceId("evi-1"),))

    assert "evidence: It was the deploy" in card_text(card(a_record(bare)))
    assert "Confirmed: It was the deploy" in card_text(card(a_record(proven)))


def test_an_empty_record_gives_a_card_that_says_so() -> None:
    text = card_text(card(a_record()))
    assert "time not stated" in text
    assert "Hypothesis   none yet" in text
    assert "nobody: incident commander, operations, communications, scribe" in text
    assert "none is due" in text


def test_times_on_the_card_are_no_finer_than_they_are_known() -> None:
    record = a_running_record()
    about = replace(record.entries[0], precision=Precision.APPROX)
    assert "Since        ≈ 14:02 UTC" in card_text(
        card(replace(record, entries=(about, *record.entries[1:])))
    )
    earlier = replace(record.entries[0], occurred_at=at("23:50", day=11))
    text = card_text(card(replace(record, entries=(earlier, *record.entries[1:]))))
    assert "Since        2026-03-11 23:50 UTC" in text


def test_an_update_that_is_overdue_is_told_so() -> None:
    late = replace(card(a_running_record()), at=at("14:33"))
    overdue = late_joiner_card(
        a_running_record(), cadence_clock(a_running_record(), DEFAULT_CADENCE), now=late.at
    )
    assert "14:30 UTC (overdue by 3 min)" in card_text(overdue)


def test_the_card_of_a_long_incident_fits_on_one_screen() -> None:
    long = "a very long sentence\nover two lines " * 20
    guesses = [
        an_entry(long, kind=EntryKind.HYPOTHESIS, hypothesis_state=HypothesisState.OPEN)
        for _ in range(30)
    ]
    decided = [an_entry(long, kind=EntryKind.DECISION, occurred="14:08") for _ in range(30)]
    record = a_record(
        *guesses,
        *decided,
        incident=an_incident(title=long, current_risk=long),
        decisions=tuple(a_decision(entry) for entry in decided),
        actions=tuple(an_action(long) for _ in range(30)),
        roles=tuple(a_role(f"role {n}", long) for n in range(30)),
        status_updates=(a_status_update(impact=long),),
    )
    lines = card_text(card(record)).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 96
    assert sum("and 27 more" in line for line in lines) == 2


def test_the_impact_is_the_one_last_told_else_measured_else_of_the_scope() -> None:
    measured = a_record(impact=an_impact())
    assert card(measured).impact == "checkout; customers: unknown; 12 % (measured)"
    assert card(a_record(scope=a_scope())).impact == "EU tenants"
    assert card(a_record(scope=a_scope(users="unknown"))).impact is None


def test_a_checkpoint_is_filled_in_from_the_record() -> None:
    made = checkpoint(a_running_record())
    assert (made.from_, made.to, made.role) == ("Marcus", "Priya", "incident commander")
    assert made.state == "active, SEV1; risk: the queue may fill"
    assert made.hypothesis == "Hypothesis, not confirmed: The pool is full"
    assert made.customer_impact == "EU checkout"
    assert made.in_flight == (
        "Rollback started (no result yet since 14:10 UTC)",
        "Page the DBA (Tom)",
    )
    assert made.decision_point == "14:08 UTC Roll back (incident commander)"
    assert made.comms_cadence == "every 30 min, next at 14:30 UTC"
    assert made.next_decision_point == "15:00 UTC, Priya"
    assert made.acknowledged_at is None


def test_what_nobody_recorded_stays_out_of_a_checkpoint() -> None:
    made = checkpoint(a_record())
    assert made.state == "active, no severity"
    assert (made.from_, made.hypothesis, made.customer_impact, made.decision_point) == (None,) * 4
    assert (made.in_flight, made.comms_cadence, made.next_decision_point) == ((), None, None)


def test_a_person_has_the_last_word_on_every_field_of_a_checkpoint() -> None:
    own = CheckpointWords("s", "h", "i", ("f",), "d", "c", "n")
    made = checkpoint(a_running_record(), words=own)
    assert (
        made.state,
        made.hypothesis,
        made.customer_impact,
        made.in_flight,
        made.decision_point,
        made.comms_cadence,
        made.next_decision_point,
    ) == ("s", "h", "i", ("f",), "d", "c", "n")
    cleared = checkpoint(a_running_record(), words=CheckpointWords(hypothesis="", in_flight=()))
    assert (cleared.hypothesis, cleared.in_flight) == (None, ())


def test_a_checkpoint_comes_from_who_held_the_role_before() -> None:
    before = a_role("IC", "Ada", from_=at("13:00"), to=at("14:00"))
    now = a_role("IC", "Priya", from_=at("14:00"))
    assert checkpoint(a_record(roles=(before, now))).from_ == "Ada"
    assert checkpoint(a_record(roles=(before, now)), to="Tom").from_ == "Priya"
