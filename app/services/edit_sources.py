"""The words behind an entry: taken from the transcript, a message or an event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.imported import Event, Message
    from app.domain.record import Record
    from app.domain.timeline import Source, TimelineEntry
    from app.domain.times import Span
    from app.domain.transcript import Segment


def quoted(
    record: Record, entry: TimelineEntry, place: str, known: tuple[Source, ...] = ()
) -> TimelineEntry:
    """Return the entry with the words of its sources, and noticed when the first was said.

    ``known`` sources stand as they were when they were promoted.

    Raises:
        InvalidRecordError: The record has no such track, message or event, or other words there.
    """
    sources = tuple(
        source if source in known else _with_quote(record, source, f"{place}.sources[{index}]")
        for index, source in enumerate(entry.sources)
    )
    said = [_said_at(record, source) for source in sources if source not in known]
    return replace(entry, sources=sources, noticed_at=entry.noticed_at or min(said, default=None))


def _said_at(record: Record, source: Source) -> datetime:
    if source.audio is None:
        return _written(record)[source.message_id or source.event_id or ""].at
    return record.utc(source.audio.session_id, source.audio.span.start_ms)


def _with_quote(record: Record, source: Source, place: str) -> Source:
    """Return the source with the words that stand there; nobody may quote anything else."""
    if source.audio is None:
        written = _written(record).get(source.message_id or source.event_id or "")
        if written is None:
            raise InvalidRecordError(place, f"there is no such {source.type}")
        if source.quote not in written.text:
            raise InvalidRecordError(f"{place}.quote", "these words are not in it")
        return replace(source, quote=source.quote or written.text)
    track = next((t for t in record.tracks if t.id == source.audio.track_id), None)
    if track is None or track.session_id != source.audio.session_id:
        raise InvalidRecordError(place, "there is no such track in that session")
    if track.duration_ms is not None and source.audio.span.end_ms > track.duration_ms:
        raise InvalidRecordError(f"{place}.end_ms", "the track is shorter than that")
    heard = heard_within(record, source)
    if source.quote and source.quote.split() != heard.quote.split():
        raise InvalidRecordError(f"{place}.quote", f"the transcript says “{heard.quote}” there")
    return heard


def heard_within(record: Record, source: Source) -> Source:
    """Return a source that is audio with the words that the transcript has there."""
    heard = [
        segment
        for segment in record.segments
        if segment.track_id == source.track_id and segment.span.overlap_ms(source.span)
    ]
    quote = " ".join(words for s in heard if (words := _words_within(s, source.span)))
    return replace(source, quote=quote, segment_ids=tuple(segment.id for segment in heard))


def _words_within(segment: Segment, span: Span) -> str:
    if segment.edited or not segment.words:
        return segment.text
    middle_inside = (
        word.text
        for word in segment.words
        if span.start_ms <= (word.start_ms + word.end_ms) // 2 < span.end_ms
    )
    return " ".join(middle_inside)


def _written(record: Record) -> dict[str, Message | Event]:
    known: list[Message | Event] = [*record.messages, *record.events]
    return {written.id: written for written in known}
