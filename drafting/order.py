"""The order in which things are numbered: when they were said, never by their random ids.

The same recording, promoted in the same way, gives the same numbers on every machine.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from app.domain.actions import Action
from app.domain.timeline import timeline_order

if TYPE_CHECKING:
    from app.domain.analysis import Factor
    from app.domain.decisions import Decision
    from app.domain.evidence import Evidence
    from app.domain.record import Record
    from app.domain.timeline import Source, TimelineEntry

Place: TypeAlias = "tuple[datetime, datetime, str]"  # from, to, on which track
Key: TypeAlias = "tuple[datetime, datetime, Place, datetime, str]"
_NEVER = datetime.max.replace(tzinfo=UTC)
_NOWHERE: Place = (_NEVER, _NEVER, "")


class Order:
    """Sort keys for entries, the decisions and actions that go with them, and evidence."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._entries = {entry.id: entry for entry in record.entries}
        self._made = {
            change.entity.id: operation.at
            for operation in record.operations
            for change in operation.changes
            if change.before is None
        }

    def of_entry(self, entry: TimelineEntry) -> Key:
        """Return the timeline's key, with the place of the words before the id."""
        occurred, noticed, created, _ = timeline_order(entry)
        return (occurred, noticed, self._place(entry.sources), created, entry.text)

    def of_companion(self, thing: Decision | Action) -> tuple[Key, Place, datetime, str]:
        """Return the key of the entry it belongs to, then its own.

        One without an entry stands as an untimed entry would: by when its words were said.
        """
        words = thing.text if isinstance(thing, Action) else thing.decision
        place = self._place(thing.sources)
        made = self._made.get(thing.id, _NEVER)
        entry = self._entries.get(thing.entry_id) if thing.entry_id is not None else None
        key = (_NEVER, place[0], place, made, words) if entry is None else self.of_entry(entry)
        return key, place, made, words

    def of_factor(self, factor: Factor) -> tuple[datetime, str]:
        """Return when it was put on record, then what it says."""
        return self._made.get(factor.id, _NEVER), factor.text

    def of_evidence(self, evidence: Evidence) -> tuple[datetime, datetime, str, str]:
        """Return when it was put on record, then when it was taken, then what it is."""
        made = self._made.get(evidence.id, _NEVER)
        what = (evidence.name or evidence.url or "", evidence.sha256 or "")
        return made, evidence.captured_at or _NEVER, *what

    def _place(self, sources: tuple[Source, ...]) -> Place:
        """Return where the first of the sources lies; far away for none."""
        return min(map(self._place_of, sources), default=_NOWHERE)

    def _place_of(self, source: Source) -> Place:
        audio = source.audio
        if audio is None:
            return _NOWHERE
        utc = self._record.utc
        label = self._record.track(audio.track_id).label.value
        start = utc(audio.session_id, audio.span.start_ms)
        return (start, utc(audio.session_id, audio.span.end_ms), label)
