"""Clock times that people say: ``at 14:02``."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from app.domain.sessions import SessionKind
from app.domain.times import Precision

# Not a part of a longer number or version, nor a span such as 14:02:31.5 on a recording.
CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\d:]|\.\d)")
SLACK = timedelta(minutes=5)  # a speaker's clock may be ahead of the recording's


def spoken_clock_times(text: str) -> list[tuple[time, Precision]]:
    """Return the different clock times in the text, in order, as precisely as they were said."""
    found: dict[tuple[time, Precision], None] = {}
    for match in CLOCK.finditer(text):
        hour, minute, second = match.groups()
        precision = Precision.SECOND if second else Precision.MINUTE
        found[time(int(hour), int(minute), int(second or 0)), precision] = None
    return list(found)


def occurrence(
    text: str, *, said_at: datetime, kind: SessionKind, zone: tzinfo
) -> tuple[datetime | None, Precision]:
    """Return when the thing that is told happened.

    The one time that the words give, on the last day on which it had passed when it was said.
    Where they give none, or several: the moment it was said in a live session, unknown in one
    that looks back.
    """
    spoken = spoken_clock_times(text)
    if len(spoken) == 1:
        clock, precision = spoken[0]
        return _latest(clock, before=said_at + SLACK, zone=zone), precision
    if kind.is_retrospective:
        return None, Precision.UNKNOWN
    return said_at, Precision.SECOND


def _latest(clock: time, *, before: datetime, zone: tzinfo) -> datetime:
    local = before.astimezone(zone)
    moment = datetime.combine(local.date(), clock, tzinfo=zone)
    if moment > local:
        moment = datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=zone)
    return moment.astimezone(before.tzinfo)
