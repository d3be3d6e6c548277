"""Rows of a transcript to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.sessions import TrackLabel
from app.domain.times import after
from tests.builders import START, a_segment
from ui.transcript.row import TranscriptRow

if TYPE_CHECKING:
    from app.domain.transcript import Segment


def a_row(
    text: str = "the pool is at its limit",
    start_ms: int = 0,
    *,
    speaker: str = "",
    label: TrackLabel = TrackLabel.BRIDGE,
    **changes: Any,
) -> TranscriptRow:
    segment = a_segment(text, start_ms, start_ms + 3_000, **changes)
    return row_of(segment, speaker=speaker, label=label)


def row_of(
    segment: Segment, *, speaker: str = "", label: TrackLabel = TrackLabel.BRIDGE
) -> TranscriptRow:
    timed = segment.words and not segment.edited
    words = tuple(w.text for w in segment.words) if timed else tuple(segment.text.split())
    return TranscriptRow(segment, after(START, segment.start_ms), label, speaker, words)


def many_rows(count: int, *, first: int = 0) -> list[TranscriptRow]:
    """Return rows a second apart; of one word each, so that making them takes no time."""
    return [a_row(f"word{n}", n * 1_000) for n in range(first, first + count)]
