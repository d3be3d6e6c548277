"""The incident timeline: what the responders established, and on what grounds."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.ids import EntryId, IncidentId, MarkerId, SegmentId, SessionId, TrackId
from app.domain.times import Precision, Span, now_utc, require_aware


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


@dataclass(frozen=True, slots=True)
class Source:
    """The audio behind an entry, and its words when it was promoted.

    ``quote`` is a copy: a later transcription must not change what a person signed off.
    ``start_ms`` and ``end_ms`` lie on the track ``track_id`` of ``session_id``.
    """

    type: SourceType
    session_id: SessionId
    track_id: TrackId
    start_ms: int
    end_ms: int
    quote: str = ""
    segment_ids: tuple[SegmentId, ...] = ()
    marker_id: MarkerId | None = None

    def __post_init__(self) -> None:
        Span(self.start_ms, self.end_ms)

    @property
    def span(self) -> Span:
        """Where it lies on its track."""
        return Span(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline.

    ``occurred_at`` is None when nobody said when it happened; then ``precision`` is UNKNOWN.
    ``noticed_at`` is when it was said or seen. ``original_time`` is kept when a person re-times.
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

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an entry needs words")
        for name in ("occurred_at", "noticed_at", "original_time", "created_at"):
            require_aware(getattr(self, name), name)
        if (self.occurred_at is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError("precision is unknown exactly when occurred_at is")
        if (self.hypothesis_state is None) != (self.kind is not EntryKind.HYPOTHESIS):
            raise ValueError("hypothesis_state belongs to hypotheses, and to each of them")


def timeline_order(entry: TimelineEntry) -> tuple[datetime, datetime, datetime, str]:
    """Sort key: when it occurred, else when it was said, else when it was entered."""
    far = datetime.max.replace(tzinfo=UTC)
    noticed = entry.noticed_at or entry.created_at
    return (entry.occurred_at or far, noticed, entry.created_at, entry.id)
