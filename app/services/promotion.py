"""Use case: promote what was said, written, reported or marked to the timeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.errors import InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.ids import ActionId, DecisionId, EntryId, IncidentId, SegmentId, new_id
from app.domain.record import Change, Operation, Record
from app.domain.spoken_time import occurrence
from app.domain.timeline import (
    Anchor,
    EntryKind,
    Source,
    SourceAudio,
    SourceType,
)
from app.domain.zones import zone_of
from app.services.promoted_entries import (
    When,
    entry_of_event,
    entry_of_marker,
    entry_of_message,
    entry_of_stretch,
    new_entry,
)
from app.services.typed_moment import typed_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.ids import EventId, MarkerId, MessageId, SessionId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.timeline import TimelineEntry
    from app.domain.times import Precision, Span
    from app.domain.transcript import Segment


@dataclass(frozen=True, slots=True)
class Selection:
    """A segment, or some of its words.

    ``first_word`` and ``last_word`` are indexes, both inclusive; None for the whole segment.
    """

    segment_id: SegmentId
    first_word: int | None = None
    last_word: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of an entry as they promote it, empty or None where nothing.

    ``time`` is as typed (``14:02``, an ISO time, ``unknown``) and stands over what the words say.
    """

    time: str = ""
    anchor: Anchor | None = None


NOTHING_GIVEN = Given()

ATTEMPTS = frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})


class Promotion:
    """Turns words, messages, events and markers into entries that keep the words as quotes.

    A decision and an action come along with their entry.
    """

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
        given: Given = NOTHING_GIVEN,
    ) -> Operation:
        """Add an entry backed by the selected words; one step, undone as one.

        ``text`` is what the entry says, by default the words themselves. Of the others below the
        same is true.

        Raises:
            InvalidRecordError: Nothing is selected, or it is no longer in the transcript.
        """
        record = self._store.record(incident_id)
        entry = entry_from(record, selection, kind=kind, text=text)
        return self._add(record, entry, given)

    def promote_message(
        self,
        incident_id: IncidentId,
        message_id: MessageId,
        *,
        kind: EntryKind,
        text: str | None = None,
        given: Given = NOTHING_GIVEN,
    ) -> Operation:
        """Add an entry backed by a line of chat or a mail.

        Raises:
            NotFoundError: There is no such message.
        """
        record = self._store.record(incident_id)
        return self._add(record, entry_of_message(record, message_id, kind, text), given)

    def promote_event(
        self,
        incident_id: IncidentId,
        event_id: EventId,
        *,
        kind: EntryKind,
        text: str | None = None,
        given: Given = NOTHING_GIVEN,
    ) -> Operation:
        """Add an entry backed by an alert, a change or a status page's update.

        Raises:
            NotFoundError: There is no such event.
        """
        record = self._store.record(incident_id)
        return self._add(record, entry_of_event(record, event_id, kind, text), given)

    def promote_marker(
        self,
        incident_id: IncidentId,
        marker_id: MarkerId,
        *,
        kind: EntryKind,
        text: str | None = None,
        given: Given = NOTHING_GIVEN,
    ) -> Operation:
        """Add an entry backed by the 20 s before a marker.

        Raises:
            NotFoundError: There is no such marker.
            InvalidRecordError: There is neither sound nor a word.
        """
        record = self._store.record(incident_id)
        return self._add(record, entry_of_marker(record, marker_id, kind, text), given)

    def promote_stretch(
        self,
        incident_id: IncidentId,
        session_id: SessionId,
        span: Span,
        *,
        kind: EntryKind,
        text: str | None = None,
        given: Given = NOTHING_GIVEN,
    ) -> Operation:
        """Add an entry backed by a stretch of a session, whatever its segments are.

        Raises:
            NotFoundError: There is no such session.
            InvalidRecordError: There is neither sound nor a word.
        """
        record = self._store.record(incident_id)
        return self._add(record, entry_of_stretch(record, session_id, span, kind, text), given)

    def _add(self, record: Record, entry: TimelineEntry, given: Given) -> Operation:
        if given.time:
            moment = typed_moment(record, given.time, entry=entry)
            entry = replace(entry, occurred_at=moment.at, precision=moment.precision)
        entry = replace(entry, anchor=given.anchor)
        changes = [Change(None, entry), *companions(entry)]
        label = f"promote to {entry.kind.value}"
        incident_id = record.incident.id
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
    said = (text or "").strip() or quote
    occurred_at, precision = _occurred(record, heard[0], said, said_at)
    when = When(occurred_at, precision, said_at)
    return new_entry(record, kind, said, sources, when)


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
    if entry.kind is EntryKind.ACTION and not _was_done(entry):
        action = Action(
            id=ActionId(new_id("act")),
            incident_id=entry.incident_id,
            text=entry.text,
            entry_id=entry.id,
            owner_role=entry.owner_role,
            sources=entry.sources,
        )
        return [Change(None, action)]
    return []


def _was_done(entry: TimelineEntry) -> bool:
    """Whether an action was an attempt to mitigate: nobody has to follow that up."""
    return entry.mitigation_result is not None or entry.anchor in ATTEMPTS


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
