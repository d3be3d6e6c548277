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

from app.domain.imported import Event, Message, Series
from app.domain.incident_times import incident_times
from app.domain.record import Record
from app.domain.rules.remembered import Remembered, RememberedEach
from app.domain.rules.words import ManyWords, Words
from app.domain.timeline import Source, TimelineEntry
from app.domain.times import Precision
from app.domain.transcript import Segment
from app.domain.zones import zone_of

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


def _said(segments: tuple[Segment, ...]) -> Words:
    # What may never have been said enters no draft.
    return Words(segment.text for segment in segments if segment.flag is None)


def _written(messages: tuple[Message, ...]) -> Words:
    return Words(t for m in messages for t in (m.text, m.author or "", m.channel or ""))


def _reported(events: tuple[Event, ...]) -> Words:
    return Words(text for event in events for text in (event.text, event.author or ""))


def _told(entry: TimelineEntry) -> Words:
    return Words((entry.text, *(source.quote for source in entry.sources)))


def _walk(*parts: object) -> list[Any]:
    return list(_values(parts))


def _of_the_rest(walked: list[Any], series: tuple[Series, ...]) -> Words:
    measured = (f"{one.name} {one.unit or ''}" for one in series)
    return Words(itertools.chain((v for v in walked if isinstance(v, str)), measured))


# An edit of the timeline leaves these as they were, and they are most of all the words.
_words_said = Remembered(_said)
_words_written = Remembered(_written)
_words_reported = Remembered(_reported)
_words_of_the_rest = Remembered(_of_the_rest)
_words_told = RememberedEach(_told)
_walked = Remembered(_walk)


class Known:
    """Looks claims up in a record; what is dear is read when first asked for."""

    def __init__(self, record: Record) -> None:
        self._record = record
        zone = zone_of(record.incident.display_timezone)
        utc = ZoneInfo("UTC")
        self._zones = (utc,) if zone.key == utc.key else (utc, zone)

    def has_number(self, number: float) -> bool:
        """Whether a number is told, measured, or the minutes between two known times."""
        return (
            number in self._figures
            or any(number in words.numbers for words in self._words)
            or any(p.value == number for series in self._record.series for p in series.points)
        )

    def has_words(self, words: str) -> bool:
        """Whether somebody wrote or said them, whatever their capitals."""
        plain = words.casefold()
        return any(plain in words for words in self._words)

    def has_date(self, day: date) -> bool:
        """Whether anything happened, or is due, on that day."""
        return day in self._days or self.has_words(day.isoformat())

    def has_clock(self, clock: time, *, to_the_second: bool) -> bool:
        """Whether a time of day is known as precisely as it is written."""
        return clock in (self._seconds if to_the_second else self._minutes)

    def has_coarser(self, clock: time) -> bool:
        """Whether only a coarser time is known, within which it lies."""
        minute = clock.replace(second=0)
        hours = self._clocks(Precision.HOUR)
        return time(clock.hour) in hours or (clock != minute and minute in self._minutes)

    @cached_property
    def _walked(self) -> list[Any]:
        return _walked(*(getattr(self._record, name) for name in WALKED))

    @cached_property
    def _words(self) -> tuple[Words | ManyWords, ...]:
        record = self._record
        return (
            _words_of_the_rest(self._walked, record.series),
            ManyWords(_words_told(record.entries)),
            _words_written(record.messages),
            _words_reported(record.events),
            _words_said(record.segments),
        )

    @cached_property
    def _figures(self) -> set[float]:
        kept = {float(v) for v in self._walked if isinstance(v, int | float)}
        days = {float(part) for day in self._days for part in (day.year, day.month, day.day)}
        return kept | days | self._derived

    @cached_property
    def _derived(self) -> set[float]:
        moments = [
            m
            for m in astuple(
                incident_times(e for e in self._record.entries if e.anchor is not None)
            )
            if m is not None
        ]
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
        record = self._record
        precise = {value for value in self._walked if isinstance(value, datetime)}
        precise |= {message.at for message in record.messages}
        precise |= {event.at for event in record.events}
        precise |= {e.noticed_at for e in record.entries if e.noticed_at is not None}
        moments: dict[Precision, set[datetime]] = {Precision.SECOND: precise}
        for entry in record.entries:
            if entry.occurred_at is not None:
                moments.setdefault(entry.precision, set()).add(entry.occurred_at)
        return moments

    @cached_property
    def _seconds(self) -> set[time]:
        told = {clock for words in self._words for clock, fine in words.clocks if fine}
        return told | {clock.replace(microsecond=0) for clock in self._clocks(Precision.SECOND)}

    @cached_property
    def _minutes(self) -> set[time]:
        told = {clock.replace(second=0) for words in self._words for clock, _ in words.clocks}
        fine = self._clocks(Precision.SECOND, Precision.MINUTE, Precision.APPROX)
        return told | {clock.replace(second=0, microsecond=0) for clock in fine}

    @cached_property
    def _days(self) -> set[date]:
        due = {v for v in self._walked if isinstance(v, date) and not isinstance(v, datetime)}
        moments = itertools.chain.from_iterable(self._moments.values())
        return due | {at.astimezone(zone).date() for at in moments for zone in self._zones}

    def _clocks(self, *precisions: Precision) -> set[time]:
        hour = precisions == (Precision.HOUR,)
        return {
            time(local.hour) if hour else local.time()
            for precision in precisions
            for at in self._moments.get(precision, ())
            for zone in self._zones
            for local in [at.astimezone(zone)]
        }


known_of = Remembered(Known)


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
