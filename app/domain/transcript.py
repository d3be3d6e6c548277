"""What was said, by whom, and where on the recording."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import IncidentId, SegmentId, SessionId, SpeakerId, TrackId
from app.domain.recognitions import (
    RecognitionPass as RecognitionPass,  # noqa: PLC0414  sessions need it too, and this needs them
)
from app.domain.sessions import TrackLabel
from app.domain.times import Span


class SegmentFlag(enum.StrEnum):
    """Why a segment's words are not to be trusted; flagged segments never enter a draft."""

    SILENCE_SUSPECT = "silence_suspect"
    REPEATED = "repeated"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word on its track; ``text`` without surrounding space.

    ``probability`` is None where the recogniser gave none.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: float | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance. ``text`` is what stands now, ``original_text`` what was recognised.

    ``confidence`` is 0 to 1, None where the recogniser gave none; ``overlap`` says that several
    people speak at once, ``redacted`` that words were taken out of it for good, ``bleed`` that it
    is what was said on the bridge, as the room's microphone heard it from the loudspeakers.
    """

    id: SegmentId
    session_id: SessionId
    track_id: TrackId
    start_ms: int
    end_ms: int
    text: str
    original_text: str
    made_in: RecognitionPass
    speaker_id: SpeakerId | None = None
    flag: SegmentFlag | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    overlap: bool = False
    redacted: bool = False
    bleed: bool = False

    def __post_init__(self) -> None:
        Span(self.start_ms, self.end_ms)
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError("confidence must be a share from 0 to 1")

    @property
    def span(self) -> Span:
        """Where it lies on its track."""
        return Span(self.start_ms, self.end_ms)

    @property
    def edited(self) -> bool:
        """Whether a person has changed the words."""
        return self.text != self.original_text


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of an incident.

    ``label`` is the machine's name for it (``Room``, ``SPEAKER_03``), ``name`` what a person
    typed. ``confirmed`` is set by a person only.
    """

    id: SpeakerId
    incident_id: IncidentId
    label: str
    track_label: TrackLabel | None = None
    name: str | None = None
    role: str | None = None
    confirmed: bool = False

    @property
    def shown_as(self) -> str:
        """The name to show."""
        return self.name or self.label


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A segment that holds the words searched for; ``snippet`` marks them with ``[ ]``.

    A greater ``score`` fits better.
    """

    incident_id: IncidentId
    incident_title: str
    segment_id: SegmentId
    snippet: str
    said_at: datetime
    score: float
