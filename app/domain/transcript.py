"""What was said, by whom, and where on the recording."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import IncidentId, SegmentId, SessionId, SpeakerId, TrackId
from app.domain.recognitions import (
    RecognitionPass as RecognitionPass,  # noqa: PLC0414  sessions need it too, and this needs them
)
from app.domain.sessions import TrackLabel
from app.domain.times import Span

UNSURE_BELOW = 0.5
UNSURE_FIGURE_BELOW = 0.8


class SegmentFlag(enum.StrEnum):
    """Why a segment's words are not to be trusted; flagged segments never enter a draft."""

    SILENCE_SUSPECT = "silence_suspect"
    REPEATED = "repeated"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word on its track as it was recognised; ``text`` without surrounding space.

    ``probability`` is 0 to 1, None where the recogniser gave none.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: float | None


@dataclass(frozen=True, slots=True)
class Word(HeardWord):
    """A word as it stands in the transcript.

    ``heard`` are the words in whose place the glossary's spelling stands; empty for a word that
    stands as it was recognised. What stands for several is as probable as the least of them.
    """

    heard: tuple[HeardWord, ...] = ()

    @property
    def heard_as(self) -> str:
        """What was recognised in its place; its own text where nothing was replaced."""
        return " ".join(word.text for word in self.heard) or self.text

    @property
    def is_unsure(self) -> bool:
        """Whether the recogniser doubted it so much that a person should listen.

        A wrong figure is not seen to be wrong, so of figures more is asked.
        """
        if self.probability is None or self.probability >= UNSURE_FIGURE_BELOW:
            return False
        return self.probability < UNSURE_BELOW or self.has_figure

    @property
    def has_figure(self) -> bool:
        """Whether it holds a number or a time in figures."""
        return any(map(str.isdigit, self.heard_as))


def least_probability(words: Iterable[HeardWord]) -> float | None:
    """Return how sure the least of some words is; None where that is not known of any."""
    known = (word.probability for word in words if word.probability is not None)
    return min(known, default=None)


def text_of(words: Sequence[Word]) -> str:
    """Return the words as a text."""
    return " ".join(word.text for word in words)


def heard_text_of(words: Sequence[Word]) -> str:
    """Return the words as they were recognised, before any glossary."""
    return " ".join(word.heard_as for word in words)


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance. ``text`` is what stands now, ``original_text`` what was recognised.

    Spellings of the glossary stand in ``text`` and in ``words``, each with what it replaced.

    ``confidence`` is 0 to 1, None where the recogniser gave none; ``overlap`` says that several
    people speak at once, ``redacted`` that words were taken out of it for good, ``bleed`` that it
    is what was said on the bridge, as the room's microphone heard it from the loudspeakers.
    ``speaker_by_person`` says that a person chose its voice: telling voices apart leaves it alone.
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
    speaker_by_person: bool = False

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
        """Whether a person has changed the words; the glossary's spellings are no person's."""
        return self.text != (text_of(self.words) if self.respelled else self.original_text)

    @property
    def respelled(self) -> bool:
        """Whether spellings of the glossary stand in it."""
        return any(word.heard for word in self.words)

    @property
    def unsure_words(self) -> int:
        """How many of its words the recogniser doubted; none once a person has rewritten them."""
        return 0 if self.edited else sum(word.is_unsure for word in self.words)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of an incident.

    ``label`` is the machine's name for it (``Room``, ``SPEAKER_03``), ``name`` what a person
    typed. ``confirmed`` is set by a person only. ``merged_into`` is the voice that a person says
    it is: its lines count as that one's (``app.domain.merged_voices``), later ones, too.
    """

    id: SpeakerId
    incident_id: IncidentId
    label: str
    track_label: TrackLabel | None = None
    name: str | None = None
    role: str | None = None
    confirmed: bool = False
    merged_into: SpeakerId | None = None

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
