"""The entries that messages, events, markers and stretches of a recording make.

When it occurred follows decision D14, as for words of the transcript:

- An event is what a system reported: it occurred when the system says, to the second.
- A message occurred when its words say. Where they give no one time, when it was written, if that
  was during the incident; else that is unknown: the words may look back.
- A marker occurred when the words heard say; else about when it was pressed, on a live session.
- ``noticed_at`` is when it was reported, written, said or pressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import EntryId, new_id
from app.domain.incident_times import incident_times
from app.domain.rules.entries import OVER
from app.domain.sessions import SessionKind
from app.domain.spoken_time import occurrence
from app.domain.timeline import EntryKind, HypothesisState, Source, SourceType, TimelineEntry
from app.domain.times import Precision, Span, after
from app.domain.zones import zone_of
from app.services.edit_sources import heard_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.domain.ids import EventId, MarkerId, MessageId, SessionId
    from app.domain.record import Entity, Record
    from app.domain.sessions import Session

E = TypeVar("E", bound="Entity")
SEE = "“hotwash show ID --json” lists what there is."


@dataclass(frozen=True, slots=True)
class When:
    """When something occurred, how finely that is known, and when it was noticed."""

    occurred_at: datetime | None
    precision: Precision
    noticed_at: datetime


def new_entry(
    record: Record, kind: EntryKind, text: str, sources: tuple[Source, ...], when: When
) -> TimelineEntry:
    """Return a new entry; a hypothesis is open."""
    return TimelineEntry(
        id=EntryId(new_id("ent")),
        incident_id=record.incident.id,
        kind=kind,
        text=text,
        occurred_at=when.occurred_at,
        noticed_at=when.noticed_at,
        precision=when.precision,
        sources=sources,
        hypothesis_state=HypothesisState.OPEN if kind is EntryKind.HYPOTHESIS else None,
    )


def entry_of_message(
    record: Record, message_id: MessageId, kind: EntryKind, text: str | None
) -> TimelineEntry:
    """Return the entry that a line of chat or a mail makes; its words are the quote.

    Raises:
        NotFoundError: There is no such message.
    """
    message = _found(record.messages, message_id, "message")
    quote = message.text.strip()
    stated = _stated(text, quote)
    # Silence about the time means what it does in a session: live, or looking back.
    about = SessionKind.BRIDGE if written_during(record, message.at) else SessionKind.HOTWASH
    occurred_at, precision = occurrence(
        stated, said_at=message.at, kind=about, zone=zone_of(record.incident.display_timezone)
    )
    source = Source(SourceType.MESSAGE, quote=quote, message_id=message.id)
    return new_entry(record, kind, stated, (source,), When(occurred_at, precision, message.at))


def entry_of_event(
    record: Record, event_id: EventId, kind: EntryKind, text: str | None
) -> TimelineEntry:
    """Return the entry that an alert, a change or a status page's update makes.

    Raises:
        NotFoundError: There is no such event.
    """
    event = _found(record.events, event_id, "event")
    quote = event.text.strip()
    source = Source(SourceType.EVENT, quote=quote, event_id=event.id)
    when = When(event.at, Precision.SECOND, event.at)
    return new_entry(record, kind, _stated(text, quote), (source,), when)


def entry_of_marker(
    record: Record, marker_id: MarkerId, kind: EntryKind, text: str | None
) -> TimelineEntry:
    """Return the entry that a marker makes: the 20 s before it, with the words heard there.

    It says what is given, else what was typed with the marker, else what was heard.

    Raises:
        NotFoundError: There is no such marker.
        InvalidRecordError: Nothing was recorded there; or nothing was said there, nor typed.
    """
    marker = _found(record.markers, marker_id, "marker")
    start_ms = max(0, marker.at_ms - marker.covers_ms)
    span = Span(start_ms, max(marker.at_ms, start_ms + 1))
    sources = _heard(record, marker.session_id, span, marker_id=marker.id)
    session = record.session(marker.session_id)
    pressed = record.utc(session.id, marker.at_ms)
    stated = _stated(text or marker.text, _quote(sources))
    occurred_at, precision = _said(record, session, stated, pressed)
    if occurred_at == pressed:
        precision = Precision.APPROX  # it was somewhere in the seconds before
    return new_entry(record, kind, stated, sources, When(occurred_at, precision, pressed))


def entry_of_stretch(
    record: Record, session_id: SessionId, span: Span, kind: EntryKind, text: str | None
) -> TimelineEntry:
    """Return the entry that a stretch of a session makes, with the words heard on its tracks.

    Raises:
        NotFoundError: There is no such session.
        InvalidRecordError: Nothing was recorded there; or nothing was said there, nor given.
    """
    session = _found(record.sessions, session_id, "session")
    sources = _heard(record, session.id, span)
    said_at = record.utc(session.id, span.start_ms)
    stated = _stated(text, _quote(sources))
    when = When(*_said(record, session, stated, said_at), said_at)
    return new_entry(record, kind, stated, sources, when)


def written_during(record: Record, at: datetime) -> bool:
    """Whether a moment lies in the incident as far as the record tells, or in a live session."""
    times = incident_times(record.entries)
    runs_on = times.resolved is None and record.incident.state not in OVER
    begun = times.started is not None and times.started <= at
    if begun and (runs_on or (times.resolved is not None and at <= times.resolved)):
        return True
    return any(_covers(record, session, at) for session in record.sessions)


def _found(things: Sequence[E], wanted: str, what: str) -> E:
    found = next((thing for thing in things if thing.id == wanted), None)
    if found is None:
        raise NotFoundError(f"There is no {what} “{wanted}”.", remedy=SEE)
    return found


def _covers(record: Record, session: Session, at: datetime) -> bool:
    if session.kind.is_retrospective:
        return False
    lengths = [track.duration_ms for track in record.tracks_of(session.id)]
    start = record.utc(session.id, 0)
    still_runs = None in lengths
    end = after(start, max((length or 0 for length in lengths), default=0))
    return start <= at and (still_runs or at <= end)


def _said(
    record: Record, session: Session, text: str, said_at: datetime
) -> tuple[datetime | None, Precision]:
    zone = zone_of(record.incident.display_timezone)
    return occurrence(text, said_at=said_at, kind=session.kind, zone=zone)


def _heard(
    record: Record, session_id: SessionId, span: Span, *, marker_id: MarkerId | None = None
) -> tuple[Source, ...]:
    """Return a source on each track that has words there; where none has, on each with sound."""
    kind = SourceType.SPAN if marker_id is None else SourceType.MARKER
    ends = (
        (track.id, span.end_ms if track.duration_ms is None else track.duration_ms)
        for track in record.tracks_of(session_id)
    )
    recorded = [
        Source(
            kind, session_id, track_id, span.start_ms, min(end, span.end_ms), marker_id=marker_id
        )
        for track_id, end in ends
        if end > span.start_ms
    ]
    if not recorded:
        raise InvalidRecordError(
            "selection", "nothing was recorded there", remedy="Choose another stretch."
        )
    sources = [heard_within(record, source) for source in recorded]
    begins = {segment.id: segment.start_ms for segment in record.segments}
    with_words = (source for source in sources if source.quote)
    # Who spoke first comes first.
    ordered = sorted(with_words, key=lambda one: min(begins[name] for name in one.segment_ids))
    return tuple(ordered or sources)


def _quote(sources: Iterable[Source]) -> str:
    return " ".join(source.quote for source in sources if source.quote)


def _stated(text: str | None, quote: str) -> str:
    stated = (text or "").strip() or quote
    if not stated:
        raise InvalidRecordError(
            "text", "there are no words", remedy="Say with --text what the entry states."
        )
    return stated
