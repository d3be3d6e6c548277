"""Past times that people type at the start of a line: ``14:02``, ``-5m``, ``yesterday 23:50``."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.domain.times import Precision, as_fine_as, keep_utc

END = r"(?=\s|$)"
AGO = re.compile(
    rf"-(?=\d)(?:(\d{{1,9}})h)?(?:(\d{{1,9}})m(?:in)?)?(?:(\d{{1,9}})s)?{END}", re.IGNORECASE
)
LIKE_A_CLOCK = re.compile(
    r"(?P<day>yesterday\s+)?(?P<about>~\s?)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    rf"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?P<zone>UTC|GMT|Z)\b)?{END}",
    re.IGNORECASE,
)
ISO_DAY = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}{END}")
ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ]\s*(?P<clock>\d{2}:\d{2})(?P<second>:\d{2})?(?:\.\d{1,6})?"
    rf"\s?(?P<zone>Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}})?{END}",
    re.IGNORECASE,
)
ANOTHER_ZONE = re.compile(rf"\s*([PMCE][SD]T|CES?T|BST|IST|JST|AES?T|SGT){END}")
# What can only be meant as a time: its line must not be taken for one about this moment.
TIME_LIKE = re.compile(
    r"~?\s?\d{1,2}:\d{2}(?!\d*\.)\S*|\d{4}-\d{2}-\d{2}T\S*|-\d+(?:min|[hms])\S*", re.IGNORECASE
)
NOON = 12
A_DAY = timedelta(days=1)
EXAMPLES = "14:02, 14:02:31, -5m, yesterday 23:50 or 2026-03-12T14:02Z"


class PastTimeError(ValueError):
    """What stands there looks like a time and is none; ``remedy`` says what to type."""

    def __init__(self, sentence: str, remedy: str = f"Type it as {EXAMPLES}.") -> None:
        super().__init__(sentence)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class PastTime:
    """A moment that was typed, as precisely as it was; ``length`` characters of the text."""

    at: datetime
    precision: Precision
    length: int

    def __post_init__(self) -> None:
        keep_utc(self, "at")


def leading_time(
    text: str, *, now: datetime, zone: tzinfo, near: datetime | None = None
) -> PastTime | None:
    """Return the time with which a text begins; None where it begins with words.

    ``14:02`` is what a clock in the zone showed in the last twelve hours or today or, of
    something that happened ``near`` a moment, the one nearest to that.

    Raises:
        PastTimeError: It begins with what can only be meant as a time, and is none, or is to come.
    """
    found = _ago(text, now) or _iso(text, now, zone) or _clock(text, now, zone, near)
    if found is None and ISO_DAY.match(text):
        raise PastTimeError("a day alone is no time", f"Add the time of day: {EXAMPLES}.")
    if found is None and (like := TIME_LIKE.match(text)):
        raise PastTimeError(
            f"“{like[0]}” is no time", f"Type it as {EXAMPLES}, or put a word before it."
        )
    if found is not None and (other := ANOTHER_ZONE.match(text, found.length)):
        raise PastTimeError(
            f"the zone “{other[1]}” is not understood",
            "Leave it out for the incident's own zone, say UTC, or give an offset as in "
            "2026-03-12T14:02+01:00.",
        )
    return found


def past_moment(
    typed: str, *, now: datetime, zone: tzinfo, near: datetime | None = None
) -> PastTime:
    """Return the moment that is meant by a whole text.

    Raises:
        PastTimeError: It is no such time.
    """
    text = typed.strip()
    found = leading_time(text, now=now, zone=zone, near=near)
    if found is None or found.length != len(text):
        raise PastTimeError(f"“{typed}” is no past time")
    return found


def _ago(text: str, now: datetime) -> PastTime | None:
    match = AGO.match(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    at = _before(now, timedelta(hours=hours, minutes=minutes, seconds=seconds))
    if match[3]:
        return PastTime(at.replace(microsecond=0), Precision.SECOND, match.end())
    # Who says “an hour ago” does not mean the minute.
    precision = Precision.MINUTE if match[2] else Precision.APPROX
    return PastTime(at.replace(second=0, microsecond=0), precision, match.end())


def _before(now: datetime, length: timedelta) -> datetime:
    try:
        return now - length
    except OverflowError as cause:
        raise PastTimeError("that is longer ago than there are dates") from cause


def _iso(text: str, now: datetime, zone: tzinfo) -> PastTime | None:
    match = ISO.match(text)
    if match is None:
        return None
    named = (match["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
    try:
        at = datetime.fromisoformat(
            f"{match['day']}T{match['clock']}{match['second'] or ''}{named}"
        )
        at = at if at.tzinfo else _in_zone(at.date(), at.time(), zone, now)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        if isinstance(cause, PastTimeError):
            raise
        raise PastTimeError(f"“{match[0]}” is no time") from cause
    if at > now:
        raise PastTimeError(f"“{match[0]}” is still to come", "Give a time that has been.")
    precision = Precision.SECOND if match["second"] else Precision.MINUTE
    return PastTime(at, precision, match.end())


def _clock(text: str, now: datetime, zone: tzinfo, near: datetime | None) -> PastTime | None:
    match = LIKE_A_CLOCK.match(text)
    if match is None:
        return None
    clock = _time_of_day(match)
    if clock is None:
        raise PastTimeError(f"“{match[0]}” is no time of day")
    own_zone = UTC if match["zone"] else zone
    today = now.astimezone(own_zone).date()
    if match["day"]:
        at = _on(today - timedelta(days=1), clock, own_zone, now)
    elif near is not None:
        at = _nearest(clock, near, own_zone, now)
    else:
        at = _on(today, clock, own_zone, now)
        if at > now and now - (at - A_DAY) <= A_DAY / 2:  # midnight lies between
            at = _on(today - A_DAY, clock, own_zone, now)
    if at > now:
        raise PastTimeError(
            f"“{match[0]}” is still to come",
            f"Give a time that has been; yesterday's is “yesterday {match[0]}”.",
        )
    precision = Precision.SECOND if match["second"] else Precision.MINUTE
    precision = Precision.APPROX if match["about"] else precision
    return PastTime(as_fine_as(at, precision), precision, match.end())


def _nearest(clock: time, near: datetime, zone: tzinfo, now: datetime) -> datetime:
    """Return when, next to a moment, a clock showed that."""
    day = near.astimezone(zone).date()
    moments = []
    for shift in (-1, 0, 1):
        with suppress(PastTimeError):  # a day whose clocks never showed it
            moments.append(_on(day + timedelta(days=shift), clock, zone, now))
    return min(moments, key=lambda moment: abs(moment - near))


def _time_of_day(match: re.Match[str]) -> time | None:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "p" else 0)
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None


def _on(day: date, clock: time, zone: tzinfo, now: datetime) -> datetime:
    return _in_zone(day, clock, zone, now).astimezone(UTC)


def _in_zone(day: date, clock: time, zone: tzinfo, now: datetime) -> datetime:
    """Return the moment; of the two that an hour put back gives, the later that has been."""
    early, late = (datetime.combine(day, clock, zone).replace(fold=fold) for fold in (0, 1))
    if zone is UTC:
        return early
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != early.replace(tzinfo=None):
        raise PastTimeError(f"clocks were put forward over {clock:%H:%M} on {day}")
    return late if late.astimezone(UTC) <= now else early
