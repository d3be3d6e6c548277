"""What was taken out of the record for good: where, and on whose word; never what it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import IncidentId, RedactionId, SessionId, TrackId
from app.domain.invariants import require_words
from app.domain.times import Span, keep_utc


@dataclass(frozen=True, slots=True)
class Redaction:
    """A stretch of a session, ``start_ms`` to ``end_ms``, that is silence and no words now.

    ``track_ids`` are the tracks it was taken from; what was said there stands nowhere any more.
    """

    id: RedactionId
    incident_id: IncidentId
    session_id: SessionId
    track_ids: tuple[TrackId, ...]
    start_ms: int
    end_ms: int
    at: datetime
    by: str
    reason: str

    def __post_init__(self) -> None:
        keep_utc(self, "at")
        Span(self.start_ms, self.end_ms)
        require_words(self.by, "a redaction needs a name")
        require_words(self.reason, "a redaction needs a reason")
        if not self.track_ids:
            raise ValueError("a redaction names its tracks")

    @property
    def span(self) -> Span:
        """Where it lies on its session."""
        return Span(self.start_ms, self.end_ms)
