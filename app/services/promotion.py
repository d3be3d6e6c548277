"""Use case: promote what was said to the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.errors import InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.ids import ActionId, DecisionId, EntryId, IncidentId, SegmentId, new_id
from app.domain.record import Change, Operation, Record
from app.domain.spoken_time import occurrence
from app.domain.timeline import (
    EntryKind,
    HypothesisState,
    Source,
    SourceAudio,
    SourceType,
    TimelineEntry,
)
from app.domain.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.ports import EventBus, RecordStore
    from app.domain.times import Precision
    from app.domain.transcript import Segment


@dataclass(frozen=True, slots=True)
class Selection:
    """A segment, or some of its words.

    ``first_word`` and ``last_word`` are indexes, both inclusive; None for the whole segment.
    """

    segment_id: SegmentId
    first_word: int | None = None
    last_word: int | None = None


class Promotion:
    """Turns selected words into entries, decisions and actions, with the words kept as quotes."""

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor

    def promote(
        self,
        incident_id: IncidentId,
        selection: Sequence[Selection],
        *,
        kind: EntryKind,
        text: str | None = None,
    ) -> Operation:
        """Add an entry backed by the selected words; one step, undone as one.

        ``text`` is what the entry says, by default the words themselves.

        Raises:
            InvalidRecordError: Nothing is selected, or it is no longer in the transcript.
        """
        record = self._store.record(incident_id)
        entry = entry_from(record, selection, kind=kind, text=text)
        changes = [Change(None, entry), *companions(entry)]
        label = f"promote to {kind.value}"
        operation = self._store.commit(incident_id, changes, by=self._actor, label=label)
        self._bus.publish(RecordChanged(incident_id, operation))
        return operation


def entry_from(
    record: Record, selection: Sequence[Selection], *, kind: EntryKind, text: str | None
) -> TimelineEntry:
    """Return the entry that the selected words make.

    It occurred when the words say; where they give no time, when they were said, unless the
    session looks back on the incident: then that is unknown.
    """
    sources = tuple(_source(record, chosen) for chosen in selection)
    if not sources:
        raise InvalidRecordError("selection", "no words are selected", remedy="Select some.")
    quote = " ".join(source.quote for source in sources)
    heard = [audio for source in sources if (audio := source.audio) is not None]
    said_at = min(record.utc(audio.session_id, audio.span.start_ms) for audio in heard)
    occurred_at, precision = _occurred(record, heard[0], text or quote, said_at)
    return TimelineEntry(
        id=EntryId(new_id("ent")),
        incident_id=record.incident.id,
        kind=kind,
        text=text or quote,
        occurred_at=occurred_at,
        noticed_at=said_at,
        precision=precision,
        sources=sources,
        hypothesis_state=HypothesisState.OPEN if kind is EntryKind.HYPOTHESIS else None,
    )


def companions(entry: TimelineEntry) -> list[Change]:
    """Return what comes along with an entry of this kind: its decision, its action."""
    if entry.kind is EntryKind.DECISION:
        decision = Decision(
            id=DecisionId(new_id("dec")),
            incident_id=entry.incident_id,
            entry_id=entry.id,
            decision=entry.text,
            at=entry.occurred_at,
            who=entry.owner_role,
            sources=entry.sources,
        )
        return [Change(None, decision)]
    if entry.kind is EntryKind.ACTION:
        action = Action(
            id=ActionId(new_id("act")),
            incident_id=entry.incident_id,
            text=entry.text,
            entry_id=entry.id,
            sources=entry.sources,
        )
        return [Change(None, action)]
    return []


def without_companions(record: Record, entry_id: EntryId) -> list[Change]:
    """Return what goes when an entry goes: its decision, its action."""
    decisions = [Change(d, None) for d in record.decisions if d.entry_id == entry_id]
    actions = [Change(a, None) for a in record.actions if a.entry_id == entry_id]
    return [*decisions, *actions]


def _source(record: Record, chosen: Selection) -> Source:
    segment = next((s for s in record.segments if s.id == chosen.segment_id), None)
    if segment is None:
        raise InvalidRecordError(
            f"segment {chosen.segment_id}",
            "it is no longer in the transcript",
            remedy="The transcript was made anew: select the words again.",
        )
    start_ms, end_ms, quote = _words(segment, chosen)
    return Source(
        type=SourceType.SPAN,
        session_id=segment.session_id,
        track_id=segment.track_id,
        start_ms=start_ms,
        end_ms=end_ms,
        quote=quote,
        segment_ids=(segment.id,),
    )


def _words(segment: Segment, chosen: Selection) -> tuple[int, int, str]:
    first, last = chosen.first_word, chosen.last_word
    whole = first is None or last is None or segment.edited or not segment.words
    if whole or (first == 0 and last == len(segment.words) - 1):
        return segment.start_ms, segment.end_ms, segment.text
    words = segment.words[first : (last or 0) + 1]
    if not words:
        raise InvalidRecordError(
            f"segment {segment.id}", "it has no such words", remedy="Select the words again."
        )
    end_ms = max(words[-1].end_ms, words[0].start_ms + 1)
    return words[0].start_ms, end_ms, " ".join(word.text for word in words)


def _occurred(
    record: Record, audio: SourceAudio, text: str, said_at: datetime
) -> tuple[datetime | None, Precision]:
    zone = zone_of(record.incident.display_timezone)
    kind = record.session(audio.session_id).kind
    return occurrence(text, said_at=said_at, kind=kind, zone=zone)
