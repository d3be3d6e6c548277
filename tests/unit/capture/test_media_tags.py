from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.domain.media import ToldTime
from capture.media_tags import told_by_tags

LOCAL = datetime(2026, 3, 12, 14, 46)  # noqa: DTZ001  these tags tell no zone
IN_UTC = LOCAL.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"creation_time": "2026-03-12T14:46:00.000000Z"}, ToldTime(IN_UTC, "creation_time")),
        ({"DATE": "2026-03-12T14:46:00"}, ToldTime(LOCAL, "date")),
        ({"creation_time": "1904", "date": "2026-03-12 14:46"}, ToldTime(LOCAL, "date")),
        ({"date": "2026-03-12"}, None),
        ({"date": "2026"}, None),
        ({"date": "in March"}, None),
        ({"creation_time": "2026-99-12T14:46:00Z"}, None),
        ({}, None),
    ],
)
def test_a_tag_with_a_time_of_day_tells_the_start(
    tags: dict[str, str], told: ToldTime | None
) -> None:
    assert told_by_tags(tags) == told


def test_the_time_with_the_zone_of_the_place_comes_first() -> None:
    tags = {
        "creation_time": "2026-03-12T14:46:09Z",
        "com.apple.quicktime.creationdate": "2026-03-12T15:46:00+0100",
    }
    told = told_by_tags(tags)
    assert told is not None
    assert told.at == IN_UTC
    assert told.at.tzinfo == timezone(timedelta(hours=1))


def test_id3_counts_in_utc() -> None:
    tags = {"date": "2026-03-12T14:46:00"}
    assert told_by_tags(tags, dates_are_utc=True) == ToldTime(IN_UTC, "date")


@pytest.mark.parametrize(
    ("samples", "more_ms"),
    [
        (str(round((14 * 3600 + 46 * 60 + 0.25) * 48_000)), 250),  # the clock, to the sample
        (str(10 * 48_000), 0),  # a place on an editor's timeline
        ("0", 0),
        ("no number", None),
    ],
)
def test_a_broadcast_wave_tells_day_and_time(samples: str, more_ms: int | None) -> None:
    tags = {"date": "2026-03-12", "creation_time": "14:46:00", "time_reference": samples}
    told = told_by_tags(tags, sample_rate=48_000)
    if more_ms is None:
        assert told is None
    else:
        assert told == ToldTime(LOCAL + timedelta(milliseconds=more_ms), "bext")


def test_a_count_of_samples_alone_is_no_start() -> None:
    assert told_by_tags({"date": "2026-03-12", "time_reference": "48000"}) is None
