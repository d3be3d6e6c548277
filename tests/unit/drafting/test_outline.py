from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.incident import IncidentState
from app.domain.timeline import (
    Anchor,
    EntryKind,
    HypothesisState,
    MitigationResult,
    SourceType,
)
from app.domain.times import Precision
from drafting.outline import outline
from tests.builders import (
    START,
    a_decision,
    a_record,
    a_source,
    an_action,
    an_entry,
    an_incident,
    at,
)
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record

if TYPE_CHECKING:
    from app.domain.record import Record


from tests.unit.drafting.outlined import method, report_of

OPEN, DISPROVED = HypothesisState.OPEN, HypothesisState.DISPROVED


def test_the_same_record_gives_the_same_report() -> None:
    record = the_checkout_record()
    assert outline(record, OPTIONS) == outline(record, OPTIONS)


def test_lines_are_numbered_in_the_timeline_s_order_with_untimed_ones_last() -> None:
    report = report_of(
        an_entry("later", occurred="14:20"),
        an_entry("untimed"),
        an_entry("earlier", occurred="14:02"),
    )
    told = [(row.ref, row.text, row.clock.utc) for row in report.timeline]
    assert told == [
        ("T1", "earlier", "14:02"),
        ("T2", "later", "14:20"),
        ("T3", "untimed", "time not stated"),
    ]


def test_the_incident_s_times_come_from_the_anchors() -> None:
    values = {
        m.label: (m.value, m.basis) for m in outline(the_checkout_record(), OPTIONS).measures
    }
    assert values == {
        "Impact lasted": ("29 min", "14:02 to 14:31"),
        "Time to detect": ("2 min", "14:02 to 14:04"),
        "Time to declare": ("4 min", "14:02 to 14:06"),
        "Time to mitigate": ("24 min", "14:02 to 14:26"),
        "Time to resolve": ("43 min", "14:02 to 14:45"),
    }


def test_a_missing_anchor_is_named_and_nothing_is_guessed() -> None:
    report = report_of(an_entry("alert", occurred="14:04", anchor=Anchor.DETECTION))
    detect = report.measures[1]
    assert (detect.value, detect.basis) == (None, "missing: impact start")
    assert report.ribbon == ()
    assert any("Not recorded: when impact began." in s.text for s in report.summary)


def test_an_anchor_on_a_line_without_a_time_is_named_with_its_line() -> None:
    report = report_of(
        an_entry("impact", occurred="14:02", anchor=Anchor.IMPACT_START),
        an_entry("We are declaring a SEV1", anchor=Anchor.DECLARED),
        an_entry("We are declaring, again", anchor=Anchor.DECLARED),
        an_entry("We roll back", anchor=Anchor.ROLLBACK_OR_FIX),
        an_entry("a guess", kind=EntryKind.HYPOTHESIS, anchor=Anchor.DETECTION),
    )
    cells = {m.label: (m.value, m.basis, m.refs) for m in report.measures}
    assert cells["Time to declare"] == (None, "T2 and T3 have no stated time", ("T2", "T3"))
    assert cells["Time to mitigate"] == (None, "T4 has no stated time", ("T4",))
    assert cells["Time to detect"] == (None, "missing: detection", ())
    told = " ".join(sentence.text for sentence in report.summary)
    assert "when a rollback or fix went in (T4 has no stated time)" in told


def test_a_cell_tells_both_a_missing_anchor_and_a_line_without_a_time() -> None:
    report = report_of(an_entry("We are declaring", anchor=Anchor.DECLARED))
    assert report.measures[2].basis == "missing: impact start; T1 has no stated time"


def test_times_in_the_wrong_order_are_said_to_be_so() -> None:
    report = report_of(
        an_entry("impact", occurred="14:10", anchor=Anchor.IMPACT_START),
        an_entry("alert", occurred="14:04", anchor=Anchor.DETECTION),
    )
    assert report.measures[1].value is None
    assert report.measures[1].basis == "14:04 lies before 14:10"
    assert report.ribbon == ()


def test_a_fix_that_failed_and_an_unconfirmed_hypothesis_are_no_anchors() -> None:
    report = report_of(
        an_entry("impact", occurred="14:00", anchor=Anchor.IMPACT_START),
        an_entry(
            "failed fix",
            occurred="14:30",
            anchor=Anchor.ROLLBACK_OR_FIX,
            mitigation_result=MitigationResult.NO,
        ),
        an_entry("fix", occurred="14:20", anchor=Anchor.ROLLBACK_OR_FIX),
        an_entry(
            "a guess", kind=EntryKind.HYPOTHESIS, occurred="13:00", anchor=Anchor.IMPACT_START
        ),
    )
    assert report.measures[3].value == "20 min"


def test_the_first_detection_and_the_last_recovery_count() -> None:
    report = report_of(
        an_entry("impact", occurred="14:00", anchor=Anchor.IMPACT_START),
        an_entry("second alert", occurred="14:09", anchor=Anchor.DETECTION),
        an_entry("first alert", occurred="14:03", anchor=Anchor.DETECTION),
        an_entry("back", occurred="14:20", anchor=Anchor.RECOVERY_CONFIRMED),
        an_entry("really back", occurred="14:40", anchor=Anchor.RECOVERY_CONFIRMED),
    )
    assert [m.value for m in report.measures[:2]] == ["40 min", "3 min"]


def test_the_ribbon_names_what_lies_between_the_anchors() -> None:
    ticks = outline(the_checkout_record(), OPTIONS).ribbon
    assert [(t.clock, t.offset_s, t.phase) for t in ticks] == [
        ("14:02", 0, "undetected"),
        ("14:04", 120, "response"),
        ("14:06", 240, "response"),
        ("14:26", 1440, "recovery"),
        ("14:31", 1740, "monitoring"),
        ("14:45", 2580, ""),
    ]


def test_the_summary_has_three_to_five_sentences_made_of_the_record() -> None:
    sentences = [s.text for s in outline(the_checkout_record(), OPTIONS).summary]
    assert len(sentences) == 5
    assert "503 errors on checkout since 14:02" in sentences[1]
    assert "29 min after impact began" in sentences[3]
    assert "2 decisions, 3 follow-up actions and 3 hypotheses" in sentences[4]


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "and no hypotheses."),
        ([OPEN], "and 1 hypothesis, which is not confirmed."),
        ([DISPROVED], "and 1 hypothesis, which was ruled out."),
        ([OPEN, OPEN], "and 2 hypotheses, none of them confirmed."),
        ([OPEN, DISPROVED], "and 2 hypotheses, of which 1 is not confirmed."),
        ([OPEN, OPEN, DISPROVED], "and 3 hypotheses, of which 2 are not confirmed."),
        ([DISPROVED, DISPROVED], "and 2 hypotheses, all of them confirmed or ruled out."),
    ],
)
def test_the_summary_counts_hypotheses_as_a_person_would(
    states: list[HypothesisState], words: str
) -> None:
    guesses = [
        an_entry(f"guess {n}", kind=EntryKind.HYPOTHESIS, hypothesis_state=state)
        for n, state in enumerate(states)
    ]
    told = report_of(an_entry("a fact"), *guesses).summary[-1].text
    assert told.endswith(words)


@pytest.mark.parametrize("anchors", [(), (Anchor.IMPACT_START,), (Anchor.DETECTION,)])
def test_the_summary_stays_short_whatever_is_missing(anchors: tuple[Anchor, ...]) -> None:
    entries = [an_entry(a.value, occurred="14:00", anchor=a) for a in anchors]
    report = report_of(*entries, an_entry("something", occurred="14:30"))
    assert 3 <= len(report.summary) <= 5


def test_an_empty_record_says_that_nothing_can_be_summarised() -> None:
    report = report_of(sessions=(), tracks=())
    assert report.timeline == report.sources == report.decisions == report.actions == ()
    assert "no entries yet" in report.summary[1].text
    assert report.date == ""


def test_an_entry_kept_out_of_the_report_is_only_counted() -> None:
    report = report_of(
        an_entry("printed", occurred="14:00"),
        an_entry("private", occurred="14:01", in_report=False, anchor=Anchor.IMPACT_START),
    )
    assert [row.text for row in report.timeline] == ["printed"]
    assert report.measures[0].value is None
    assert method(report)["Entries"].startswith("1 of 2 timeline entries are printed; 1 left out")


def test_a_decision_goes_with_its_entry() -> None:
    entry = an_entry("Secret decision", kind=EntryKind.DECISION, in_report=False)
    action = an_action("Secret action", entry_id=entry.id)
    report = report_of(entry, decisions=(a_decision(entry),), actions=(action,))
    assert report.decisions == report.actions == ()


def test_every_hypothesis_says_what_it_is() -> None:
    rows = {r.text: r for r in outline(the_checkout_record(), OPTIONS).timeline}
    maybe = rows["It might be the connection pool, but that is not confirmed."]
    proven = rows["Confirmed, the connection pool was exhausted."]
    ruled_out = rows["I think the deploy broke the connection pool."]
    assert (maybe.note, maybe.unproven) == ("hypothesis, not confirmed", True)
    assert (proven.note, proven.unproven) == ("hypothesis, confirmed", False)
    assert ruled_out.note == "hypothesis, ruled out 14:52 UTC on 2026-03-12"
    assert ruled_out.ruled_out


def test_a_hypothesis_confirmed_without_evidence_stays_unconfirmed() -> None:
    said = (a_source(),)  # what somebody said makes it an entry, and proves nothing
    entry = an_entry(
        kind=EntryKind.HYPOTHESIS, hypothesis_state=HypothesisState.CONFIRMED, sources=said
    )
    report = report_of(entry)
    assert [h.state for h in report.unconfirmed] == ["called confirmed without evidence"]


def test_an_undone_ruling_gives_no_time() -> None:
    record = the_checkout_record()
    undone = tuple(replace(operation, undone=True) for operation in record.operations)
    report = outline(replace(record, operations=undone), OPTIONS)
    assert [r.note for r in report.timeline if r.ruled_out] == ["hypothesis, ruled out"]


def test_a_mitigation_tells_its_result_once() -> None:
    report = report_of(
        an_entry("a", anchor=Anchor.MITIGATION_ATTEMPT, mitigation_result=MitigationResult.WORSE),
        an_entry("b", mitigation_result=MitigationResult.PARTIAL),
    )
    notes = {row.text: (row.anchor, row.note) for row in report.timeline}
    assert notes == {
        "a": ("mitigation attempt", "made it worse"),
        "b": ("", "mitigation: worked in part"),
    }


def test_the_log_holds_decisions_that_are_lines_and_no_more() -> None:
    report = outline(the_checkout_record(), OPTIONS)
    assert [(d.ref, d.clock.utc, d.who, bool(d.rationale)) for d in report.decisions] == [
        ("D1", "14:20", "incident commander", True),
        ("D2", "14:31", "incident commander", False),
    ]


def test_a_decision_s_time_is_no_finer_than_its_entry_s() -> None:
    entry = an_entry("Roll back", kind=EntryKind.DECISION, occurred="14:20")
    decision = a_decision(entry, at=at("14:20:33"))
    vague = an_entry("Wait", kind=EntryKind.DECISION)
    untimed = a_decision(vague, at=at("14:25:40"))
    report = report_of(entry, vague, decisions=(decision, untimed))
    assert [d.clock.utc for d in report.decisions] == ["14:20", "14:25"]


@pytest.mark.parametrize("state", list(IncidentState))
def test_conclusions_are_provisional_while_the_incident_lasts(state: IncidentState) -> None:
    report = report_of(incident=an_incident(state=state))
    under_way = state in {
        IncidentState.ACTIVE,
        IncidentState.MITIGATED,
        IncidentState.MONITORING,
    }
    assert any("provisional" in caution.text for caution in report.cautions) is under_way


def test_without_impact_start_the_timeline_counts_from_its_first_time() -> None:
    report = report_of(an_entry("a", occurred="14:00"), an_entry("b", occurred="14:07"))
    assert report.delta_from == "the first timed entry"
    assert [row.delta for row in report.timeline] == ["+00:00", "+00:07"]


def test_an_incident_over_midnight_gives_both_days() -> None:
    report = report_of(
        an_entry("a", occurred=at("23:50")), an_entry("b", occurred=at("00:10", day=13))
    )
    assert report.date == "2026-03-12 to 2026-03-13"


def test_a_line_of_another_day_than_the_impact_s_shows_it() -> None:
    entry = an_entry(
        "rolled back", kind=EntryKind.DECISION, occurred=at("00:10", day=13),
        anchor=Anchor.RECOVERY_CONFIRMED,
    )  # fmt: skip
    report = report_of(
        an_entry("deployed", occurred=at("09:00", day=11)),
        an_entry("impact", occurred=at("23:50"), anchor=Anchor.IMPACT_START),
        entry,
        decisions=(a_decision(entry),),
    )
    assert report.main_day == "2026-03-12"
    assert [(row.clock.day, row.clock.dated) for row in report.timeline] == [
        ("2026-03-11", True), ("2026-03-12", False), ("2026-03-13", True),
    ]  # fmt: skip
    assert report.decisions[0].clock.dated
    assert report.measures[0].basis == "2026-03-12 23:50:00 to 2026-03-13 00:10:00"


def test_without_impact_start_the_day_of_most_lines_is_the_main_one() -> None:
    days = (11, 12, 12, 13)
    report = report_of(*(an_entry(occurred=at(f"1{n}:00", day=d)) for n, d in enumerate(days)))
    assert [row.clock.dated for row in report.timeline] == [True, False, False, True]


def test_an_hour_is_not_drawn_on_the_ribbon() -> None:
    report = report_of(
        an_entry("a", occurred="14:00", anchor=Anchor.IMPACT_START, precision=Precision.HOUR),
        an_entry("b", occurred="14:07", anchor=Anchor.DETECTION),
    )
    assert report.ribbon == ()


def test_no_time_is_printed_that_only_the_recording_knows() -> None:
    """The moment something was said is not the moment it happened."""
    record: Record = a_record(an_entry("said", noticed_at=START))
    shown = outline(record, OPTIONS).timeline[0].clock
    assert (shown.utc, shown.day) == ("time not stated", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sources": (a_source(),), "noticed_at": at("14:46:04")}, "said 14:46:04"),
        ({"sources": (a_source(),), "noticed_at": at("09:00:30", day=13)},
         "said 2026-03-13 09:00:30"),
        ({"sources": (a_source(type=SourceType.MARKER),), "noticed_at": at("14:46:04")},
         "marked 14:46:04"),
        ({"noticed_at": at("14:46:04")}, "noticed 14:46:04"),
        ({}, ""),
    ],
)  # fmt: skip
def test_an_untimed_line_tells_when_it_was_only_said(fields: Any, words: str) -> None:
    entry = an_entry("We wait", kind=EntryKind.DECISION, **fields)
    timed = an_entry("impact", occurred="14:02:00")
    report = report_of(timed, entry, decisions=(a_decision(entry),))
    assert [row.clock.said for row in report.timeline] == ["", words]
    assert report.decisions[0].clock.said == words
