"""Clock times that people say: ``at 14:02``.

Only what cannot be misread becomes a time. Wherever the words leave a doubt (another day, a plan,
a zone that is not the incident's, a ratio), nothing is taken from them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from app.domain.sessions import SessionKind
from app.domain.times import Precision

# Anything written like a clock time, whatever it means; groups: hour, minute, second.
WRITTEN_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\d:]|\.\d)")
# A word before it says that it is a time of day; it is no part of a longer number or version.
CLOCK = re.compile(
    r"\b(?:at|since|from|around|about)\s+"
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:]|\.\d)"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s*(?P<zone>UTC|GMT|Z)\b)?",
    re.IGNORECASE,
)
ANOTHER_ZONE = re.compile(
    r"\b(?:local|pacific|eastern|central|mountain|[PMCE][SD]T|CES?T|BST|IST|JST|AES?T|SGT)\b",
    re.IGNORECASE,
)
ANOTHER_DAY_OR_A_PLAN = re.compile(
    r"\b(?:next|will|shall|should|until|till|tomorrow|tonight|yesterday|last|later|scheduled?|"
    r"plan(?:ned|s)?|going to|expect\w*|if|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?s?\b",
    re.IGNORECASE,
)
NOON = 12
SLACK = timedelta(minutes=5)  # a speaker's clock may be ahead of the recording's
EVENING, MORNING = 18, 6  # shortly after midnight, an evening's time is the day before's


def spoken_clock_times(text: str) -> list[tuple[time, Precision]]:
    """Return the different clock times in the text, in order, as precisely as they were said.

    A time said to be UTC carries that zone; others are of the incident's zone.
    """
    if ANOTHER_ZONE.search(text):
        return []
    found: dict[tuple[time, Precision], None] = {}
    for match in CLOCK.finditer(text):
        clock = _clock(match)
        if clock is not None:
            precision = Precision.SECOND if match["second"] else Precision.MINUTE
            found[clock, precision] = None
    return list(found)


def occurrence(
    text: str, *, said_at: datetime, kind: SessionKind, zone: tzinfo
) -> tuple[datetime | None, Precision]:
    """Return when the thing that is told happened.

    The one time of that day that the words give. Where they give none, or several, or speak of
    another day or of a plan: the moment it was said in a live session, unknown in one that looks
    back.
    """
    spoken = [] if ANOTHER_DAY_OR_A_PLAN.search(text) else spoken_clock_times(text)
    if len(spoken) == 1:
        clock, precision = spoken[0]
        moment = _moment(clock, said_at, zone)
        if moment is not None:
            return moment, precision
    if kind.is_retrospective:
        return None, Precision.UNKNOWN
    return said_at, Precision.SECOND


def _clock(match: re.Match[str]) -> time | None:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if match["half"].lower() == "p" else 0)
    zone = UTC if match["zone"] else None
    return time(hour, int(match["minute"]), int(match["second"] or 0), tzinfo=zone)


def _moment(clock: time, said_at: datetime, zone: tzinfo) -> datetime | None:
    """Return the last such time before it was said, if that is beyond doubt."""
    own_zone = clock.tzinfo or zone
    said = said_at.astimezone(own_zone)
    moment = datetime.combine(said.date(), clock.replace(tzinfo=None), tzinfo=own_zone)
    if moment > said + SLACK:
        if clock.hour < EVENING or said.hour >= MORNING:
            return None
        moment -= timedelta(days=1)
    return moment.astimezone(said_at.tzinfo)
