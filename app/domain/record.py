"""The whole record of one incident, and the changes people make to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.ids import IncidentId, OperationId, SessionId, SpeakerId, TrackId
from app.domain.incident import Incident
from app.domain.sessions import Marker, Session, Track
from app.domain.timeline import TimelineEntry, timeline_order
from app.domain.times import after
from app.domain.transcript import Segment, Speaker

SCHEMA_VERSION = 1

Entity: TypeAlias = (
    Incident | Session | Track | Marker | Speaker | Segment | TimelineEntry | Decision | Action
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
}


def entity_type(entity: Entity) -> str:
    """Return the name under which an entity's kind is stored and shown."""
    return next(name for name, kind in ENTITY_TYPES.items() if isinstance(entity, kind))


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
        return after(self.session(session_id).start_utc, position_ms)

    def speaker_name(self, speaker_id: SpeakerId | None) -> str:
        """Return the name to show for a voice; empty when nobody has been told apart."""
        known = (speaker for speaker in self.speakers if speaker.id == speaker_id)
        return next((speaker.shown_as for speaker in known), "")

    def timeline(self) -> tuple[TimelineEntry, ...]:
        """Return the entries in the order of the timeline."""
        return tuple(sorted(self.entries, key=timeline_order))


T = TypeVar("T", Session, Track)


def _with_id(things: tuple[T, ...], wanted: str) -> T:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise KeyError(wanted)
