"""The whole record of one incident, and the changes people make to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from app.domain.actions import Action
from app.domain.analysis import Factor, Rca
from app.domain.closeout import CloseOut
from app.domain.communications import Checkpoint, Communication, StatusUpdate
from app.domain.decisions import Decision
from app.domain.evidence import Evidence
from app.domain.ids import IncidentId, OperationId, SessionId, SpeakerId, TrackId
from app.domain.impact import Impact
from app.domain.imported import Event, Message, Reconciliation, Series
from app.domain.incident import Incident
from app.domain.learnings import Learnings
from app.domain.locks import Lock
from app.domain.merged_voices import MergedVoices
from app.domain.redactions import Redaction
from app.domain.roles import Role
from app.domain.scope import Scope
from app.domain.sessions import Marker, Session, Track
from app.domain.slos import Slo
from app.domain.suggestions import Suggestion
from app.domain.timeline import TimelineEntry, timeline_order
from app.domain.times import after, keep_utc
from app.domain.transcript import Segment, Speaker

SCHEMA_VERSION = 1

Entity: TypeAlias = (
    Incident
    | Session
    | Track
    | Marker
    | Speaker
    | Segment
    | TimelineEntry
    | Decision
    | Action
    | Role
    | Scope
    | Message
    | Event
    | Series
    | Impact
    | Slo
    | Rca
    | Factor
    | StatusUpdate
    | Checkpoint
    | Evidence
    | Communication
    | Learnings
    | Lock
    | CloseOut
    | Reconciliation
    | Suggestion
    | Redaction
)

ENTITY_TYPES: dict[str, type[Entity]] = {
    "incident": Incident,
    "session": Session,
    "track": Track,
    "marker": Marker,
    "speaker": Speaker,
    "segment": Segment,
    "entry": TimelineEntry,
    "decision": Decision,
    "action": Action,
    "role": Role,
    "scope": Scope,
    "message": Message,
    "event": Event,
    "series": Series,
    "impact": Impact,
    "slo": Slo,
    "rca": Rca,
    "factor": Factor,
    "status_update": StatusUpdate,
    "checkpoint": Checkpoint,
    "evidence": Evidence,
    "communication": Communication,
    "learnings": Learnings,
    "lock": Lock,
    "closeout": CloseOut,
    "reconciliation": Reconciliation,
    "suggestion": Suggestion,
    "redaction": Redaction,
}
NAMES: dict[type[Entity], str] = {kind: name for name, kind in ENTITY_TYPES.items()}

# Of these an incident has one at most; it bears the id of the incident.
SINGLE_PARTS: dict[str, type[Entity]] = {
    "scope": Scope,
    "impact": Impact,
    "rca": Rca,
    "learnings": Learnings,
    "closeout": CloseOut,
}


@dataclass(frozen=True, slots=True)
class ListPart:
    """A field of the record that holds many of a kind, in the order of some of their fields."""

    kind: type[Entity]
    order: tuple[str, ...]


LIST_PARTS: dict[str, ListPart] = {
    "sessions": ListPart(Session, ("start_utc", "id")),
    "tracks": ListPart(Track, ("session_id", "label", "id")),
    "markers": ListPart(Marker, ("session_id", "at_ms", "id")),
    "speakers": ListPart(Speaker, ("label", "id")),
    "segments": ListPart(Segment, ("session_id", "start_ms", "track_id", "id")),
    "entries": ListPart(TimelineEntry, ("created_at", "id")),
    "decisions": ListPart(Decision, ("id",)),
    "actions": ListPart(Action, ("id",)),
    "roles": ListPart(Role, ("role", "id")),
    "messages": ListPart(Message, ("at", "id")),
    "events": ListPart(Event, ("at", "id")),
    "series": ListPart(Series, ("name", "id")),
    "slos": ListPart(Slo, ("name", "id")),
    "factors": ListPart(Factor, ("id",)),
    "status_updates": ListPart(StatusUpdate, ("at", "id")),
    "checkpoints": ListPart(Checkpoint, ("at", "id")),
    "evidence": ListPart(Evidence, ("id",)),
    "communications": ListPart(Communication, ("created_at", "id")),
    "locks": ListPart(Lock, ("at", "id")),
    "reconciliations": ListPart(Reconciliation, ("id",)),
    "suggestions": ListPart(Suggestion, ("id",)),
    "redactions": ListPart(Redaction, ("at", "id")),
}


def entity_type(entity: Entity) -> str:
    """Return the name under which an entity's kind is stored and shown."""
    return NAMES[type(entity)]


@dataclass(frozen=True, slots=True)
class Change:
    """One entity before and after; None where it did not, or no longer does, exist."""

    before: Entity | None
    after: Entity | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError("a change needs a before or an after")
        both = self.before is not None and self.after is not None
        if both and self.before.id != self.after.id:  # type: ignore[union-attr]
            raise ValueError("a change keeps its entity's id")

    @property
    def entity(self) -> Entity:
        """What it is about, as it stands after the change (before it, for a removal)."""
        entity = self.after or self.before
        if entity is None:  # pragma: no cover  excluded in __post_init__
            raise ValueError("empty change")
        return entity

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Operation:
    """What one person did in one step; undone and redone as a whole."""

    id: OperationId
    incident_id: IncidentId
    at: datetime
    by: str
    label: str
    changes: tuple[Change, ...]
    undone: bool = False
    undone_by: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "at")


@dataclass(frozen=True, slots=True)
class Record:
    """Everything known of one incident, in a fixed order, so that equal records are equal."""

    incident: Incident
    sessions: tuple[Session, ...] = ()
    tracks: tuple[Track, ...] = ()
    markers: tuple[Marker, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    segments: tuple[Segment, ...] = ()
    entries: tuple[TimelineEntry, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    operations: tuple[Operation, ...] = ()
    roles: tuple[Role, ...] = ()
    scope: Scope | None = None
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()
    series: tuple[Series, ...] = ()
    impact: Impact | None = None
    slos: tuple[Slo, ...] = ()
    rca: Rca | None = None
    factors: tuple[Factor, ...] = ()
    status_updates: tuple[StatusUpdate, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    communications: tuple[Communication, ...] = ()
    learnings: Learnings | None = None
    locks: tuple[Lock, ...] = ()
    closeout: CloseOut | None = None
    reconciliations: tuple[Reconciliation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    redactions: tuple[Redaction, ...] = ()

    def session(self, session_id: SessionId) -> Session:
        """Return one of the sessions.

        Raises:
            KeyError: The record has no such session.
        """
        return _with_id(self.sessions, session_id)

    def track(self, track_id: TrackId) -> Track:
        """Return one of the tracks.

        Raises:
            KeyError: The record has no such track.
        """
        return _with_id(self.tracks, track_id)

    def tracks_of(self, session_id: SessionId) -> tuple[Track, ...]:
        """Return a session's tracks."""
        return tuple(track for track in self.tracks if track.session_id == session_id)

    def utc(self, session_id: SessionId, position_ms: int) -> datetime:
        """Return the clock time of a position on a session."""
        session = self.session(session_id)
        return after(session.start_utc, session.clock_offset_ms + position_ms)

    def speaker_name(self, speaker_id: SpeakerId | None) -> str:
        """Return the name to show for a voice; empty when nobody has been told apart."""
        voice = MergedVoices(self.speakers).get(speaker_id)
        return "" if voice is None else voice.shown_as

    def timeline(self) -> tuple[TimelineEntry, ...]:
        """Return the entries in the order of the timeline."""
        return tuple(sorted(self.entries, key=timeline_order))


T = TypeVar("T", Session, Track)


def _with_id(things: tuple[T, ...], wanted: str) -> T:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise KeyError(wanted)
