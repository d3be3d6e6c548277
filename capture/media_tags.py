"""When a recording began, as the tags inside its file tell it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.media import ToldTime

if TYPE_CHECKING:
    from collections.abc import Mapping

QUICKTIME = "com.apple.quicktime.creationdate"  # with the zone of the place
CREATION = "creation_time"  # QuickTime and MP4, Matroska's DateUTC, AVI; BWF's time of day
DATE = "date"  # ID3's TDRC, MP4's ©day, Vorbis comments; BWF's day
REFERENCE = "time_reference"  # BWF: samples since midnight
TIME_OF_DAY = re.compile(r"(\d\d)[:.-](\d\d)[:.-](\d\d)")
TO_THE_MINUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
SECONDS = timedelta(seconds=2)


def told_by_tags(
    tags: Mapping[str, str], *, sample_rate: int = 0, dates_are_utc: bool = False
) -> ToldTime | None:
    """Return the start that the tags tell; a day alone is none.

    ``dates_are_utc``: ID3 says that its times are.
    """
    lower = {key.lower(): value.strip() for key, value in tags.items()}
    if REFERENCE in lower or TIME_OF_DAY.fullmatch(lower.get(CREATION, "")):
        return _broadcast_wave(lower, sample_rate)
    for key in (QUICKTIME, CREATION, DATE):
        moment = _moment(lower.get(key, ""))
        if moment is not None:
            if key == DATE and dates_are_utc and moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return ToldTime(moment, key)
    return None


def _broadcast_wave(tags: Mapping[str, str], sample_rate: int) -> ToldTime | None:
    """Put day and time of day together, to the sample where both of its clocks agree.

    A count of samples alone is as often a place on an editor's timeline.
    """
    time = TIME_OF_DAY.fullmatch(tags.get(CREATION, ""))
    if time is None:
        return None
    try:
        day = datetime.fromisoformat(tags.get(DATE, "").replace(":", "-").replace(".", "-")[:10])
        counted = timedelta(seconds=int(tags.get(REFERENCE, "0")) / (sample_rate or 1))
    except (ValueError, OverflowError):
        return None
    hours, minutes, seconds = map(int, time.groups())
    written = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    exact = abs(counted - written) <= SECONDS
    return ToldTime(day + (counted if exact else written), "bext")


def _moment(text: str) -> datetime | None:
    if not TO_THE_MINUTE.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
