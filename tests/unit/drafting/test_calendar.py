from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import icalendar
import pytest

from app.domain.actions import ActionStatus
from app.domain.errors import ExportError
from app.domain.record import Record
from drafting.calendar import ReviewCalendar, calendar_bytes
from drafting.options import ReportOptions
from tests.builders import a_record, an_action, an_incident
from tests.record_builders import a_closeout
from tests.unit.drafting.checkout import MADE_AT, OPTIONS

CANARY = an_action(
    "Add a canary; then, wait", due=date(2026, 3, 19), owner="Tom", verification_plan="See it stop"
)


def events_of(record: Record, options: ReportOptions = OPTIONS) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(calendar_bytes(record, options))
    return list(calendar.walk("VEVENT"))


def test_review_dates_and_due_actions_are_whole_days() -> None:
    record = a_record(
        actions=(CANARY, an_action("without a date")),
        closeout=a_closeout(review_dates=(date(2026, 4, 12), date(2026, 5, 12))),
        incident=an_incident(follow_up_review_date=date(2026, 4, 12)),
    )
    told = [(str(e["summary"]), e["dtstart"].dt, e["dtend"].dt) for e in events_of(record)]
    day = timedelta(days=1)
    assert told == [
        ("Review: Checkout errors", date(2026, 4, 12), date(2026, 4, 12) + day),
        ("Review: Checkout errors", date(2026, 5, 12), date(2026, 5, 12) + day),
        ("Due: Add a canary; then, wait", date(2026, 3, 19), date(2026, 3, 19) + day),
    ]


def test_an_event_says_who_does_it_and_how_it_is_seen_to_work() -> None:
    (event,) = events_of(a_record(actions=(CANARY,)))
    assert str(event["description"]).splitlines() == [
        "Add a canary; then, wait", "Owner: Tom", "Verification: See it stop", "Status: open",
        "Incident inc-a: Checkout errors",
    ]  # fmt: skip
    assert event["transp"] == "TRANSPARENT"


def test_names_stay_when_dates_move_so_that_a_calendar_replaces_them() -> None:
    record = a_record(actions=(CANARY,))
    (before,) = events_of(record)
    moved = an_action(CANARY.text, id=CANARY.id, due=date(2026, 4, 1))
    (after,) = events_of(a_record(actions=(moved,)))
    assert before["uid"] == after["uid"] == f"action-{CANARY.id}@hotwash"
    assert before["dtstart"].dt != after["dtstart"].dt


def test_what_is_settled_is_due_no_more() -> None:
    record = a_record(
        actions=tuple(
            an_action(status.value, due=date(2026, 3, 19), status=status)
            for status in ActionStatus
        )
    )
    told = {str(event["summary"]) for event in events_of(record)}
    assert told == {"Due: open", "Due: in_progress", "Due: shipped"}


def test_the_only_clock_is_the_one_that_is_given() -> None:
    record = a_record(actions=(CANARY,))
    elsewhere = MADE_AT.astimezone(timezone(timedelta(hours=2)))
    (event,) = events_of(record, ReportOptions(made_at=elsewhere))
    assert event["dtstamp"].dt == datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
    assert calendar_bytes(record, OPTIONS) == calendar_bytes(record, OPTIONS)


def test_lines_are_folded_and_end_as_rfc_5545_asks() -> None:
    nasty = "支付" * 90 + "\r\nEND:VCALENDAR\r\nBEGIN:VALARM\x00"
    content = calendar_bytes(a_record(actions=(an_action(nasty, due=date(2026, 3, 19)),)), OPTIONS)
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    assert lines.count(b"END:VCALENDAR") == 1
    assert b"BEGIN:VALARM" not in lines
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert "支付" * 90 in str(event["description"])


def test_a_record_without_dates_has_no_calendar(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="neither a review date nor an action") as refusal:
        ReviewCalendar().write(a_record(), tmp_path / "dates.ics", options=OPTIONS)
    assert "due date" in refusal.value.remedy
    assert not list(tmp_path.iterdir())
