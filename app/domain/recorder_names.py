"""Start times in the names that recorders give their files."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from app.domain.media import ToldTime

if TYPE_CHECKING:
    from pathlib import PurePath

DAY = r"(?<!\d)(?P<year>20\d\d)(?P<mark>[-_.]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)"
BETWEEN = r"(?:T|[-_ ,]+(?:at[ _]+)?)"
CLOCK = (
    r"(?P<hour>\d\d|\d(?=[-_.: h]))[-_.: h]?(?P<minute>[0-5]\d)(?:[-_.:]?(?P<second>[0-5]\d))?"
    r"(?:[.,_-]?\d{3})?(?!\d)(?:[ _\u202f]?(?P<half>[AP]M)\b)?"
)
ZONE = (
    r"(?:[ _]?(?P<zone>Z|(?:UTC|GMT)?[+\u2212-]\d{1,2}(?::?\d\d)?|UTC|GMT|[A-Z]{3,4})"
    r"(?![A-Za-z0-9]))?"
)
# OBS, QuickTime, GNOME, phones, Teams, Meet, Zoom on one's own machine, and people
FULL = re.compile(DAY + BETWEEN + CLOCK + ZONE)
# Dictation machines and some phones: Voice 260312_154600.m4a
SHORT = re.compile(
    r"(?<!\d)(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)_"
    r"(?P<hour>\d\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?!\d)"
)
# Written before the day: Zoom's cloud (GMT20260312-144600_Recording), the Pixel's camera
UTC_BEFORE = re.compile(r"(?:GMT|UTC|PXL_)$")
# Messengers name what they bring by when it was sent
SENT = re.compile(r"whatsapp|signal-", re.IGNORECASE)
OFFSET = re.compile(r"(UTC|GMT)?([+\u2212-])(\d{1,2}):?(\d\d)?")
ZONES_OF_UTC = {"Z", "UTC", "GMT"}
FURTHEST = timedelta(hours=14)  # that a zone is from UTC
A_QUARTER = timedelta(minutes=15)
NO_TIME = timedelta()
NOON = 12


def told_by_name(path: PurePath) -> ToldTime | None:
    """Return the start that the file's name tells, else its folder's, as Zoom names it.

    None also where the name gives a zone by letters that mean different ones to different
    people, such as CST, or ends in what is as often the number of a part, such as -02.
    """
    for text, place in ((path.stem, "name"), (path.parent.name, "folder's name")):
        found = FULL.search(text) or SHORT.search(text)
        if found is not None and not SENT.search(text):
            moment = _moment(found, text[: found.start()])
            return None if moment is None else ToldTime(moment, place)
    return None


def _moment(found: re.Match[str], before: str) -> datetime | None:
    parts = found.groupdict()
    hour = int(parts["hour"])
    if parts.get("half"):
        hour = hour % NOON + (NOON if parts["half"] == "PM" else 0)
    year = int(parts["year"])
    try:
        moment = datetime(  # noqa: DTZ001  the zone follows, where there is one
            year if year >= 1000 else 2000 + year,  # noqa: PLR2004  two digits or four
            int(parts["month"]),
            int(parts["day"]),
            hour,
            int(parts["minute"]),
            int(parts["second"] or 0),
        )
    except ValueError:
        return None
    if UTC_BEFORE.search(before):
        return moment.replace(tzinfo=UTC)
    return _in_zone(moment, parts.get("zone"))


def _in_zone(moment: datetime, zone: str | None) -> datetime | None:
    if zone is None:
        return moment
    if zone in ZONES_OF_UTC:
        return moment.replace(tzinfo=UTC)
    offset = OFFSET.fullmatch(zone)
    if offset is None:
        return None
    named, sign, hours, minutes = offset.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    is_zone = ahead <= FURTHEST and ahead % A_QUARTER == NO_TIME
    if sign == "-" and not named and not (is_zone and minutes):
        # A hyphen sets the numbers of copies and parts apart, too: -2, -0001
        return None if is_zone and len(hours) > 1 else moment
    if not is_zone:
        return None
    return moment.replace(tzinfo=timezone(ahead if sign == "+" else -ahead))
