"""When an attached recording began: what its file and its name tell, weighed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.media import FoundStart, StartSource
from app.domain.times import iso_utc

if TYPE_CHECKING:
    from app.domain.media import ToldTime

SAME = timedelta(seconds=5)
ONE_MINUTE = timedelta(minutes=1)
A_QUARTER = timedelta(minutes=15)  # zones lie apart by whole ones
# Nothing was recorded by these programs before; clocks that were never set say 1904 or 1970.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


def found_start(
    name: ToldTime | None,
    inside: ToldTime | None,
    *,
    duration_ms: int | None,
    zone: ZoneInfo,
    now: datetime,
) -> FoundStart | None:
    """Return when a recording began; None where a person has to say.

    A name that tells its zone is written by the recorder at the start and comes first: what
    stands inside a file is rewritten when it is cut or converted. A time without a zone is one in
    ``zone``, the incident's own, and the words say so; one that a clock there shows twice or
    never is none.
    """
    by_name, by_tag = _utc(name, zone, now), _utc(inside, zone, now)
    if by_name is None or name is None:
        return None if by_tag is None or inside is None else _by_tag(inside, by_tag, zone)
    start = FoundStart(by_name, StartSource.NAME, f"from its {name.place}{_read_as(name, zone)}")
    if by_tag is None or inside is None or _near(by_tag, by_name):
        return start
    length = timedelta(milliseconds=duration_ms or 0)
    if length and _near(by_tag - length, by_name):
        return _saying(start, f"its {inside.place} is when it ended")
    if name.at.tzinfo is not None or inside.at.tzinfo is None:
        return _saying(start, f"its {inside.place} says {iso_utc(by_tag)}")
    from_tag = _by_tag(inside, by_tag, zone)
    if _is_of_another_zone(by_tag - by_name):
        return from_tag
    return _saying(from_tag, f"its {name.place} says {iso_utc(by_name)}")


def _by_tag(inside: ToldTime, at: datetime, zone: ZoneInfo) -> FoundStart:
    words = f"from its metadata ({inside.place}{_read_as(inside, zone)})"
    if inside.place == "creation_time":
        words += ", where some recorders write the end"
    return FoundStart(at, StartSource.METADATA, words)


def _saying(start: FoundStart, more: str) -> FoundStart:
    return FoundStart(start.at, start.source, f"{start.words}; {more}")


def _read_as(told: ToldTime, zone: ZoneInfo) -> str:
    return "" if told.at.tzinfo is not None else f", read as {zone.key} time"


def _near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= SAME


def _is_of_another_zone(difference: timedelta) -> bool:
    """Whether two times differ by what only zones differ by, to the minute of a coarse name."""
    rest = abs(difference) % A_QUARTER
    return min(rest, A_QUARTER - rest) <= ONE_MINUTE and abs(difference) <= timedelta(hours=26)


def _utc(told: ToldTime | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    if told is None:
        return None
    moment = told.at if told.at.tzinfo is not None else told.at.replace(tzinfo=zone)
    if told.at.tzinfo is None and moment.utcoffset() != moment.replace(fold=1).utcoffset():
        return None  # the hour in which that zone's clocks are put back, or forward
    return moment.astimezone(UTC) if EARLIEST <= moment <= now else None
