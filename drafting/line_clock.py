"""The times of printed lines: their day where it is another, and when words were only said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING

from app.domain.timeline import SourceType
from drafting.time_words import clock, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from app.domain.timeline import TimelineEntry
    from drafting.report import Clock
    from drafting.time_words import Moment


@dataclass(frozen=True, slots=True)
class LineClock:
    """Prints times for one report; ``main_day`` is the UTC day that needs no mention, or empty."""

    zone: tzinfo | None
    main_day: str

    def at(self, moment: Moment | None) -> Clock:
        """Return a time as it is printed in a line."""
        shown = clock(moment, self.zone)
        return replace(shown, dated=bool(shown.day) and shown.day != self.main_day)

    def of(self, entry: TimelineEntry) -> Clock:
        """Return when an entry's event occurred; where nobody said, when it was spoken of."""
        shown = self.at(moment_of(entry))
        return shown if shown.day else replace(shown, said=self.said(entry))

    def said(self, entry: TimelineEntry) -> str:
        """Return ``said 14:46:04``, UTC, with the day if it is another; empty if not known."""
        if entry.noticed_at is None:
            return ""
        utc = entry.noticed_at.astimezone(UTC)
        day = utc.date().isoformat()
        face = f"{utc:%H:%M:%S}"
        return f"{_verb(entry)} {face if day == self.main_day else f'{day} {face}'}"


def main_day(start: Moment | None, entries: Iterable[TimelineEntry]) -> str:
    """Return the UTC day of the impact's start, without one that of most lines; empty for none."""
    if start is not None:
        return clock(start).day
    days = Counter(day for entry in entries if (day := clock(moment_of(entry)).day))
    return min(days, key=lambda day: (-days[day], day), default="")


def _verb(entry: TimelineEntry) -> str:
    types = {source.type for source in entry.sources}
    if SourceType.SPAN in types:
        return "said"
    return "marked" if types else "noticed"
