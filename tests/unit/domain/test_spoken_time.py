from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sessions import SessionKind
from app.domain.spoken_time import occurrence, spoken_clock_times
from app.domain.times import Precision

SAID = datetime(2026, 3, 12, 14, 46, 20, tzinfo=UTC)
LOOKING_BACK, LIVE = SessionKind.HOTWASH, SessionKind.BRIDGE


def when(text: str, kind: SessionKind = LOOKING_BACK, zone: str = "UTC") -> tuple[object, object]:
    return occurrence(text, said_at=SAID, kind=kind, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "clocks"),
    [
        ("The first alert fired at 14:04.", ["14:04"]),
        ("503 errors since 14:02, worse at 14:05", ["14:02", "14:05"]),
        ("at 9:05 sharp", ["09:05"]),
        ("at 14:02:31 exactly", ["14:02"]),
        ("release v4.2.0 took 30 minutes at 12%", []),
        ("a ratio of 3:1 and 25:99", []),
        ("address 10.0.0.1:8080 and 14:022", []),
        ("14:02, I repeat 14:02", ["14:02"]),
    ],
)
def test_clock_times_are_told_from_other_numbers(text: str, clocks: list[str]) -> None:
    assert [f"{clock:%H:%M}" for clock, _ in spoken_clock_times(text)] == clocks


def test_a_spoken_time_is_of_that_day_and_known_to_the_minute() -> None:
    assert when("Recovery confirmed at 14:31.") == (
        SAID.replace(minute=31, second=0),
        Precision.MINUTE,
    )


def test_a_time_that_had_not_passed_yet_is_of_the_day_before() -> None:
    occurred, _ = when("It began at 23:50.")
    assert occurred == datetime(2026, 3, 11, 23, 50, tzinfo=UTC)


def test_a_speakers_clock_may_be_a_little_ahead() -> None:
    assert when("It is 14:48 now.")[0] == SAID.replace(minute=48, second=0)


def test_words_without_a_time_happened_when_they_were_said_only_in_a_live_session() -> None:
    assert when("We roll back.", LIVE) == (SAID, Precision.SECOND)
    assert when("We rolled back.", LOOKING_BACK) == (None, Precision.UNKNOWN)


def test_of_several_times_none_is_chosen() -> None:
    assert when("From 14:02 to 14:31.") == (None, Precision.UNKNOWN)


def test_spoken_times_are_local_to_the_incidents_zone() -> None:
    occurred, _ = when("at 15:31", zone="Europe/Berlin")
    assert occurred == datetime(2026, 3, 12, 14, 31, tzinfo=UTC)


@given(st.datetimes(), st.integers(0, 23), st.integers(0, 59))
def test_what_was_said_never_lies_more_than_a_clocks_slack_in_the_future(
    said: datetime, hour: int, minute: int
) -> None:
    said_at = said.replace(year=2026, tzinfo=UTC) if said.day != 29 else SAID
    occurred, precision = occurrence(
        f"at {hour}:{minute:02d}", said_at=said_at, kind=LOOKING_BACK, zone=ZoneInfo("UTC")
    )
    assert occurred is not None
    assert timedelta(minutes=-5) <= said_at - occurred <= timedelta(days=1)
    assert (occurred.hour, occurred.minute, precision) == (hour, minute, Precision.MINUTE)
