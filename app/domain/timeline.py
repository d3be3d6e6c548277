"""The incident timeline: what the responders established, and on what grounds."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.domain.ids import (
    EntryId,
    EventId,
    EvidenceId,
    IncidentId,
    MarkerId,
    MessageId,
    SegmentId,
    SessionId,
    TrackId,
)
from app.domain.times import Precision, Span, keep_utc, now_utc


class EntryKind(enum.StrEnum):
    """What an entry states; a hypothesis is never shown as a fact."""

    FACT = "fact"
    HYPOTHESIS = "hypothesis"
    DECISION = "decision"
    ACTION = "action"
    STATUS = "status"
    RESPONSIBILITY = "responsibility"

    @property
    def letter(self) -> str:
        """The badge, which is also the key that promotes to this kind."""
        return self.value[0].upper()


class Anchor(enum.StrEnum):
    """Moments from which the incident's times are derived."""

    TRIGGER = "trigger"
    IMPACT_START = "impact_start"
    DETECTION = "detection"
    DECLARED = "declared"
    TRIAGE = "triage"
    MITIGATION_ATTEMPT = "mitigation_attempt"
    ROLLBACK_OR_FIX = "rollback_or_fix"
    RECOVERY_CONFIRMED = "recovery_confirmed"
    MONITORING_COMPLETE = "monitoring_complete"
    COMMUNICATION = "communication"


class HypothesisState(enum.StrEnum):
    """The life of a hypothesis."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISPROVED = "disproved"


class MitigationResult(enum.StrEnum):
    """What a mitigation attempt led to."""

    WORKED = "worked"
    PARTIAL = "partial"
    NO = "no"
    WORSE = "worse"
    UNKNOWN = "unknown"


class SourceType(enum.StrEnum):
    """What an entry was promoted from."""

    SPAN = "span"
    MARKER = "marker"
    MESSAGE = "message"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class SourceAudio:
    """A stretch of a recording."""

    session_id: SessionId
    track_id: TrackId
    span: Span


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry was promoted from, and its words at that time.

    ``quote`` is a copy: a later transcription must not change what a person signed off.
    A span or marker is audio: ``start_ms`` and ``end_ms`` lie on the track ``track_id`` of
    ``session_id``. A message or event is text alone, and named by its id; those are then None.
    """

    type: SourceType
    session_id: SessionId | None = None
    track_id: TrackId | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    quote: str = ""
    segment_ids: tuple[SegmentId, ...] = ()
    marker_id: MarkerId | None = None
    message_id: MessageId | None = None
    event_id: EventId | None = None

    def __post_init__(self) -> None:
        where = (self.session_id, self.track_id, self.start_ms, self.end_ms)
        if self.type in {SourceType.MESSAGE, SourceType.EVENT}:
            if where != (None, None, None, None):
                raise ValueError("a message or an event lies on no track")
            if (self.message_id if self.type is SourceType.MESSAGE else self.event_id) is None:
                raise ValueError(f"a source of type {self.type} needs its {self.type}_id")
        elif self.audio is None:
            raise ValueError("a span needs session_id, track_id, start_ms and end_ms")

    @property
    def span(self) -> Span:
        """Where it lies on its track.

        Raises:
            ValueError: It was written, not said.
        """
        if self.audio is None:
            raise ValueError(f"a {self.type} lies on no track")
        return self.audio.span

    @property
    def audio(self) -> SourceAudio | None:
        """Where it can be heard; None for what was written."""
        if self.session_id is None or self.track_id is None:
            return None
        if self.start_ms is None or self.end_ms is None:
            return None
        return SourceAudio(self.session_id, self.track_id, Span(self.start_ms, self.end_ms))


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline.

    ``occurred_at`` is None when nobody said when it happened; then ``precision`` is UNKNOWN.
    ``noticed_at`` is when it was said or seen. ``original_time`` is kept when a person re-times.
    ``settled_at`` is when a hypothesis was confirmed or ruled out, where a person told it; else
    the history says when it was marked.
    ``no_evidence_because`` is the explicit “none, because” of an anchor without ``evidence``.
    """

    id: EntryId
    incident_id: IncidentId
    kind: EntryKind
    text: str
    occurred_at: datetime | None = None
    noticed_at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    anchor: Anchor | None = None
    owner_role: str | None = None
    customer_visible: bool | None = None
    sources: tuple[Source, ...] = ()
    hypothesis_state: HypothesisState | None = None
    mitigation_result: MitigationResult | None = None
    in_report: bool = True
    original_time: datetime | None = None
    created_at: datetime = field(default_factory=now_utc)
    evidence: tuple[EvidenceId, ...] = ()
    no_evidence_because: str | None = None
    settled_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an entry needs words")
        keep_utc(self, "occurred_at", "noticed_at", "original_time", "created_at", "settled_at")
        if (self.occurred_at is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("precision is unknown exactly when occurred_at is")
        if (self.hypothesis_state is None) != (self.kind is not EntryKind.HYPOTHESIS):
            raise ValueError("hypothesis_state belongs to hypotheses, and to each of them")
        if self.settled_at is not None and self.hypothesis_state in {None, HypothesisState.OPEN}:
            raise ValueError("only a hypothesis that is confirmed or disproved was settled")

    @property
    def is_confirmed(self) -> bool:
        """Whether it is a hypothesis that was confirmed, with evidence.

        What it was promoted from is what makes it an entry and proves nothing: a person can be
        wrong, and an alert is proof once it is put on record as evidence.
        """
        return self.hypothesis_state is HypothesisState.CONFIRMED and bool(self.evidence)


def keeping_original(before: TimelineEntry, after: TimelineEntry) -> TimelineEntry:
    """Keep the first time that an entry had, once a person gives it another."""
    moved = before.occurred_at is not None and after.occurred_at != before.occurred_at
    if not moved or after.original_time is not None:
        return after
    return replace(after, original_time=before.occurred_at)


def timeline_order(entry: TimelineEntry) -> tuple[datetime, datetime, datetime, str]:
    """Sort key: when it occurred, else when it was said, else when it was entered."""
    far = datetime.max.replace(tzinfo=UTC)
    noticed = entry.noticed_at or entry.created_at
    return (entry.occurred_at or far, noticed, entry.created_at, entry.id)
