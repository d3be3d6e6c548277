"""Past times that are typed for something that happened near a known moment."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.past_time import PastTimeError, past_moment
from app.domain.times import Precision
from tests.builders import at

BERLIN = ZoneInfo("Europe/Berlin")
NEAR, NOW = at("14:46"), at("09:00", day=20)


@pytest.mark.parametrize(
    ("typed", "moment", "precision"),
    [
        ("14:02", at("13:02"), Precision.MINUTE),
        ("14:02:31", at("13:02:31"), Precision.SECOND),
        ("14:02 UTC", at("14:02"), Precision.MINUTE),
        ("14:02Z", at("14:02"), Precision.MINUTE),
        ("9:05", at("08:05"), Precision.MINUTE),
        ("2026-03-11T14:02Z", at("14:02", day=11), Precision.MINUTE),
        ("2026-03-11T14:02:31+01:00", at("13:02:31", day=11), Precision.SECOND),
        ("2026-03-11 14:02", at("13:02", day=11), Precision.MINUTE),
    ],
)
def test_a_time_is_of_the_incidents_day_and_as_fine_as_it_was_typed(
    typed: str, moment: datetime, precision: Precision
) -> None:
    found = past_moment(typed, near=NEAR, now=NOW, zone=BERLIN)
    assert (found.at, found.precision) == (moment, precision)


def test_midnight_is_crossed_where_that_is_nearer() -> None:
    late = at("23:50")
    assert past_moment("00:10", near=late, now=NOW, zone=UTC).at == at("00:10", day=13)
    assert past_moment("23:55", near=at("00:10", day=13), now=NOW, zone=UTC).at == at("23:55")


def test_a_time_of_day_is_never_to_come() -> None:
    for typed in ("15:03", "23:00"):
        with pytest.raises(PastTimeError, match="still to come"):
            past_moment(typed, near=NEAR, now=at("15:01"), zone=UTC)
    shortly_after = at("00:20", day=13)
    found = past_moment("23:50", near=shortly_after, now=at("00:30", day=13), zone=UTC)
    assert found.at == at("23:50")


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "14:61", "1402", "2026-03-12", "2027-01-01T00:00Z", "14:02 CET"]
)
def test_what_is_no_time_that_has_been_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"time|to come|zone"):
        past_moment(typed, near=NEAR, now=NOW, zone=UTC)
