from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actions import ActionStatus
from app.domain.incident import IncidentState
from app.domain.record import Change
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.timeline import (
    Anchor,
    EntryKind,
    HypothesisState,
    MitigationResult,
    SourceType,
    TimelineEntry,
)
from app.domain.times import Precision
from app.domain.transcript import RecognitionPass, SegmentFlag
from drafting.outline import outline
from drafting.report import Report
from tests.builders import (
    ROOM,
    START,
    a_decision,
    a_due_date,
    a_gap,
    a_record,
    a_segment,
    a_session,
    a_source,
    a_speaker,
    a_track,
    an_action,
    an_entry,
    an_incident,
    an_operation,
    at,
)
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record

if TYPE_CHECKING:
    from app.domain.record import Record


def report_of(*entries: TimelineEntry, **parts: Any) -> Report:
    return outline(a_record(*entries, **parts), OPTIONS)


def method(report: Report) -> dict[str, str]:
    return dict(report.method.points)


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


def flagged(text: str = "Thanks for watching", **changes: Any) -> Any:
    changes = {"start_ms": 5_000, "end_ms": 6_000, "flag": SegmentFlag.SILENCE_SUSPECT} | changes
    return a_segment(text, **changes)


def test_a_statement_that_rests_on_flagged_transcript_does_not_enter() -> None:
    segment = flagged()
    entry = an_entry("Thanks for watching", sources=(a_source(segment),))
    action = an_action("Thanks for watching", sources=(a_source(segment),))
    report = report_of(entry, segments=(segment,), actions=(action,))
    assert report.timeline == report.actions == report.sources == ()
    assert any("Left out because of flagged transcript: 2" in c.text for c in report.cautions)


def test_flagged_words_are_withheld_where_other_words_carry_the_entry() -> None:
    good, bad = a_segment("The rollback started"), flagged()
    entry = an_entry("The rollback started", sources=(a_source(good), a_source(bad)))
    report = report_of(entry, segments=(good, bad))
    assert [(s.quote, s.withheld) for s in report.sources] == [
        ("The rollback started", False),
        ("", True),
    ]


def test_flagged_words_do_not_slip_in_through_the_entry_s_own_text() -> None:
    good, bad = a_segment("The rollback started"), flagged()
    text = "The rollback started. Thanks, for watching!"
    report = report_of(
        an_entry(text, sources=(a_source(good), a_source(bad))), segments=(good, bad)
    )
    assert report.timeline == ()


def test_flagged_words_are_found_where_a_source_names_no_segment() -> None:
    bad = flagged()
    source = a_source(bad, segment_ids=())
    report = report_of(an_entry("Thanks for watching", sources=(source,)), segments=(bad,))
    assert report.timeline == ()


def of_an_earlier_pass(quote: str, **changes: Any) -> Any:
    """Return a source whose segment a later pass has replaced."""
    return a_source(flagged(quote), **changes)


def test_words_that_a_later_pass_flags_again_do_not_enter() -> None:
    source = of_an_earlier_pass("Thanks for watching")
    entry = an_entry("Thanks for watching", sources=(source,))
    report = report_of(
        entry,
        segments=(flagged("thanks for watching!"),),
        actions=(an_action("Thanks for watching", sources=(source,)),),
    )
    assert report.timeline == report.actions == report.sources == ()
    assert any("Left out because of flagged transcript: 2" in c.text for c in report.cautions)


@pytest.mark.parametrize(
    ("quote", "texts"),
    [
        ("for watching", ["Thanks for watching"]),
        ("Thanks for watching, bye", ["Thanks for watching", "Bye."]),
        ("for watching, bye", ["Thanks for watching", "bye, all"]),
    ],
)
def test_flagged_words_are_found_however_a_later_pass_cuts_them(
    quote: str, texts: list[str]
) -> None:
    again = tuple(
        flagged(text, start_ms=5_000 + 300 * n, end_ms=5_300 + 300 * n)
        for n, text in enumerate(texts)
    )
    report = report_of(an_entry(quote, sources=(of_an_earlier_pass(quote),)), segments=again)
    assert report.timeline == ()


def test_the_flagged_part_of_a_quote_is_found_beside_words_that_stand() -> None:
    quote = "We roll back. Thanks for watching."
    now = (a_segment("We roll back.", 5_000, 5_400), flagged(start_ms=5_400))
    report = report_of(an_entry(quote, sources=(of_an_earlier_pass(quote),)), segments=now)
    assert report.timeline == ()


@pytest.mark.parametrize(
    "now",
    [
        (a_segment("The rollback started", 5_000, 6_000),),
        (a_segment("The rollback started", 5_000, 5_900), flagged("started", start_ms=5_900)),
        (flagged("Thanks for watching"),),
        (flagged("The rollback started", start_ms=6_000, end_ms=7_000),),
        (flagged("The rollback started", track_id=ROOM),),
        (flagged("The rollback started", original_text="Thanks for watching"),),
        (),
    ],
    ids=["heard", "a flagged echo", "other words", "later", "another track", "edited", "nothing"],
)
def test_a_quote_stands_when_no_flagged_words_repeat_it(now: tuple[Any, ...]) -> None:
    source = of_an_earlier_pass("The rollback started")
    report = report_of(an_entry("The rollback started", sources=(source,)), segments=now)
    assert [s.quote for s in report.sources] == ["The rollback started"]


def test_words_that_a_person_rewrote_stand_in_spite_of_the_flag() -> None:
    segment = flagged("The rollback started", original_text="Thanks for watching")
    report = report_of(
        an_entry("The rollback started", sources=(a_source(segment),)), segments=(segment,)
    )
    assert report.sources[0].quote == "The rollback started"


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
    entry = an_entry(kind=EntryKind.HYPOTHESIS, hypothesis_state=HypothesisState.CONFIRMED)
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


def test_top_actions_go_by_priority_then_date_and_leave_out_what_is_settled() -> None:
    actions = (
        an_action("no priority"),
        an_action("done", priority="P0", status=ActionStatus.VERIFIED),
        an_action("low", priority="low"),
        an_action("second", priority="P1"),
        an_action("dropped", status=ActionStatus.WONT_DO, wont_do_reason="superseded"),
        an_action("first", priority="P1", due=a_due_date()),
    )
    report = report_of(actions=actions)
    assert [a.text for a in report.top_actions] == ["first", "second", "low"]
    assert report.top_actions_by == "By priority, then due date, then number."
    statuses = {action.text: action.status for action in report.actions}
    assert statuses["dropped"] == "will not be done: superseded"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "By number: neither priority nor due date is recorded."),
        ({"priority": "P1"}, "By priority, then number."),
        ({"due": a_due_date()}, "By due date, then number."),
        ({"status": ActionStatus.VERIFIED, "priority": "P0"}, ""),
    ],
)
def test_the_top_actions_tell_by_what_they_were_chosen(fields: Any, words: str) -> None:
    assert report_of(actions=(an_action(**fields),)).top_actions_by == words


def with_other_ids(things: tuple[Any, ...], order: list[int]) -> tuple[Any, ...]:
    """Return the things under other random ids, sorted by them as the database does."""
    renamed = [
        replace(thing, id=f"{place:03d}") for thing, place in zip(things, order, strict=True)
    ]
    return tuple(sorted(renamed, key=lambda thing: thing.id))


@given(st.permutations(range(4)))
def test_numbers_follow_what_was_said_first_whatever_the_ids_are(order: list[int]) -> None:
    said = [a_source(a_segment(f"words {n}", n * 1_000, n * 1_000 + 900)) for n in range(4)]
    late, early = (
        an_entry(text, kind=EntryKind.DECISION, occurred=clock)
        for text, clock in (("late", "14:20"), ("early", "14:02"))
    )
    decisions = with_other_ids(
        (
            a_decision(early, decision="early, said first", sources=(said[0],)),
            a_decision(early, decision="early, said second", sources=(said[1],)),
            a_decision(late, decision="late, said first", sources=(said[2],)),
            a_decision(late, decision="late, said second", sources=(said[3],)),
        ),
        order,
    )
    actions = with_other_ids(
        (
            an_action("of the early line", entry_id=early.id, sources=(said[3],)),
            an_action("of the late line", entry_id=late.id, sources=(said[0],)),
            an_action("of no line, said first", sources=(said[1],)),
            an_action("of no line, said second", sources=(said[2],)),
        ),
        order,
    )
    report = report_of(late, early, decisions=decisions, actions=actions)
    assert [d.decision for d in report.decisions] == [
        "early, said first", "early, said second", "late, said first", "late, said second",
    ]  # fmt: skip
    assert [a.text for a in report.actions] == [
        "of the early line", "of the late line", "of no line, said first",
        "of no line, said second",
    ]  # fmt: skip
    assert [a.ref for a in report.top_actions] == ["A1", "A2", "A3"]


@given(st.permutations(range(3)))
def test_lines_of_one_moment_stand_as_they_were_said(order: list[int]) -> None:
    entries = tuple(
        an_entry(
            f"line {n}",
            occurred="14:02",
            sources=(a_source(a_segment(f"line {n}", n * 1_000, n * 1_000 + 900)),),
        )
        for n in range(3)
    )
    report = report_of(*with_other_ids(entries, order))
    assert [row.text for row in report.timeline] == ["line 0", "line 1", "line 2"]


@given(st.permutations(range(3)))
def test_actions_without_words_stand_as_they_were_entered(order: list[int]) -> None:
    actions = with_other_ids(tuple(an_action(text) for text in ("c", "b", "a")), order)
    entered = {action.text: action for action in actions}
    operations = tuple(
        an_operation(Change(None, entered[text]), at=at(f"14:5{n}"))
        for n, text in enumerate(("c", "b", "a"))
    )
    report = report_of(actions=actions, operations=operations)
    assert [action.text for action in report.actions] == ["c", "b", "a"]


def test_a_source_tells_track_stretch_clock_speaker_and_who_cites_it() -> None:
    report = outline(the_checkout_record(), OPTIONS)
    line = next(row for row in report.timeline if row.text == "The rollback started at 14:21.")
    source = next(s for s in report.sources if s.ref == line.sources[0])
    assert source.track == TrackLabel.BRIDGE.value
    assert (source.span, source.clock) == ("0:01:17.0–0:01:19.8", "14:47:17 UTC")  # noqa: RUF001
    assert source.speaker == "operations lead (Tom)"
    assert source.quote == "The rollback started at 14:21."
    assert source.cited_by == (line.ref,)


def test_the_same_words_are_one_source_however_often_they_are_cited() -> None:
    source = a_source()
    report = report_of(
        an_entry("a", occurred="14:00", sources=(source,)),
        an_entry("b", occurred="14:01", sources=(source, source)),
        actions=(an_action("c", sources=(source,)),),
    )
    assert [s.cited_by for s in report.sources] == [("T1", "T2", "A1")]
    assert report.actions[0].sources == ("S1",)


def test_a_voice_nobody_confirmed_is_shown_as_such() -> None:
    speaker = a_speaker("SPEAKER_03")
    segment = a_segment(speaker_id=speaker.id)
    report = report_of(
        an_entry(sources=(a_source(segment),)), segments=(segment,), speakers=(speaker,)
    )
    assert report.sources[0].speaker == "SPEAKER_03, not confirmed"
    assert method(report)["Voices"] == "Labelled by track: nobody has confirmed a voice."


def test_a_later_pass_still_tells_who_spoke() -> None:
    speaker = a_speaker(name="Tom", confirmed=True)
    old, new = a_segment(), a_segment(speaker_id=speaker.id)
    report = report_of(an_entry(sources=(a_source(old),)), segments=(new,), speakers=(speaker,))
    assert report.sources[0].speaker == "Tom"


def test_a_marker_without_words_is_cited_by_its_place() -> None:
    source = a_source(type=SourceType.MARKER, quote="", segment_ids=())
    report = report_of(an_entry(sources=(source,)))
    assert report.sources[0].quote == ""
    assert not report.sources[0].withheld


def test_the_method_note_counts_passes_edits_flags_and_gaps() -> None:
    report = outline(the_checkout_record(), OPTIONS)
    notes = method(report)
    assert (
        "41 segments recognised: 41 by the final pass, 0 by the live pass" in notes["Transcript"]
    )
    assert "1 flagged (1 silence suspect)" in notes["Transcript"]
    assert notes["Edited by people"].startswith("1 of 41 segments")
    assert notes["Voices"] == "4 of 5 voices confirmed by a person."
    bridge = next(row for row in report.method.recordings if row.track == "bridge")
    assert bridge.gaps == ("0:00:12.0–0:00:15.0 device lost",)  # noqa: RUF001


def test_many_gaps_are_summed_up() -> None:
    gaps = tuple(a_gap(start_ms=n * 10_000, end_ms=n * 10_000 + 1_000) for n in range(20))
    report = report_of(sessions=(a_session(gaps=gaps),))
    bridge = next(row for row in report.method.recordings if row.track == "bridge")
    assert len(bridge.gaps) == 9
    assert bridge.gaps[-1] == "12 more, together 0:00:12.0"


def test_a_recording_that_goes_on_has_no_length() -> None:
    session = a_session(kind=SessionKind.ROOM)
    report = report_of(sessions=(session,), tracks=(a_track(duration_ms=None),))
    assert report.method.recordings[0].length == "not ended"


def test_live_segments_are_counted_as_such() -> None:
    report = report_of(segments=(a_segment(made_in=RecognitionPass.LIVE),))
    assert "0 by the final pass, 1 by the live pass" in method(report)["Transcript"]


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
