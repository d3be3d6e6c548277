"""Times that people type: ``14:30``, ``30m``, ``2026-03-12T14:30Z``; positions: ``1:17``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from app.domain.times import MS_PER_SECOND

LATER = re.compile(r"\+?(\d{1,4})\s*(m|min|h)", re.IGNORECASE)
CLOCK = re.compile(r"(tomorrow\s+)?([01]?\d|2[0-3]):([0-5]\d)", re.IGNORECASE)
POSITION = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,5}(?:\.\d{1,3})?)")
HALF_A_DAY = timedelta(hours=12)


class ComingTimeError(ValueError):
    """What was typed is no time to come; ``remedy`` says what to type."""

    def __init__(self, sentence: str, remedy: str = "Type it as 30m, 1h or 14:30.") -> None:
        super().__init__(sentence)
        self.remedy = remedy


def coming_moment(typed: str, *, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment that is meant, of those to come.

    ``30m`` and ``1h`` count from now; ``14:30`` is the next time that a clock in the zone shows
    it, unless it showed it in the last twelve hours: then it has to be ``tomorrow 14:30``. An ISO
    time stands for itself, in the zone where it names none.

    Raises:
        ComingTimeError: It is none of these.
    """
    text = typed.strip()
    if later := LATER.fullmatch(text):
        count, unit = int(later[1]), later[2].lower()
        return now + (timedelta(hours=count) if unit == "h" else timedelta(minutes=count))
    if clock := CLOCK.fullmatch(text):
        return _next_clock(clock, now.astimezone(zone))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise ComingTimeError(
            f"“{typed}” is no time such as 14:30, 30m or 2026-03-12T14:30Z"
        ) from cause
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _next_clock(typed: re.Match[str], local: datetime) -> datetime:
    moment = local.replace(hour=int(typed[2]), minute=int(typed[3]), second=0, microsecond=0)
    if typed[1]:
        return moment + timedelta(days=1)
    if moment > local:
        return moment
    if local - moment < HALF_A_DAY:  # a slip rather than a plan for tomorrow
        raise ComingTimeError(
            f"{typed[0]} is over already",
            f"Type 30m, say “tomorrow {typed[0]}”, or give the date.",
        )
    return moment + timedelta(days=1)


def position_ms(typed: str) -> int:
    """Return a place on a recording: ``77`` (seconds), ``1:17`` or ``0:01:17.5``.

    Raises:
        ValueError: It is none of these.
    """
    found = POSITION.fullmatch(typed.strip())
    if found is None:
        raise ValueError(f"“{typed}” is no position such as 1:17 or 0:01:17.5")
    hours, minutes, seconds = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60
    return round((whole + float(seconds)) * MS_PER_SECOND)
