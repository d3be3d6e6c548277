"""Times in words, never finer than they are known (rule R01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.times import APPROXIMATELY, Precision, clock_face
from drafting.report import Clock

if TYPE_CHECKING:
    from app.domain.timeline import TimelineEntry

NOT_STATED = "time not stated"
MINUS = "\N{MINUS SIGN}"

# From fine to coarse. An approximate time is written to the minute and marked as approximate.
_COARSENESS = (Precision.SECOND, Precision.MINUTE, Precision.APPROX, Precision.HOUR)


@dataclass(frozen=True, slots=True)
class Moment:
    """A clock time and how finely it is known; ``at`` is aware."""

    at: datetime
    precision: Precision

    def cut_to(self, precision: Precision) -> datetime:
        """Return the time as it would be printed with that precision, UTC."""
        moment = self.at.astimezone(UTC).replace(microsecond=0)
        if precision is Precision.SECOND:
            return moment
        if precision is Precision.HOUR:
            return moment.replace(minute=0, second=0)
        return moment.replace(second=0)


def moment_of(entry: TimelineEntry) -> Moment | None:
    """Return when an entry's event occurred, None where nobody said."""
    if entry.occurred_at is None:
        return None
    return Moment(entry.occurred_at, entry.precision)


def zone_named(name: str) -> tzinfo | None:
    """Return a display zone; None for UTC and for names this machine does not know."""
    if name in {"", "UTC"}:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # ValueError: a name that is a path; OSError: one that is a folder of the zone database
        return None


def clock(moment: Moment | None, zone: tzinfo | None = None) -> Clock:
    """Return a time as it is printed: UTC, and local beside it."""
    if moment is None or moment.precision is Precision.UNKNOWN:
        return Clock(NOT_STATED)
    utc = moment.at.astimezone(UTC)
    local = ""
    if zone is not None:
        there = moment.at.astimezone(zone)
        days = (there.date() - utc.date()).days
        local = clock_face(there, moment.precision) + (f" {_signed(days)} d" if days else "")
    return Clock(clock_face(utc, moment.precision), local, utc.date().isoformat())


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"{MINUS}{-number}"


def coarser(one: Precision, other: Precision) -> Precision:
    """Return the precision in which two times can be compared."""
    return max(one, other, key=_COARSENESS.index)


def between(start: Moment, end: Moment) -> tuple[timedelta, Precision]:
    """Return the time from start to end as printed times give it, and how finely that is known."""
    precision = coarser(start.precision, end.precision)
    return end.cut_to(precision) - start.cut_to(precision), precision


def delta(start: Moment, end: Moment) -> str:
    """Return the distance from a start as ``+00:19``, ``+00:19:30`` or ``≈ +1 h``."""
    difference, precision = between(start, end)
    seconds = int(difference.total_seconds())
    sign = MINUS if seconds < 0 else "+"
    minutes, second = divmod(abs(seconds), 60)
    if precision is Precision.HOUR:
        return f"{APPROXIMATELY} {sign}{minutes // 60} h"
    face = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    if precision is Precision.SECOND:
        return f"{face}:{second:02d}"
    return f"{APPROXIMATELY} {face}" if precision is Precision.APPROX else face


def duration(start: Moment, end: Moment) -> str | None:
    """Return how long it took, as ``1 h 12 min``; None when the end lies before the start."""
    difference, precision = between(start, end)
    seconds = int(difference.total_seconds())
    if seconds < 0:
        return None
    if precision is Precision.HOUR:
        return f"{APPROXIMATELY} {seconds // 3600} h" if seconds else "under 1 h"
    if precision is Precision.SECOND:
        return _length(seconds)
    words = _length(seconds) if seconds else "under 1 min"
    return f"{APPROXIMATELY} {words}" if precision is Precision.APPROX else words


def _length(seconds: int) -> str:
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{rest} s"] if rest or not parts else []
    return " ".join(parts)


def stamp(moment: datetime) -> str:
    """Return a moment that a program wrote down, to the minute: ``2026-03-12 14:46 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
