from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.media import FoundStart, StartSource, ToldTime
from app.domain.recording_start import found_start

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
IN_BERLIN = START.astimezone(BERLIN).replace(tzinfo=None)
TEN_MINUTES = timedelta(minutes=10)


def found(name: datetime | None, tag: datetime | None) -> FoundStart | None:
    """Return the start of a recording of ten minutes, of an incident in Berlin."""
    return found_start(
        None if name is None else ToldTime(name, "name"),
        None if tag is None else ToldTime(tag, "creation_time"),
        duration_ms=600_000,
        zone=BERLIN,
        now=NOW,
    )


def start_and_words(name: datetime | None, tag: datetime | None) -> tuple[datetime, str]:
    start = found(name, tag)
    assert start is not None
    return start.at, start.words


def test_a_time_without_a_zone_is_one_of_the_incidents_and_that_is_said() -> None:
    start = found(IN_BERLIN, None)
    words = "from its name, read as Europe/Berlin time"
    assert start == FoundStart(START, StartSource.NAME, words)


def test_what_a_file_says_is_taken_and_that_it_may_be_the_end_is_said() -> None:
    start = found(None, START)
    assert start is not None
    assert (start.at, start.source) == (START, StartSource.METADATA)
    assert start.words.endswith("where some recorders write the end")


def test_a_file_that_says_when_it_ended_is_found_out_by_its_name() -> None:
    at, words = start_and_words(IN_BERLIN, START + TEN_MINUTES)
    assert at == START
    assert words.endswith("; its creation_time is when it ended")


def test_a_name_with_its_zone_comes_before_what_a_converted_file_says() -> None:
    at, words = start_and_words(START, START + timedelta(days=3))
    assert at == START
    assert words == "from its name; its creation_time says 2026-03-15T14:46:00Z"


def test_a_name_in_a_recorders_own_zone_gives_way_to_a_time_that_has_one() -> None:
    in_new_york = START.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
    at, words = start_and_words(in_new_york, START)
    assert at == START
    assert "name" not in words


def test_a_name_and_a_file_that_contradict_each_other_are_both_told() -> None:
    at, words = start_and_words(IN_BERLIN, START + timedelta(minutes=52))
    assert at == START + timedelta(minutes=52)
    assert words.endswith("; its name says 2026-03-12T14:46:00Z")


def test_an_hour_that_a_clock_shows_twice_or_never_is_no_start() -> None:
    assert found(datetime(2025, 10, 26, 2, 30), None) is None  # noqa: DTZ001  in Berlin
    assert found(datetime(2026, 3, 29, 2, 30), None) is None  # noqa: DTZ001  in Berlin


def test_clocks_that_were_never_set_and_times_to_come_are_no_start() -> None:
    assert found(None, datetime(1904, 1, 1, tzinfo=UTC)) is None
    assert found(None, datetime(1970, 1, 1, tzinfo=UTC)) is None
    assert found(None, NOW + timedelta(seconds=1)) is None
    assert found(None, None) is None
    at, _words = start_and_words(IN_BERLIN, datetime(1904, 1, 1, tzinfo=UTC))
    assert at == START
