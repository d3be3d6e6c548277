from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.incident import IncidentState
from app.domain.rules.moments import moment
from app.domain.sessions import SessionKind
from app.domain.timeline import Anchor, Source, SourceType, TimelineEntry
from app.domain.times import Precision
from tests.builders import a_segment, a_session, a_source, an_entry, an_incident, at
from tests.record_builders import a_lock, a_message, a_reconciliation, an_event
from tests.unit.domain.rules.records import a_final_record, a_proven, found

START, DETECTION = Anchor.IMPACT_START, Anchor.DETECTION
FIX, END = Anchor.ROLLBACK_OR_FIX, Anchor.MONITORING_COMPLETE


def anchored(*steps: tuple[Anchor, str | None]) -> tuple[TimelineEntry, ...]:
    return tuple(a_proven(anchor.value, when, anchor) for anchor, when in steps)


@pytest.mark.parametrize(
    "steps",
    [
        ((START, "14:02"), (DETECTION, "14:04"), (FIX, "14:26"), (END, "16:00")),
        ((START, "14:02"), (DETECTION, "14:02")),
        ((START, "14:02:31"), (DETECTION, "14:02")),  # within that minute: may well be
        ((START, None), (DETECTION, "14:04"), (FIX, None)),
        ((END, "16:00"),),
        ((Anchor.TRIGGER, "14:10"), (START, "14:02"), (DETECTION, "14:04")),
    ],
)
def test_r04_lets_an_order_pass_and_never_guesses(
    steps: tuple[tuple[Anchor, str | None], ...],
) -> None:
    assert found("R04", a_final_record(entries=anchored(*steps))) == []


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (((START, "14:02"), (DETECTION, "14:01")), "detection (14:01 UTC)"),
        (((DETECTION, "14:04"), (FIX, "14:03")), "mitigation (14:03 UTC)"),
        (((FIX, "14:26"), (END, "14:25:59")), "resolution (14:25:59 UTC)"),
        (((START, "14:02"), (END, "13:00")), "resolution (13:00 UTC)"),
        (((Anchor.TRIGGER, "14:02"), (DETECTION, "14:00")), "before the start (14:02 UTC)"),
    ],
)
def test_r04_refuses_an_effect_before_its_cause(
    steps: tuple[tuple[Anchor, str], ...], words: str
) -> None:
    entries = anchored(*steps)
    (finding,) = found("R04", a_final_record(entries=entries))
    assert words in finding.message
    assert finding.place.id in {entry.id for entry in entries}


def test_r04_knows_that_about_two_may_be_a_quarter_of_an_hour_off() -> None:
    start = a_proven("start", "14:02", START)
    early = replace(a_proven("seen", "13:50", DETECTION), precision=Precision.APPROX)
    too_early = replace(early, occurred_at=at("13:47"))
    assert found("R04", a_final_record(entries=(start, early))) == []
    assert found("R04", a_final_record(entries=(start, too_early))) != []


def test_a_moment_is_as_wide_as_its_precision() -> None:
    widths = [
        moment(at("14:02:31"), one).latest - moment(at("14:02:31"), one).earliest
        for one in (Precision.SECOND, Precision.MINUTE, Precision.HOUR)
    ]
    assert widths == [timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)]
    assert moment(at("14:02:31"), Precision.HOUR).earliest == at("14:00")


EVENT = an_event(at=at("14:26"))
REPORTED = Source(SourceType.EVENT, event_id=EVENT.id)
MESSAGE = a_message("rolled back at 14:21", at=at("14:30"))
WRITTEN = Source(SourceType.MESSAGE, message_id=MESSAGE.id, quote=MESSAGE.text)
# START of the session is 14:46, so that 14:21 has passed when it is said.
SAID = a_source(a_segment("The rollback started at 14:21."))


@pytest.mark.parametrize(
    "entry",
    [
        an_entry(occurred="14:26", sources=(REPORTED,)),
        an_entry(occurred="14:21", sources=(SAID, WRITTEN)),
        an_entry(occurred=None, sources=(REPORTED,)),
        an_entry(occurred="14:26", sources=(a_source(a_segment("It is done.")),)),
        an_entry(occurred="14:21", sources=(a_source(a_segment("at 14:21 or 14:26")),)),
    ],
)
def test_r18_is_silent_where_sources_agree_or_tell_no_time(entry: TimelineEntry) -> None:
    record = a_final_record(entries=(entry,), events=(EVENT,), messages=(MESSAGE,))
    assert found("R18", record) == []


@pytest.mark.parametrize(
    "entry",
    [
        an_entry(occurred="14:21", sources=(REPORTED,)),
        an_entry(occurred=None, sources=(REPORTED, WRITTEN)),
        an_entry(occurred="14:26", sources=(SAID,)),
    ],
)
def test_r18_warns_where_two_sources_tell_different_times(entry: TimelineEntry) -> None:
    record = a_final_record(entries=(entry,), events=(EVENT,), messages=(MESSAGE,))
    (finding,) = found("R18", record)
    assert "14:21" in finding.message
    assert "14:26" in finding.message
    assert finding.place.id == entry.id


def test_r18_is_settled_by_a_choice_between_just_these() -> None:
    entry = an_entry(occurred=None, sources=(REPORTED, WRITTEN))
    record = a_final_record(entries=(entry,), events=(EVENT,), messages=(MESSAGE,))
    chosen = a_reconciliation(members=(EVENT.id, MESSAGE.id), chosen=EVENT.id)
    other = a_reconciliation(members=(EVENT.id, "msg-other"), chosen=EVENT.id)
    assert found("R18", replace(record, reconciliations=(chosen,))) == []
    assert found("R18", replace(record, reconciliations=(other,))) != []


def test_r18_warns_of_two_starts_but_not_of_two_detections() -> None:
    starts = anchored((START, "14:02"), (START, "14:09"))
    seen = anchored((DETECTION, "14:02"), (DETECTION, "14:09"))
    assert len(found("R18", a_final_record(entries=starts))) == 1
    assert found("R18", a_final_record(entries=seen)) == []


def test_r18_takes_no_time_of_day_from_a_session_that_looks_back() -> None:
    record = a_final_record(
        sessions=(a_session(kind=SessionKind.HOTWASH),),
        entries=(an_entry(occurred="14:26", sources=(SAID,)),),
    )
    assert found("R18", record) == []


def test_r18_survives_a_time_zone_that_does_not_exist() -> None:
    record = a_final_record(incident=an_incident(display_timezone="Mars/Base"))
    assert found("R18", record) == []


def test_r19_warns_two_days_after_the_resolution_until_it_is_final() -> None:
    record = a_final_record()  # resolved at 16:31
    assert found("R19", record, now=at("16:31", day=14)) == []
    (finding,) = found("R19", record, now=at("16:32", day=14))
    assert "2 days" in finding.message
    late = at("16:32", day=20)
    assert found("R19", replace(record, locks=(a_lock(name="Final v1"),)), now=late) == []
    closed = replace(record, incident=an_incident(state=IncidentState.CLOSED))
    assert found("R19", closed, now=late) == []


def test_r19_counts_from_the_state_where_the_timeline_tells_no_end() -> None:
    incident = an_incident().with_state(IncidentState.RESOLVED, at=at("15:00"), by="Marcus")
    record = a_final_record(entries=(), incident=incident)
    assert found("R19", record, now=at("15:00", day=14)) == []
    assert found("R19", record, now=at("15:01", day=14)) != []
    assert found("R19", a_final_record(entries=(), incident=an_incident())) == []
