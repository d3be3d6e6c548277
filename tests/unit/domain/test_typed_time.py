from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.typed_time import ComingTimeError, coming_moment, position_ms
from app.domain.zones import zone_of
from tests.builders import START, at

BERLIN = ZoneInfo("Europe/Berlin")  # an hour ahead of UTC in March


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("30m", START + timedelta(minutes=30)),
        ("+30 min", START + timedelta(minutes=30)),
        ("2h", START + timedelta(hours=2)),
        ("16:00", at("15:00")),
        ("03:46", at("02:46", day=13)),
        ("tomorrow 14:00", at("13:00", day=13)),
        ("Tomorrow 16:00", at("15:00", day=13)),
        ("2026-03-12T15:30Z", at("15:30")),
        ("2026-03-12T15:30", at("14:30")),
    ],
)
def test_a_coming_time_is_a_stretch_from_now_a_clock_of_the_zone_or_an_iso_time(
    typed: str, meant: object
) -> None:
    assert coming_moment(typed, now=START, zone=BERLIN) == meant


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "-5m", "30x", "14:60"])
def test_what_is_no_time_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        coming_moment(typed, now=START, zone=BERLIN)


@pytest.mark.parametrize("typed", ["14:00", "15:46", "03:47"])
def test_a_clock_time_of_the_last_twelve_hours_is_not_quietly_that_of_tomorrow(typed: str) -> None:
    with pytest.raises(ComingTimeError, match="is over already") as told:
        coming_moment(typed, now=START, zone=BERLIN)
    assert f"tomorrow {typed}" in told.value.remedy


def test_a_clock_time_beyond_midnight_is_the_next_one() -> None:
    assert coming_moment("00:30", now=at("22:50"), zone=BERLIN) == at("23:30")


@pytest.mark.parametrize(
    ("typed", "ms"), [("77", 77_000), ("1:17", 77_000), ("0:01:17.5", 77_500), ("1:00:00", 3.6e6)]
)
def test_a_position_is_seconds_minutes_or_hours(typed: str, ms: float) -> None:
    assert position_ms(typed) == ms


@pytest.mark.parametrize("typed", ["", "1:2:3:4", "-5", "x"])
def test_what_is_no_position_is_told(typed: str) -> None:
    with pytest.raises(ValueError, match="is no position"):
        position_ms(typed)


def test_a_zone_that_this_machine_does_not_know_is_utc() -> None:
    assert zone_of("Europe/Berlin") == BERLIN
    assert zone_of("Nowhere/At all") == zone_of("") == ZoneInfo("UTC")
