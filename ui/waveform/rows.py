"""What the rows of the transcript tell of a session's recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.times import Span
from ui.transcript.row import Passage, TranscriptRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import SessionId
    from app.domain.sessions import Track
    from ui.transcript.row import Row

CLOSE_MS = 1_000  # between lines that the loudspeakers say one after the other


def bleed_of(rows: Sequence[Row], session_id: SessionId) -> tuple[Span, ...]:
    """Return where a session's room only repeats the bridge."""
    spans = [
        row.segment.span
        for row in rows
        if isinstance(row, TranscriptRow) and row.segment.bleed and row.session_id == session_id
    ]
    return _joined(sorted(spans), CLOSE_MS)


def passages_from(rows: Sequence[Row], track: Track, span: Span) -> list[Passage]:
    """Return a stretch of a track as passages without a break; words in it belong to theirs."""
    passages: list[Passage] = []
    at_ms = span.start_ms
    for row in rows:
        if not isinstance(row, TranscriptRow) or row.segment.track_id != track.id:
            continue
        start_ms, end_ms = row.segment.start_ms, min(row.segment.end_ms, span.end_ms)
        if start_ms >= span.end_ms:
            break
        if start_ms > at_ms:
            passages.append(Passage(track.id, at_ms, start_ms))
            at_ms = start_ms
        if end_ms > at_ms:
            passages.append(Passage(track.id, at_ms, end_ms, row.segment.id))
            at_ms = end_ms
    if at_ms < span.end_ms:
        passages.append(Passage(track.id, at_ms, span.end_ms))
    return passages


def _joined(spans: Sequence[Span], apart_ms: int) -> tuple[Span, ...]:
    """Join stretches, given in order of their starts, with less than so much between them."""
    found: list[Span] = []
    for span in spans:
        if found and span.start_ms - found[-1].end_ms < apart_ms:
            found[-1] = Span(found[-1].start_ms, max(found[-1].end_ms, span.end_ms))
        else:
            found.append(span)
    return tuple(found)
