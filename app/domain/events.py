"""Things that have happened, in the past tense; carried by the event bus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.alarms import Alarm
from app.domain.engine_types import RecorderStatus
from app.domain.errors import AppError
from app.domain.ids import IncidentId, SegmentId, SessionId, SpeakerId, TrackId
from app.domain.recognition_pace import RecognitionPace
from app.domain.record import Operation
from app.domain.sessions import Marker, Session, Track
from app.domain.transcript import Segment


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """The recorder is writing; sent as well when a running one was found."""

    session: Session
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class AudioStored:
    """Audio is safely on disk up to each track's ``safe_until_ms``."""

    status: RecorderStatus


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """A recording ended; what was stored is kept. ``error`` is None when it was asked to end."""

    incident_id: IncidentId
    session_id: SessionId
    error: AppError | None = None


@dataclass(frozen=True, slots=True)
class MomentMarked:
    """The recorder has stamped a marker, and it is on the disk."""

    marker: Marker


@dataclass(frozen=True, slots=True)
class WindowRequested:
    """Somebody who works in another program wants to see the window."""


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """Something is wrong with the recording; shown until ``AlarmCleared`` with the same alarm."""

    session_id: SessionId
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class AlarmCleared:
    """It is over, or the recording is."""

    session_id: SessionId
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class SegmentsTranscribed:
    """New segments of a track were committed to the database."""

    incident_id: IncidentId
    track_id: TrackId
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class PartialHeard:
    """What seems to be said on a track just now; it is no part of any record.

    It stands until the next one of the track, which has an empty ``text`` once the utterance is
    committed or given up. ``start_ms`` is where it began in the session.
    """

    incident_id: IncidentId
    session_id: SessionId
    track_id: TrackId
    start_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class SegmentsReplaced:
    """A track's transcript was made anew, or its speakers changed: read it again."""

    incident_id: IncidentId


@dataclass(frozen=True, slots=True)
class VoicesHeard:
    """Whose lines some are thought to be, a few perhaps for the second time.

    Where a person has chosen a line's voice meanwhile, that stands.
    """

    incident_id: IncidentId
    voices: Mapping[SegmentId, SpeakerId]


@dataclass(frozen=True, slots=True)
class RecognitionFellBehind:
    """Live recognition does not keep up: how much audio waits, and what is left out meanwhile.

    Sent about once a second, and once with ``RecognitionPace.PARTIALS`` when it is over.
    """

    session_id: SessionId
    backlog_ms: int
    pace: RecognitionPace


@dataclass(frozen=True, slots=True)
class LanguageDetected:
    """Most was said in this language so far, by its code; ``settled``: it is kept from now on."""

    session_id: SessionId
    language: str
    settled: bool


@dataclass(frozen=True, slots=True)
class RecordChanged:
    """A step of somebody's work was committed, undone or redone.

    ``operation`` is None when another program wrote: then everything is to be read again.
    """

    incident_id: IncidentId
    operation: Operation | None


# Stages of work that can be stopped: of what is copied or exported nothing stays, of what is
# recognised all, and labels change all at once, at the end.
READING = "read "  # with the file's name after it, as the next one
COPYING = "attach "
RECOGNISING = "recognise"
LABELLING = "speakers: "  # with what is done now after it
EXPORTING = "export "  # with what is being written after it


@dataclass(frozen=True, slots=True)
class WorkProgressed:
    """Long work moved on; ``done`` of ``total`` in units of its own, ``total`` 0 if unknown."""

    stage: str
    done: float
    total: float


@dataclass(frozen=True, slots=True)
class ProblemArose:
    """Something failed that nobody was waiting for; shown in the banner."""

    error: AppError


Event: TypeAlias = (
    RecordingStarted
    | AudioStored
    | RecordingStopped
    | MomentMarked
    | WindowRequested
    | AlarmRaised
    | AlarmCleared
    | SegmentsTranscribed
    | PartialHeard
    | SegmentsReplaced
    | VoicesHeard
    | RecognitionFellBehind
    | LanguageDetected
    | RecordChanged
    | WorkProgressed
    | ProblemArose
)
