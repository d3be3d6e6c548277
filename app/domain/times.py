"""Time: positions on a recording in integer milliseconds, clock times in aware UTC."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MS_PER_SECOND = 1_000
MS_PER_MINUTE = 60_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
APPROXIMATELY = "≈"


class Precision(enum.StrEnum):
    """How finely a time is known; it is never shown finer than this."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    APPROX = "approx"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch ``[start_ms, end_ms)`` of one track.

    Milliseconds from the start of the session, never wall-clock time.
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(f"span must satisfy 0 <= start < end, got {self}")

    @property
    def duration_ms(self) -> int:
        """Length of the span."""
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: Span) -> int:
        """Return how much of the recording both spans cover; 0 if they do not meet."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


def now_utc() -> datetime:
    """Return the present moment, to the millisecond (what JSON and the database keep)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // MS_PER_SECOND * MS_PER_SECOND)


def after(start: datetime, offset_ms: int) -> datetime:
    """Return the moment ``offset_ms`` after ``start``."""
    return start + timedelta(milliseconds=offset_ms)


def require_aware(moment: datetime | None, name: str) -> None:
    """Refuse a naive time.

    Raises:
        ValueError: ``moment`` carries no time zone.
    """
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} must carry a time zone")


def keep_utc(entity: object, *names: str) -> None:
    """Have the named times of a frozen dataclass in UTC; to be called when it is built.

    Raises:
        ValueError: One of them carries no time zone.
    """
    for name in names:
        moment: datetime | None = getattr(entity, name)
        require_aware(moment, name)
        if moment is not None and moment.tzinfo is not UTC:
            object.__setattr__(entity, name, moment.astimezone(UTC))


def iso_utc(moment: datetime) -> str:
    """Return ``2026-03-12T14:46:00Z``, with a fraction only where there is one."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    text = utc.isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text.removesuffix(".000") + "Z"


class UtcTexts:
    """Spells moments after a start as ``iso_utc`` does, in half the time where there are many.

    Utterances come many to the minute, and all but the seconds is worked out once for each.
    """

    def __init__(self, start: datetime) -> None:
        self._start_ms = (start - EPOCH) // timedelta(milliseconds=1)
        self._minutes: dict[int, str] = {}

    def after(self, offset_ms: int) -> str:
        """Return the moment ``offset_ms`` after the start."""
        minute, rest = divmod(self._start_ms + offset_ms, MS_PER_MINUTE)
        text = self._minutes.get(minute)
        if text is None:
            moment = EPOCH + timedelta(minutes=minute)
            text = moment.isoformat(timespec="minutes").removesuffix("+00:00")
            self._minutes[minute] = text
        second, ms = divmod(rest, MS_PER_SECOND)
        return f"{text}:{second:02d}.{ms:03d}Z" if ms else f"{text}:{second:02d}Z"


def clock_face(moment: datetime, precision: Precision) -> str:
    """Return a time of day as finely as it is known; the zone is the moment's own."""
    match precision:
        case Precision.SECOND:
            return f"{moment:%H:%M:%S}"
        case Precision.HOUR:
            return f"{moment:%H}:xx"
        case Precision.APPROX:
            return f"{APPROXIMATELY} {moment:%H:%M}"
        case Precision.UNKNOWN:
            return "time unknown"
        case _:
            return f"{moment:%H:%M}"


def as_fine_as(moment: datetime, precision: Precision) -> datetime:
    """Return a time without the seconds that its precision does not claim to know.

    For what is entered; what stands on record stays. The minutes of an hour stay, too: where it
    begins is a matter of the zone.
    """
    return moment if precision is Precision.SECOND else moment.replace(second=0, microsecond=0)


def moment_text(moment: datetime, precision: Precision) -> str:
    """Return a day and time as finely as it is known, in UTC: ``2026-03-12 14:02 UTC``."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%d} {clock_face(utc, precision)} UTC"


def time_text(moment: datetime, precision: Precision, *, today: datetime) -> str:
    """Return ``14:02 UTC``, with the day where it is not the one that ``today`` lies in."""
    utc = moment.astimezone(UTC)
    if utc.date() != today.astimezone(UTC).date():
        return moment_text(utc, precision)
    return f"{clock_face(utc, precision)} UTC"


def clock_text(position_ms: int) -> str:
    """Return a position on a recording as ``0:01:17.0``: hours, minutes, seconds, tenths."""
    seconds, ms = divmod(max(0, position_ms), MS_PER_SECOND)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms // 100}"
