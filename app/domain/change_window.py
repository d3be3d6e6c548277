"""What changed just before: deploys, configuration, dependencies and triggers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.imported import Event, EventKind
from app.domain.incident_times import anchor_entries
from app.domain.record import Record
from app.domain.rules.moments import moment
from app.domain.timeline import Anchor, TimelineEntry
from app.domain.times import Precision

CHANGES = frozenset({EventKind.DEPLOY, EventKind.CONFIG, EventKind.DEPENDENCY})
BEFORE = (Anchor.IMPACT_START, Anchor.DETECTION)  # the first of them that is timed
DEFAULT_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A change: an event, an entry anchored as the trigger, or an entry made of such an event.

    ``kind`` is deploy, config, dependency or trigger.
    """

    at: datetime
    precision: Precision
    kind: str
    text: str
    event: Event | None = None
    entry: TimelineEntry | None = None


@dataclass(frozen=True, slots=True)
class ChangeWindow:
    """The changes, newest first, from ``since`` to ``until``.

    ``anchor`` is what ``until`` stands on: impact start, or detection where that is not known.
    Both are None, and there are no changes, where neither is timed.
    """

    anchor: Anchor | None
    since: datetime | None
    until: datetime | None
    changes: tuple[FoundChange, ...] = ()


def changes_before(record: Record, window: timedelta = DEFAULT_WINDOW) -> ChangeWindow:
    """Return what changed in the time before the impact began.

    What may have come before counts: a deploy within the minute to which the start is known.
    """
    anchored = anchor_entries(entry for entry in record.entries if entry.anchor is not None)
    anchor = next((anchor for anchor in BEFORE if anchor in anchored), None)
    start = None if anchor is None else anchored[anchor]
    if start is None or start.occurred_at is None:
        return ChangeWindow(None, None, None)
    meant = moment(start.occurred_at, start.precision)
    since = start.occurred_at - window
    found = [
        change
        for change in _all_changes(record)
        if moment(change.at, change.precision).latest > since
        and moment(change.at, change.precision).earliest < meant.latest
    ]
    newest_first = sorted(found, key=lambda change: (change.at, change.text), reverse=True)
    return ChangeWindow(anchor, since, start.occurred_at, tuple(newest_first))


def _all_changes(record: Record) -> Iterator[FoundChange]:
    """Yield every change once: an entry that was promoted from an event stands with it."""
    promoted = {
        source.event_id: entry
        for entry in record.entries
        for source in entry.sources
        if source.event_id is not None
    }
    changes = [event for event in record.events if event.kind in CHANGES]
    for event in changes:
        entry = promoted.get(event.id)
        yield FoundChange(event.at, Precision.SECOND, event.kind.value, event.text, event, entry)
    shown = {promoted[event.id].id for event in changes if event.id in promoted}
    for entry in record.entries:
        trigger = entry.anchor is Anchor.TRIGGER and entry.id not in shown
        if trigger and entry.occurred_at is not None:
            yield FoundChange(
                entry.occurred_at, entry.precision, Anchor.TRIGGER.value, entry.text, entry=entry
            )
