"""Past times as people type them at the start of a line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.past_time import PastTimeError, leading_time, past_moment
from app.domain.times import Precision
from tests.builders import at

NOW = at("14:10:20")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "moment", "precision"),
    [
        ("14:02", at("14:02"), Precision.MINUTE),
        ("9:05", at("09:05"), Precision.MINUTE),
        ("14:02:31", at("14:02:31"), Precision.SECOND),
        ("14:10:20", NOW, Precision.SECOND),
        ("14:02Z", at("14:02"), Precision.MINUTE),
        ("14:02 utc", at("14:02"), Precision.MINUTE),
        ("2:02pm", at("14:02"), Precision.MINUTE),
        ("2:02 p.m.", at("14:02"), Precision.MINUTE),
        ("12:01 am", at("00:01"), Precision.MINUTE),
        ("~14:02", at("14:02"), Precision.APPROX),
        ("~14:02:31", at("14:02"), Precision.APPROX),
        ("yesterday 23:50", at("23:50", day=11), Precision.MINUTE),
        ("yesterday 14:00", at("14:00", day=11), Precision.MINUTE),
        ("-5m", at("14:05"), Precision.MINUTE),
        ("-0m", at("14:10"), Precision.MINUTE),
        ("-1h30m", at("12:40"), Precision.MINUTE),
        ("-2H", at("12:10"), Precision.APPROX),
        ("-90s", at("14:08:50"), Precision.SECOND),
        ("2026-03-12T14:02Z", at("14:02"), Precision.MINUTE),
        ("2026-03-12 14:02", at("14:02"), Precision.MINUTE),
        ("2026-03-12T15:02:31+01:00", at("14:02:31"), Precision.SECOND),
    ],
)
def test_a_past_time_is_read_as_precisely_as_it_was_typed(
    typed: str, moment: datetime, precision: Precision
) -> None:
    found = past_moment(typed, now=NOW, zone=UTC)
    assert (found.at, found.precision) == (moment, precision)
    with_words = leading_time(f"{typed} checkout fails", now=NOW, zone=UTC)
    assert with_words == found


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("14:12", "still to come"),  # a slip of the clock, not yesterday
        ("15:30", "still to come"),
        ("24:00", "no time of day"),
        ("14:75", "no time of day"),
        ("13:02 pm", "no time of day"),
        ("14:02-14:10", "no time"),
        ("2026-03-12", "a day alone"),
        ("2026-13-12T14:02", "no time"),
        ("2026-03-12T15:02Z", "still to come"),
        ("14:02 CET", "zone “CET”"),
        ("-5m30", "no time"),
        ("-999999999h", "longer ago"),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_not_taken_for_words(
    typed: str, reason: str
) -> None:
    with pytest.raises(PastTimeError, match=reason) as told:
        leading_time(f"{typed} checkout fails", now=NOW, zone=UTC)
    assert told.value.remedy


@pytest.mark.parametrize(
    "text", ["checkout", "503 errors", "3:1 ratio", "-5 degrees", "16:9", "", "v1:23", "- 5m"]
)
def test_words_are_no_time(text: str) -> None:
    assert leading_time(text, now=NOW, zone=UTC) is None
    with pytest.raises(PastTimeError):
        past_moment(text, now=NOW, zone=UTC)


def test_a_time_is_of_the_incidents_zone() -> None:
    assert past_moment("15:02", now=NOW, zone=BERLIN).at == at("14:02")
    assert past_moment("14:02 UTC", now=NOW, zone=BERLIN).at == at("14:02")
    shortly_after_midnight = at("23:05")  # 00:05 of the 13th in Berlin
    assert past_moment("23:50", now=shortly_after_midnight, zone=BERLIN).at == at("22:50")


def test_an_hour_that_clocks_skip_is_refused_and_one_they_repeat_is_the_later_past_one() -> None:
    with pytest.raises(PastTimeError, match="put forward"):
        past_moment("2:30", now=at("10:00", day=29), zone=BERLIN)
    second_time = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    between = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert past_moment("2:30", now=second_time, zone=BERLIN).at == second_time
    assert past_moment("2:30", now=between, zone=BERLIN).at == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


CLOCKS = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1))  # noqa: DTZ001  zone given below


@given(st.text(alphabet="0123456789:-~TZhms +apyestrday.", max_size=30), CLOCKS)
@example("0001-01-01T00:00+14:00", datetime(2026, 3, 12))  # noqa: DTZ001  given its zone below
def test_no_text_breaks_it_and_no_time_is_to_come(text: str, naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    try:
        found = leading_time(text, now=now, zone=BERLIN)
    except PastTimeError:
        return
    assert found is None or found.at <= now


def test_shortly_after_midnight_a_late_hour_is_that_of_the_day_before() -> None:
    found = past_moment("23:50", now=at("00:10", day=13), zone=UTC)
    assert found.at == at("23:50")
