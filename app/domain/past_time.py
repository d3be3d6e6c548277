"""Times that people type for what has happened: ``14:02``, ``14:02:31``, an ISO time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from app.domain.times import Precision

CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?\s*(?P<utc>Z|UTC)?",
    re.IGNORECASE,
)
WITH_SECONDS = re.compile(r"[T ]\d\d:\d\d:\d\d|[T ]\d{6}")
WITH_MINUTES = re.compile(r"[T ]\d\d:?\d\d")
SLACK = timedelta(minutes=5)  # a clock on the wall may be ahead of this machine's


def past_moment(
    typed: str, *, near: datetime, now: datetime, zone: tzinfo
) -> tuple[datetime, Precision]:
    """Return the moment that is meant, UTC, and how finely it was typed.

    A time of day is the one nearest to ``near`` that is not to come; it is of the zone unless it
    ends in ``Z`` or ``UTC``. An ISO time stands for itself, in the zone where it names none.

    Raises:
        ValueError: It is neither, or lies in the future.
    """
    text = typed.strip()
    if clock := CLOCK.fullmatch(text):
        precision = Precision.SECOND if clock["second"] else Precision.MINUTE
        return _of_day(clock, near, now, UTC if clock["utc"] else zone), precision
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise ValueError(f"“{typed}” is no time") from cause
    if not WITH_MINUTES.search(text):
        raise ValueError(f"“{typed}” names no time of the day")
    precision = Precision.SECOND if WITH_SECONDS.search(text) else Precision.MINUTE
    at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if at > now + SLACK:
        raise ValueError(f"“{typed}” lies in the future")
    return at, precision


def _of_day(clock: re.Match[str], near: datetime, now: datetime, zone: tzinfo) -> datetime:
    local = near.astimezone(zone)
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    days = (local + timedelta(days=shift) for shift in (-1, 0, 1))
    moments = [
        day.replace(hour=hour, minute=minute, second=second, microsecond=0).astimezone(UTC)
        for day in days
    ]
    past = [moment for moment in moments if moment <= now + SLACK]
    if not past:
        raise ValueError("that time is yet to come")
    return min(past, key=lambda moment: abs(moment - near))
