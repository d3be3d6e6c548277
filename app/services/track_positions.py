"""From positions on a track, which engines tell, to the session's, on which the record is.

Two devices count by quartzes of their own, so that the same moment is at another position on each
track; on the session it is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from app.domain.engine_types import TrackAudio
from app.domain.ports import TrackClock
from app.domain.times import Span

if TYPE_CHECKING:
    from app.domain.engine_types import RecognizedSegment, SpeakerTurn

Clocks: TypeAlias = Callable[[TrackAudio], TrackClock]


def on_session(heard: RecognizedSegment, clock: TrackClock) -> RecognizedSegment:
    """Return what was recognised with its times on the session."""
    words = tuple(
        replace(
            word,
            start_ms=clock.session_ms(word.start_ms),
            end_ms=clock.session_ms(word.end_ms),
        )
        for word in heard.words
    )
    return replace(heard, span=span_on_session(heard.span, clock), words=words)


def turn_on_session(turn: SpeakerTurn, clock: TrackClock) -> SpeakerTurn:
    """Return a voice's turn with its times on the session."""
    return replace(turn, span=span_on_session(turn.span, clock))


def span_on_session(span: Span, clock: TrackClock) -> Span:
    """Return where a stretch of the track lies on the session; never empty."""
    start_ms = clock.session_ms(span.start_ms)
    return Span(start_ms, max(start_ms + 1, clock.session_ms(span.end_ms)))
