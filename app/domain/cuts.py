"""The stretches of sessions that a redaction silences, and what lies on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.ids import SessionId, TrackId
from app.domain.times import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.text_fields import Values

MARGIN_MS = 200  # a word begins a little before, and ends a little after, where it is said to


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a session. ``track_id`` is where its words were chosen, None: by the clock."""

    session_id: SessionId
    span: Span
    track_id: TrackId | None = None

    @property
    def audio(self) -> Span:
        """What becomes silence, on every track: the room hears the bridge."""
        return Span(max(0, self.span.start_ms - MARGIN_MS), self.span.end_ms + MARGIN_MS)

    def covers(self, session_id: str, track_id: str | None, start_ms: int, end_ms: int) -> bool:
        """Whether what was said there goes: on the other tracks, also what is a little off."""
        if session_id != self.session_id:
            return False
        exact = self.track_id in (None, track_id)
        span = self.span if exact else self.audio
        return start_ms < span.end_ms and max(end_ms, start_ms + 1) > span.start_ms

    def holds_all(self, session_id: str, start_ms: int, end_ms: int) -> bool:
        """Whether nothing of what was said there can be left."""
        inside = self.audio.start_ms <= start_ms and end_ms <= self.audio.end_ms
        return session_id == self.session_id and inside


def segment_is_cut(values: Values, cuts: Sequence[Cut]) -> bool:
    """Whether any of a segment, as JSON values, lies on one of the stretches."""
    return any(
        cut.covers(values["session_id"], values["track_id"], values["start_ms"], values["end_ms"])
        for cut in cuts
    )


def word_is_cut(word: Values, place: Values, cuts: Sequence[Cut]) -> bool:
    """Whether a word goes; ``place`` is the segment or the source that it belongs to."""
    return any(
        cut.covers(place["session_id"], place["track_id"], word["start_ms"], word["end_ms"])
        for cut in cuts
    )


def lies_in(values: Any, cuts: Sequence[Cut]) -> bool:
    """Whether a source, or a marker, lies on one of the stretches."""
    if not isinstance(values, dict) or not isinstance(values.get("session_id"), str):
        return False
    start, end = values.get("start_ms"), values.get("end_ms")
    if start is None and isinstance(values.get("at_ms"), int):
        end = values["at_ms"]
        start = max(0, end - (values.get("covers_ms") or 0))
    if not isinstance(start, int) or not isinstance(end, int):
        return False
    track_id, session_id = values.get("track_id"), values["session_id"]
    return any(cut.covers(session_id, track_id, start, end) for cut in cuts)
