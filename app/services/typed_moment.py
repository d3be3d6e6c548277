"""Times that people type for what has happened: on the incident's own day, as fine as typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.incident_times import incident_times
from app.domain.past_time import PastTimeError, past_moment
from app.domain.times import Precision, now_utc
from app.domain.zones import zone_of

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """When, and how finely; ``at`` is None exactly where the precision is unknown."""

    at: datetime | None
    precision: Precision


def typed_moment(
    record: Record,
    typed: str,
    *,
    entry: TimelineEntry | None = None,
    precision: Precision | None = None,
    place: str = "time",
) -> TypedMoment:
    """Return what a person means by ``14:02``, ``14:02:31``, an ISO time or ``unknown``.

    A time of day is that of the entry's own day, or of the incident's: whichever lies nearest to
    the time it had (midnight is crossed where that is nearer), and never to come. It is as
    precise as it was typed, unless ``precision`` says that it is known less finely.

    Raises:
        InvalidRecordError: It is none of these, lies in the future, or is to be precise to the
            second and tells none.
    """
    if typed.strip().casefold() == UNKNOWN or precision is Precision.UNKNOWN:
        if typed.strip().casefold() != UNKNOWN or precision not in {None, Precision.UNKNOWN}:
            raise InvalidRecordError(place, "what is unknown has no time or precision")
        return TypedMoment(None, Precision.UNKNOWN)
    now = now_utc()
    zone = zone_of(record.incident.display_timezone)
    try:
        found = past_moment(typed, near=own_day(record, entry), now=now, zone=zone)
    except PastTimeError as cause:
        remedy = f"{cause.remedy} Or say “unknown”."
        raise InvalidRecordError(place, str(cause), remedy=remedy) from cause
    if precision is Precision.SECOND and found.precision is not Precision.SECOND:
        raise no_seconds(typed, "precision")
    return TypedMoment(found.at, precision or found.precision)


def no_seconds(told: str, place: str) -> InvalidRecordError:
    """Return why a time is not taken as precise to the second."""
    return InvalidRecordError(
        place,
        f"“{told}” tells no seconds, so it is not precise to the second",
        remedy="Give them, as in 14:02:31, or leave the precision at minute.",
    )


def own_day(record: Record, entry: TimelineEntry | None = None) -> datetime:
    """Return the moment whose day is meant: the entry's, else the incident's."""
    if entry is not None and entry.occurred_at is not None:
        return entry.occurred_at
    started = incident_times(record.entries).started
    if started is not None:
        return started
    live = [one.start_utc for one in record.sessions if not one.kind.is_retrospective]
    timed = [one.occurred_at for one in record.entries if one.occurred_at is not None]
    return min([*live, *timed], default=record.incident.created_at)
