"""Sessions and their tracks: what was recorded, when, and from where."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import IncidentId, MarkerId, SessionId, TrackId
from app.domain.recognitions import Recognition
from app.domain.times import MS_PER_SECOND, Span, clock_text, keep_utc


class SessionKind(enum.StrEnum):
    """What a session was. In the last three, words are spoken *about* the incident."""

    BRIDGE = "bridge"
    ROOM = "room"
    HALLWAY = "hallway"
    HANDOFF = "handoff"
    HOTWASH = "hotwash"
    IMPORT = "import"

    @property
    def is_retrospective(self) -> bool:
        """Whether the moment something is said is not the moment it happened."""
        return self in {SessionKind.HANDOFF, SessionKind.HOTWASH, SessionKind.IMPORT}


class TrackSource(enum.StrEnum):
    """Where a track's audio comes from."""

    MIC = "mic"
    LOOPBACK = "loopback"
    FILE = "file"


class TrackLabel(enum.StrEnum):
    """Which side of the war room a track hears; also the stem of its files' names."""

    ROOM = "room"
    BRIDGE = "bridge"


class GapReason(enum.StrEnum):
    """Why a stretch of a track holds no audio."""

    OVERFLOW = "overflow"
    DEVICE_LOST = "device_lost"
    STALL = "stall"
    PAUSE = "pause"
    DISK_FULL = "disk_full"
    CRASH = "crash"
    SUSPEND = "suspend"
    NOT_IN_FILE = "not_in_file"


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of one track without audio, on the session's time."""

    track_id: TrackId
    start_ms: int
    end_ms: int
    reason: GapReason

    def __post_init__(self) -> None:
        Span(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class Consent:
    """That the recording was announced, by whom and how (said aloud, a tone, in the chat)."""

    announced_at: datetime
    by: str
    method: str

    def __post_init__(self) -> None:
        keep_utc(self, "announced_at")


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of a session that a person kept off the recording; ``end_ms`` None: still."""

    start_ms: int
    end_ms: int | None = None
    by: str | None = None

    def __post_init__(self) -> None:
        Span(self.start_ms, self.start_ms + 1 if self.end_ms is None else self.end_ms)


class ClockEventKind(enum.StrEnum):
    """What became of the machine's clock during a recording."""

    STEPPED = "stepped"
    SLEPT = "slept"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """The machine's clock was set by ``by_ms``, or the machine slept so long until ``at_ms``.

    Positions are not affected by either.
    """

    kind: ClockEventKind
    at_ms: int
    by_ms: int

    @property
    def words(self) -> str:
        """What happened, as a clause."""
        at, seconds = clock_text(self.at_ms), self.by_ms / MS_PER_SECOND
        if self.kind is ClockEventKind.SLEPT:
            return f"the machine slept for {seconds:,.1f} s until {at}"
        return f"the machine's clock was set by {seconds:+,.1f} s at {at}"


@dataclass(frozen=True, slots=True)
class Session:
    """One recording, live or attached. Its audio lies in a folder named by its id.

    ``clock_offset_ms`` is what is to be added to ``start_utc``, as the machine told it, for the
    right time; 0 where nobody found its clock to be wrong. ``recognised`` is what turned it into
    words, in each pass.
    """

    id: SessionId
    incident_id: IncidentId
    kind: SessionKind
    start_utc: datetime
    gaps: tuple[Gap, ...] = ()
    clock_offset_ms: int = 0
    consent: Consent | None = None
    pauses: tuple[Pause, ...] = ()
    clock_events: tuple[ClockEvent, ...] = ()
    recognised: tuple[Recognition, ...] = ()

    def __post_init__(self) -> None:
        keep_utc(self, "start_utc")


@dataclass(frozen=True, slots=True)
class Track:
    """One channel of a session.

    ``device`` is the source's name as the system shows it, or the name of the attached file;
    ``duration_ms`` is None while it is being recorded. ``drift_ppm`` is how much faster its clock
    ran than the session's, in parts per million, None where nobody has measured it.
    """

    id: TrackId
    session_id: SessionId
    label: TrackLabel
    source: TrackSource
    device: str
    sample_rate: int = 16_000
    duration_ms: int | None = None
    source_sha256: str | None = None
    drift_ppm: float | None = None

    def __post_init__(self) -> None:
        if self.sample_rate <= 0:
            raise ValueError("sample_rate must be positive")


class MarkerKind(enum.StrEnum):
    """What the person who pressed the key meant."""

    FACT = "fact"
    HYPOTHESIS = "hypothesis"
    DECISION = "decision"
    ACTION = "action"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Marker:
    """A key pressed during a recording; it means the 20 s before ``at_ms``."""

    id: MarkerId
    session_id: SessionId
    at_ms: int
    kind: MarkerKind
    by: str
    text: str = ""
    covers_ms: int = 20_000
