"""What the report says of how people worked: updates, handovers, roles, close-out, review."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.imported import Point
from app.domain.incident import SeverityChange
from app.domain.timeline import Anchor, EntryKind
from app.domain.times import clock_text
from drafting.metric_charts import MOST_POINTS
from drafting.outline import outline
from drafting.report_charts import Bar
from drafting.time_axis import MOST_TICKS, axis_of
from tests.builders import (
    START,
    a_record,
    a_segment,
    a_speaker,
    an_action,
    an_entry,
    an_incident,
    at,
)
from tests.record_builders import a_checkpoint, a_closeout, a_role, a_series, a_status_update
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.outlined import report_of
from tests.unit.drafting.whole import the_whole_record

REPORT = outline(the_whole_record(), OPTIONS)


def test_an_update_that_came_late_says_by_how_much() -> None:
    first, last = REPORT.conduct.updates
    assert (first.late, first.promised) == ("", "next by 2026-03-12 14:40 UTC")
    assert (last.late, last.promised) == ("12 min late", "closing update")


def test_the_cadence_is_the_rubric_s() -> None:
    report = outline(the_whole_record(), replace(OPTIONS, cadence={"SEV1": 60}))
    assert [row.late for row in report.conduct.updates] == ["", ""]


def test_the_strip_shows_what_was_due_sent_and_late_on_one_scale() -> None:
    strip = REPORT.conduct.cadence
    assert strip is not None
    minute = 60.0
    assert strip.axis.length_s == 42 * minute
    assert [mark.offset_s for mark in strip.sent] == [0, 42 * minute]
    assert [mark.offset_s for mark in strip.due] == [30 * minute]
    assert strip.late == (Bar(30 * minute, 42 * minute, "12 min late"),)


def test_a_single_update_makes_no_strip() -> None:
    assert report_of(status_updates=(a_status_update(),)).conduct.cadence is None


def test_a_handover_tells_what_was_known_and_that_nobody_acknowledged_it() -> None:
    (row,) = REPORT.conduct.checkpoints
    assert row.words == (("state", "active, SEV1"), ("in flight", "rollback"))
    assert (row.handover, row.acknowledged) == (
        "IC: Marcus → Priya", "Priya, 2026-03-12 14:20 UTC",
    )  # fmt: skip
    (open_one,) = report_of(checkpoints=(a_checkpoint(),)).conduct.checkpoints
    assert open_one.acknowledged == ""


def test_roles_are_lanes_and_one_that_is_still_held_has_an_open_end() -> None:
    chart = REPORT.conduct.lanes
    assert chart is not None
    (lane,) = chart.lanes
    assert [(bar.words, bar.open_end) for bar in lane.bars] == [("Marcus", False), ("Priya", True)]
    assert lane.bars[0].end_s == lane.bars[1].start_s == chart.marks[0].offset_s
    assert lane.bars[1].end_s == chart.axis.length_s


def test_a_role_without_a_time_is_not_drawn() -> None:
    assert report_of(roles=(a_role(from_=None),)).conduct.lanes is None


def test_talk_time_goes_by_role_and_leaves_out_what_loudspeakers_repeat() -> None:
    priya = a_speaker(name="Priya", role="incident commander", confirmed=True)
    tom = a_speaker("SPEAKER_01", name="Tom", confirmed=True)
    said = (
        a_segment("a", 0, 3_000, speaker_id=priya.id),
        a_segment("b", 3_000, 4_000, speaker_id=tom.id),
        a_segment("a", 5_000, 9_000, speaker_id=tom.id, bleed=True),
    )
    rows = report_of(speakers=(priya, tom), segments=said).conduct.talk
    assert [(row.who, row.share) for row in rows] == [
        ("incident commander", 0.75), ("voices without a role", 0.25),
    ]  # fmt: skip


def test_talk_time_of_merged_voices_counts_as_the_one_they_are() -> None:
    priya = a_speaker(name="Priya", role="incident commander", confirmed=True)
    again = a_speaker("SPEAKER_01", merged_into=priya.id)
    said = (
        a_segment("a", 0, 3_000, speaker_id=priya.id),
        a_segment("b", 3_000, 4_000, speaker_id=again.id),
    )
    (row,) = report_of(speakers=(priya, again), segments=said).conduct.talk
    assert (row.who, row.length) == ("incident commander", clock_text(4_000))


def test_the_ribbon_shows_the_severities_that_changed_during_it() -> None:
    assert [(band.words, band.start_s, band.end_s) for band in REPORT.bands] == [
        ("SEV2", 0, 480), ("SEV1", 480, 2580),
    ]  # fmt: skip


def test_a_severity_that_was_recorded_afterwards_tells_nothing_of_when_it_held() -> None:
    later = (SeverityChange(None, "SEV1", at("18:00"), "Priya", None),)
    incident = an_incident(severity="SEV1", severity_history=later)
    entries = [
        an_entry(anchor=Anchor.IMPACT_START, occurred="14:02"),
        an_entry(anchor=Anchor.RECOVERY_CONFIRMED, occurred="14:31"),
    ]
    report = report_of(*entries, incident=incident)
    assert (len(report.ribbon), report.bands) == (2, ())


def test_the_close_out_tells_what_is_done_waived_and_open() -> None:
    states = [(row.state, row.note) for row in REPORT.closeout.checks]
    assert states == [
        ("open", ""), ("open", ""), ("waived", "by Marcus: there is none"), ("done", ""),
        ("open", ""),
    ]  # fmt: skip
    assert REPORT.closeout.review_dates == ("2026-04-12",)
    assert REPORT.closeout.signers == (
        "owner (Priya)", "incident commander (Priya)", "facilitator",
    )  # fmt: skip


def test_review_dates_of_checklist_and_incident_stand_together_in_order() -> None:
    incident = an_incident(follow_up_review_date=date(2026, 4, 1))
    report = report_of(incident=incident, closeout=a_closeout())
    assert report.closeout.review_dates == ("2026-04-01", "2026-04-12")


def test_questions_of_the_review_are_pinned_to_what_raises_them() -> None:
    asked = {question.refs: question.text for question in REPORT.review.questions}
    assert asked["T5",].startswith("What would confirm or rule out “It might be")
    anchors = next(text for refs, text in asked.items() if refs[:2] == ("T1", "T2"))
    assert anchors.startswith("What shows the time of trigger, impact start, detection")
    assert asked["T12",] == "What did this attempt lead to?"
    assert "Do others share its settings?" in asked.values()
    assert asked["W2",] == "And before?"


def test_a_long_silence_is_asked_about_and_questions_beyond_the_page_are_counted() -> None:
    quiet = report_of(an_entry("a", occurred="14:00"), an_entry("b", occurred="14:25"))
    assert [(q.text, q.refs) for q in quiet.review.questions] == [
        ("What was done in the 25 minutes between these lines?", ("T1", "T2")),
    ]
    many = report_of(actions=tuple(an_action() for _ in range(20)))
    assert (len(many.review.questions), many.review.more) == (14, 6)


def test_no_question_asks_who_or_why() -> None:
    kinds = [an_entry(kind=kind, occurred="14:00") for kind in EntryKind]
    report = report_of(*kinds, actions=(an_action(owner="Tom"),))
    assert report.review.questions
    for question in report.review.questions:
        assert question.text.split()[0].lower() not in {"who", "why"}


@pytest.mark.parametrize("minutes", [1, 7, 45, 240, 3_000, 100_000])
def test_an_axis_has_few_ticks_at_round_times(minutes: int) -> None:
    axis, offset = axis_of([START, START + timedelta(minutes=minutes)])
    assert axis is not None
    assert offset(START) == 0
    assert 1 <= len(axis.ticks) <= MOST_TICKS + 1
    for tick in axis.ticks:
        assert 0 <= tick.offset_s <= axis.length_s
        moment = datetime.fromtimestamp(START.timestamp() + tick.offset_s, UTC)
        assert (moment.second, moment.microsecond) == (0, 0)
        assert tick.words.endswith(f"{moment:%H:%M}")


def test_there_is_no_axis_without_two_moments() -> None:
    assert axis_of([])[0] is None
    assert axis_of([START, START])[0] is None


def test_a_metric_is_cut_to_the_incident_and_keeps_its_peaks_when_thinned() -> None:
    points = [Point(START + timedelta(seconds=n), n % 7) for n in range(4_000)]
    points[1_234] = replace(points[1_234], value=1_000)
    far = Point(START + timedelta(days=3), 5)
    entry = an_entry(anchor=Anchor.IMPACT_START, occurred=START)
    (chart,) = report_of(entry, series=(a_series(points=(*points, far)),)).analysis.metrics
    assert len(chart.points) <= MOST_POINTS + 2
    assert (chart.low, chart.high, chart.shown_of) == (0, 1_000, 1_801)
    assert max(value for _, value in chart.points) == 1_000
    assert list(chart.points) == sorted(chart.points)
    assert [mark.words for mark in chart.marks] == ["impact start"]


def test_a_metric_of_one_moment_is_not_drawn() -> None:
    assert report_of(series=(a_series(points=(Point(START, 1),)),)).analysis.metrics == ()


def test_an_empty_record_can_be_reviewed() -> None:
    review = outline(a_record(), OPTIONS).review
    assert (len(review.agenda), review.questions) == (4, ())
