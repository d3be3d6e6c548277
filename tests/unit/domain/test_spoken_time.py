from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sessions import SessionKind
from app.domain.spoken_time import SLACK, occurrence, spoken_clock_times
from app.domain.times import Precision

SAID = datetime(2026, 3, 12, 14, 46, 20, tzinfo=UTC)
LOOKING_BACK, LIVE = SessionKind.HOTWASH, SessionKind.BRIDGE
UNKNOWN = (None, Precision.UNKNOWN)


def when(
    text: str, kind: SessionKind = LOOKING_BACK, zone: str = "UTC", said_at: datetime = SAID
) -> tuple[object, object]:
    return occurrence(text, said_at=said_at, kind=kind, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "clocks"),
    [
        ("The first alert fired at 14:04.", ["14:04"]),
        ("503 errors since 14:02, worse at 14:05", ["14:02", "14:05"]),
        ("at 9:05 sharp", ["09:05"]),
        ("at 14:02:31 exactly", ["14:02"]),
        ("at 2:15 pm", ["14:15"]),
        ("at 12:10 a.m.", ["00:10"]),
        ("at 14:15 pm", []),
        ("release v4.2.0 took 30 minutes at 12%", []),
        ("a ratio of 3:1 and 25:99", []),
        ("The ratio is 10:30.", []),
        ("address 10.0.0.1:8080 and at 14:022", []),
        ("at 14:02, I repeat at 14:02", ["14:02"]),
        ("at 2:15 pm Pacific time", []),
        ("at 09:00 CET", []),
    ],
)
def test_clock_times_are_told_from_other_numbers(text: str, clocks: list[str]) -> None:
    assert [f"{clock:%H:%M}" for clock, _ in spoken_clock_times(text)] == clocks


def test_a_spoken_time_is_of_that_day_and_known_to_the_minute() -> None:
    assert when("Recovery confirmed at 14:31.") == (
        SAID.replace(minute=31, second=0),
        Precision.MINUTE,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Next update at 15:30.",
        "Next update at 14:30.",
        "We will fail over at 14:40.",
        "tomorrow at 09:00",
        "Yesterday at 11:00 it was fine.",
        "last Monday at 10:00",
        "on Friday at 10:00",
        "It began at 23:50.",
        "From 14:02 to at 14:31, since 14:03.",
        "We keep it until 14:40, from 14:02.",
    ],
)
def test_plans_other_days_and_later_times_give_no_time(text: str) -> None:
    assert when(text) == UNKNOWN
    assert when(text, LIVE) == (SAID, Precision.SECOND)


def test_shortly_after_midnight_an_evenings_time_is_of_the_day_before() -> None:
    night = datetime(2026, 3, 13, 0, 20, tzinfo=UTC)
    assert when("It began at 23:50.", said_at=night) == (
        datetime(2026, 3, 12, 23, 50, tzinfo=UTC),
        Precision.MINUTE,
    )
    assert when("It began at 11:50.", said_at=night) == UNKNOWN


def test_a_speakers_clock_may_be_a_little_ahead() -> None:
    assert when("It went down at 14:48.")[0] == SAID.replace(minute=48, second=0)


def test_words_without_a_time_happened_when_they_were_said_only_in_a_live_session() -> None:
    assert when("We roll back.", LIVE) == (SAID, Precision.SECOND)
    assert when("We rolled back.", LOOKING_BACK) == UNKNOWN


def test_spoken_times_are_local_to_the_incidents_zone_unless_they_say_utc() -> None:
    berlin = "Europe/Berlin"
    assert when("at 15:31", zone=berlin)[0] == datetime(2026, 3, 12, 14, 31, tzinfo=UTC)
    assert when("at 14:31 UTC", zone=berlin)[0] == datetime(2026, 3, 12, 14, 31, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.times())  # noqa: DTZ001  given a zone below
def test_what_was_said_lies_neither_in_the_future_nor_long_ago(
    said: datetime, clock: datetime
) -> None:
    said_at = said.replace(tzinfo=UTC)
    occurred, precision = when(f"at {clock:%H:%M}", said_at=said_at)
    if isinstance(occurred, datetime):
        assert -SLACK <= said_at - occurred < timedelta(days=1)
        assert (occurred.hour, occurred.minute) == (clock.hour, clock.minute)
        assert precision is Precision.MINUTE
    else:
        assert precision is Precision.UNKNOWN
