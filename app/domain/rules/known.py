"""What a record knows: the words, numbers and times that a text made from it may use."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields, is_dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.incident_times import incident_times
from app.domain.record import Record
from app.domain.rules.drafts import number_of
from app.domain.rules.moments import display_zone
from app.domain.spoken_time import CLOCK
from app.domain.timeline import Source
from app.domain.times import Precision

# Of few things each, walked field by field; the many are read below.
WALKED = (
    "incident",
    "scope",
    "roles",
    "speakers",
    "decisions",
    "actions",
    "impact",
    "rca",
    "factors",
    "slos",
    "status_updates",
    "checkpoints",
    "evidence",
)
READS = (*WALKED, "entries", "messages", "events", "series", "segments")
NO_WORDS = re.compile(r"id|.*_ids?|sha256|display_timezone|sources")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
FINE = frozenset({Precision.MINUTE, Precision.APPROX})


class Known:
    """Looks claims up in a record; what is dear is read when first asked for."""

    def __init__(self, record: Record) -> None:
        self._record = record
        zone = display_zone(record.incident)
        self._zones = (ZoneInfo("UTC"), zone) if zone.key != "UTC" else (zone,)

    def has_number(self, number: float) -> bool:
        """Whether a number is told, measured, or the minutes between two known times."""
        return number in self._numbers or any(
            number == point.value for series in self._record.series for point in series.points
        )

    def has_words(self, words: str) -> bool:
        """Whether somebody wrote or said them, whatever their capitals."""
        pattern = rf"(?<!\w){re.escape(words.casefold())}(?:['\u2019]?s)?(?!\w)"
        return words.casefold() in self._text and re.search(pattern, self._text) is not None

    def has_date(self, day: date) -> bool:
        """Whether anything happened, or is due, on that day."""
        return day in self._days or day.isoformat() in self._text

    def has_clock(self, clock: time, *, to_the_second: bool) -> bool:
        """Whether a time of day is known as precisely as it is written."""
        known = self._seconds if to_the_second else self._minutes
        return clock in known

    def has_coarser(self, clock: time) -> bool:
        """Whether only a coarser time is known, within which it lies."""
        minute = clock.replace(second=0)
        hour = clock.replace(minute=0, second=0)
        return hour in self._hours or (clock != minute and minute in self._minutes)

    @cached_property
    def _walked(self) -> list[Any]:
        return list(_values(getattr(self._record, name) for name in WALKED))

    @cached_property
    def _text(self) -> str:
        record = self._record
        said = (segment.text for segment in record.segments if segment.flag is None)
        written = (text for m in record.messages for text in (m.text, m.author or ""))
        reported = (text for e in record.events for text in (e.text, e.author or ""))
        told = (entry.text for entry in record.entries)
        quoted = (source.quote for entry in record.entries for source in entry.sources)
        channels = {message.channel or "" for message in record.messages}
        measured = (f"{series.name} {series.unit or ''}" for series in record.series)
        words = (value for value in self._walked if isinstance(value, str))
        parts = itertools.chain(words, told, quoted, written, reported, channels, measured, said)
        return "\n".join(parts).casefold()

    @cached_property
    def _numbers(self) -> set[float]:
        spoken = {number_of(text) for text in set(NUMBER.findall(self._text))}
        kept = {float(v) for v in self._walked if isinstance(v, int | float)}
        days = {float(part) for day in self._days for part in (day.year, day.month, day.day)}
        return spoken | kept | days | self._derived

    @cached_property
    def _derived(self) -> set[float]:
        moments = [m for m in astuple(incident_times(self._record.entries)) if m is not None]
        derived: set[float] = set()
        for first, second in itertools.combinations(moments, 2):
            minutes = abs((second - first).total_seconds()) / 60
            derived |= {float(int(minutes)), float(round(minutes)), minutes}
        for slo in self._record.slos:
            shares = (slo.target, slo.consumed)
            derived |= {slo.budget_minutes, slo.used_minutes, *(round(s * 100, 6) for s in shares)}
            derived |= {float(round(slo.consumed * 100))}
        return derived

    @cached_property
    def _moments(self) -> dict[Precision, set[datetime]]:
        precise = {value for value in self._walked if isinstance(value, datetime)}
        precise |= {message.at for message in self._record.messages}
        precise |= {event.at for event in self._record.events}
        precise |= {e.noticed_at for e in self._record.entries if e.noticed_at is not None}
        moments: dict[Precision, set[datetime]] = {Precision.SECOND: precise}
        for entry in self._record.entries:
            if entry.occurred_at is not None:
                moments.setdefault(entry.precision, set()).add(entry.occurred_at)
        return moments

    @cached_property
    def _seconds(self) -> set[time]:
        written = (match for match in CLOCK.finditer(self._text) if match[3])
        told = {time(int(m[1]), int(m[2]), int(m[3])) for m in written}
        return told | {clock.replace(microsecond=0) for clock in self._clocks(Precision.SECOND)}

    @cached_property
    def _minutes(self) -> set[time]:
        told = {time(int(m[1]), int(m[2])) for m in CLOCK.finditer(self._text)}
        known = self._clocks(Precision.SECOND, *FINE)
        return told | {clock.replace(second=0, microsecond=0) for clock in known}

    @cached_property
    def _hours(self) -> set[time]:
        return {time(clock.hour) for clock in self._clocks(Precision.HOUR)}

    @cached_property
    def _days(self) -> set[date]:
        due = {v for v in self._walked if isinstance(v, date) and not isinstance(v, datetime)}
        moments = itertools.chain.from_iterable(self._moments.values())
        return due | {at.astimezone(zone).date() for at in moments for zone in self._zones}

    def _clocks(self, *precisions: Precision) -> set[time]:
        return {
            at.astimezone(zone).time()
            for precision in precisions
            for at in self._moments.get(precision, ())
            for zone in self._zones
        }


@lru_cache(maxsize=64)
def _told_fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if not NO_WORDS.fullmatch(f.name))


def _values(things: Iterable[Any]) -> Iterator[Any]:
    """Return the texts, numbers and times inside entities; ids and places on a track are none."""
    for thing in things:
        if thing is None or isinstance(thing, bool):
            continue
        if isinstance(thing, tuple):
            yield from _values(thing)
        elif isinstance(thing, Source):
            yield thing.quote
        elif is_dataclass(thing) and not isinstance(thing, type):
            yield from _values(getattr(thing, name) for name in _told_fields(type(thing)))
        else:
            yield thing
