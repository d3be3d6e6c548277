from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import Precision
from drafting.time_words import MINUS, Moment, clock, delta, duration, zone_named
from tests.builders import START, at

MINUTE, SECOND, HOUR, APPROX = (
    Precision.MINUTE,
    Precision.SECOND,
    Precision.HOUR,
    Precision.APPROX,
)


@pytest.mark.parametrize(
    ("precision", "words"),
    [(SECOND, "14:21:37"), (MINUTE, "14:21"), (HOUR, "14:xx"), (APPROX, "≈ 14:21")],
)
def test_a_time_is_printed_no_finer_than_it_is_known(precision: Precision, words: str) -> None:
    assert clock(Moment(at("14:21:37"), precision)).utc == words


def test_a_time_that_nobody_stated_is_not_guessed() -> None:
    assert clock(None).utc == "time not stated"
    assert clock(Moment(at("14:21"), Precision.UNKNOWN)).day == ""


def test_local_time_stands_beside_utc_and_tells_when_its_day_differs() -> None:
    shown = clock(Moment(at("00:20"), MINUTE), ZoneInfo("America/New_York"))
    assert (shown.utc, shown.local, shown.day) == ("00:20", f"20:20 {MINUS}1 d", "2026-03-12")


def test_a_time_from_another_zone_is_printed_in_utc() -> None:
    berlin = datetime(2026, 3, 12, 15, 21, tzinfo=ZoneInfo("Europe/Berlin"))
    assert clock(Moment(berlin, MINUTE)).utc == "14:21"


def test_an_unknown_display_zone_leaves_utc_alone() -> None:
    assert zone_named("Atlantis/Capital") is None
    assert zone_named("../../etc/passwd") is None
    assert zone_named("UTC") is None


def test_a_difference_is_as_coarse_as_the_coarser_time() -> None:
    start = Moment(at("14:02"), MINUTE)
    assert delta(start, Moment(at("14:04:59"), SECOND)) == "+00:02"
    assert duration(start, Moment(at("14:04:59"), SECOND)) == "2 min"
    assert duration(start, Moment(at("17:40"), HOUR)) == "≈ 3 h"
    assert duration(start, Moment(at("14:31"), APPROX)) == "≈ 29 min"


def test_seconds_are_printed_where_both_times_have_them() -> None:
    start, end = Moment(at("14:02:10"), SECOND), Moment(at("15:14:40"), SECOND)
    assert duration(start, end) == "1 h 12 min 30 s"
    assert delta(start, end) == "+01:12:30"


def test_what_came_before_the_start_has_a_minus_and_no_duration() -> None:
    start, before = Moment(at("14:02"), MINUTE), Moment(at("13:58"), MINUTE)
    assert delta(start, before) == f"{MINUS}00:04"
    assert duration(start, before) is None


def test_less_than_a_minute_is_not_called_zero() -> None:
    moment = Moment(at("14:02"), MINUTE)
    assert duration(moment, moment) == "under 1 min"


@given(st.integers(0, 86_400), st.integers(0, 86_400))
def test_a_duration_is_the_difference_of_the_times_as_printed(one: int, other: int) -> None:
    start = Moment(START + timedelta(seconds=one), MINUTE)
    end = Moment(start.at + timedelta(seconds=other), SECOND)
    printed = [datetime.strptime(clock(m).utc[:5], "%H:%M") for m in (start, end)]  # noqa: DTZ007
    minutes = (printed[1] - printed[0]).total_seconds() // 60 % (24 * 60)
    shown = delta(start, end)
    assert (int(shown[1:3]) * 60 + int(shown[4:])) % (24 * 60) == minutes
