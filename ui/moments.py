"""How moments are written: UTC first, never finer than they are known."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.domain.times import MS_PER_SECOND, Precision

if TYPE_CHECKING:
    from datetime import date

    from app.domain.timeline import TimelineEntry


def parsed_utc(text: str) -> datetime:
    """Return the moment a person typed, as ``2026-03-12 14:46 UTC``; UTC where no zone is given.

    Raises:
        ValueError: It is no date with a time of day.
    """
    plain = re.sub(r"\s*UTC$", "", text.strip(), flags=re.IGNORECASE)
    if not re.search(r"\d[T ]\d", plain):
        raise ValueError(f"no time of day: {text}")
    moment = datetime.fromisoformat(plain)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def utc_text(moment: datetime) -> str:
    """Return ``14:44:08``."""
    return f"{moment.astimezone(UTC):%H:%M:%S}"


def local_text(moment: datetime) -> str:
    """Return ``15:44``, the wall clock beside it, or nothing where that is UTC as well."""
    local = moment.astimezone()
    return "" if not local.utcoffset() else f"{local:%H:%M}"


def full_text(moment: datetime) -> str:
    """Return ``2026-03-12 14:44:08 UTC (15:44 CET)``."""
    local = moment.astimezone()
    beside = f" ({local:%H:%M %Z})" if local.utcoffset() else ""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC{beside}"


def entry_time_text(entry: TimelineEntry) -> tuple[str, bool]:
    """Return an entry's time as it may be shown, and whether it is when it *happened*.

    Where nobody said when it happened, it is the moment at which it was said, and says so.
    """
    if entry.occurred_at is None:
        said = (entry.noticed_at or entry.created_at).astimezone(UTC)
        return f"said {said:%H:%M}", False
    utc = entry.occurred_at.astimezone(UTC)
    match entry.precision:
        case Precision.MINUTE:
            return f"{utc:%H:%M}", True
        case Precision.HOUR:
            return f"{utc:%H} h", True
        case Precision.APPROX:
            return f"≈ {utc:%H:%M}", True
        case _:
            return f"{utc:%H:%M:%S}", True


def entry_day(entry: TimelineEntry) -> date:
    """Return the day, in UTC, of the time that ``entry_time_text`` shows."""
    moment = entry.occurred_at or entry.noticed_at or entry.created_at
    return moment.astimezone(UTC).date()


def duration_text(duration_ms: int) -> str:
    """Return ``00:42:17``."""
    seconds = max(0, duration_ms) // MS_PER_SECOND
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
