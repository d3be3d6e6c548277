"""What rules, or a language model, propose for the record; nothing enters it without a person."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.ids import EntryId, IncidentId, SuggestionId
from app.domain.invariants import require_words
from app.domain.timeline import HypothesisState, MitigationResult
from app.domain.times import Precision, keep_utc


class SuggestionKind(enum.StrEnum):
    """What it would become; a question is only asked."""

    FACT = "fact"
    HYPOTHESIS = "hypothesis"
    DECISION = "decision"
    ACTION = "action"
    STATUS = "status"
    RESPONSIBILITY = "responsibility"
    QUESTION = "question"


class Facet(enum.StrEnum):
    """What it is about."""

    MITIGATION = "mitigation"
    DETECTION = "detection"
    CHANGE = "change"
    IMPACT = "impact"


class SuggestionState(enum.StrEnum):
    """What a person made of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SuggestionSource:
    """Where it was found: ``ref`` is the id of a segment, message or event."""

    ref: str
    quote: str
    start_utc: datetime | None = None
    end_utc: datetime | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "start_utc", "end_utc")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate. ``occurred_at`` is None unless the words give a time; ``confidence`` 0 to 1.

    ``entry_id`` is the entry it became, once a person took it.
    """

    id: SuggestionId
    incident_id: IncidentId
    kind: SuggestionKind
    text: str
    sources: tuple[SuggestionSource, ...]
    reason: str
    confidence: float
    facet: Facet | None = None
    said_at: datetime | None = None
    occurred_at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    owner: str | None = None
    due: date | None = None
    mitigation_result: MitigationResult | None = None
    hypothesis_state: HypothesisState | None = None
    state: SuggestionState = SuggestionState.OPEN
    entry_id: EntryId | None = None

    def __post_init__(self) -> None:
        require_words(self.text, "a suggestion needs words")
        keep_utc(self, "said_at", "occurred_at")
        if not 0 <= self.confidence <= 1:
            raise ValueError("confidence must be a share from 0 to 1")
        if (self.occurred_at is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("precision is unknown exactly when occurred_at is")
