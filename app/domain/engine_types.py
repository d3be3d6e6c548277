"""What the services and the engines say to each other: plain data that pickles."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, TypeAlias

from app.domain.alarms import Alarm
from app.domain.errors import AppError
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import (
    ClockEvent,
    Consent,
    Gap,
    Marker,
    Pause,
    SessionKind,
    TrackLabel,
    TrackSource,
)
from app.domain.times import Span
from app.domain.transcript import SegmentFlag, Word
from app.domain.transcription_server import TranscriptionServer


@dataclass(frozen=True, slots=True)
class TrackAudio:
    """Where a track's audio lies: files of ``label`` in the session's folder."""

    track_id: TrackId
    session_dir: Path
    label: TrackLabel


@dataclass(frozen=True, slots=True)
class AudioSource:
    """A device that can be recorded from.

    ``id`` is stable between starts and what ``--mic`` and ``--bridge`` take, for example
    ``pulse:bridge.monitor``; ``kind`` is MIC or LOOPBACK.
    """

    id: str
    name: str
    kind: TrackSource
    sample_rate: int
    default: bool = False


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """One track that the recorder is to write.

    ``fallback`` is heard while ``source`` is away. With ``follow_default`` the track hears what
    is the system's default source of that kind at the moment.
    """

    track_id: TrackId
    label: TrackLabel
    source: AudioSource
    fallback: AudioSource | None = None
    follow_default: bool = False


@dataclass(frozen=True, slots=True)
class TrackStatus:
    """One track of a running recording: how much is on disk, and how loud it is now.

    ``peak`` and ``rms`` are of the last 100 ms, full scale 1.0. ``problem`` is a sentence while
    something is wrong with this track, empty otherwise.
    """

    track_id: TrackId
    label: TrackLabel
    safe_until_ms: int
    peak: float = 0.0
    rms: float = 0.0
    overflow_count: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """What the recorder says of itself, ten times a second.

    ``failure`` tells, once it has ended, what could not be stored, None if everything was.
    ``notices`` are sentences about the whole recording, oldest first, each to be told once.
    ``pause`` is the one under way; ``consent`` the first announcement. ``leads`` says that of all
    who follow this recorder, the one who is told this is to see that people hear of alarms.
    """

    session_id: SessionId
    elapsed_ms: int
    tracks: tuple[TrackStatus, ...]
    running: bool = True
    failure: AppError | None = None
    notices: tuple[str, ...] = ()
    pause: Pause | None = None
    consent: Consent | None = None
    alarms: tuple[Alarm, ...] = ()
    leads: bool = True

    def saved_ms(self, before_ms: int) -> int:
        """Return until when everything is on disk that the tracks had to deliver.

        A track with a problem delivers nothing and does not hold the others back; where all have
        one, the furthest behind tells. ``before_ms`` is what was returned last, 0 at first: less
        it never is, though a track that has come back is behind until its gap is on disk.
        """
        delivering = [track for track in self.tracks if not track.problem] or self.tracks
        return max(before_ms, min((track.safe_until_ms for track in delivering), default=0))


@dataclass(frozen=True, slots=True)
class RecognitionModel:
    """A recognition model that is installed.

    ``max_utterance_ms`` is the longest stretch of speech the model is good at. ``language`` is a
    code such as ``en``, or None to let the model detect it. ``device`` and ``compute_type`` are
    CTranslate2's words, empty to choose by what the machine has. ``removable`` models are the
    user's own: whoever works with one notes it, so that it is not removed meanwhile.

    ``window_ms`` is how much audio it is shown at once, the silence that fills it up included;
    ``joins_utterances`` says that a window may hold several utterances. ``batch_size`` windows are
    recognised at once where nobody waits for the first words.

    ``hotwords`` are spellings that it is told to expect, the most important first; none for one
    without ``takes_hotwords``.
    """

    name: str
    path: Path
    language: str | None = None
    max_utterance_ms: int = 20_000
    device: str = ""
    compute_type: str = ""
    window_ms: int = 30_000
    joins_utterances: bool = True
    batch_size: int = 1
    threads: int = 2
    demo: bool = False
    removable: bool = False
    takes_hotwords: bool = True
    hotwords: tuple[str, ...] = ()
    host: ClassVar[str] = ""  # audio stays here

    def __post_init__(self) -> None:
        if self.hotwords and not self.takes_hotwords:
            raise ValueError(f"“{self.name}” was not made to be told words")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A recognition model that may be chosen here.

    Attributes:
        speed: Times real time, as measured on this machine; None until it was.
        languages: Codes; ``*`` for all that Whisper knows.
        default: Whether it is taken when nobody names one.
    """

    name: str
    size_bytes: int
    languages: tuple[str, ...]
    speed: float | None = None
    demo: bool = False
    default: bool = False


LONGEST_PROMPT = 400  # characters: about 100 of the 224 tokens that Whisper takes


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """A model on a server of the team's own, to which audio is sent.

    ``language`` and ``max_utterance_ms`` as in ``RecognitionModel``. ``window_ms`` is how much
    audio may be sent at once where there is no hurry. ``hotwords`` are the glossary's, the most
    important first; the server is told to expect them, after the words of its own settings.
    ``proxy`` is the settings', empty for the environment's.
    """

    server: TranscriptionServer
    language: str | None = None
    max_utterance_ms: int = 20_000
    window_ms: int = 30_000
    hotwords: tuple[str, ...] = ()
    proxy: str = ""

    takes_hotwords: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What the server calls it."""
        return self.server.model

    @property
    def host(self) -> str:
        """Where audio is sent."""
        return self.server.host

    @property
    def prompt(self) -> str:
        """What the server is told to expect, whole words only, as long as Whisper reads it."""
        expected = ""
        for words in filter(None, (self.server.prompt, *self.hotwords)):
            longer = f"{expected}, {words}" if expected else words
            if len(longer) > LONGEST_PROMPT:
                break
            expected = longer
        return expected


AnyModel: TypeAlias = RecognitionModel | RemoteModel


@dataclass(frozen=True, slots=True)
class RecognizedSegment:
    """One utterance as recognised, on its track."""

    span: Span
    text: str
    words: tuple[Word, ...]
    flag: SegmentFlag | None = None


@dataclass(frozen=True, slots=True)
class PartialText:
    """What an utterance that goes on seems to say so far; shown, and never stored."""

    start_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """A stretch in which one voice speaks; ``label`` is what the diariser calls it."""

    track_id: TrackId
    span: Span
    label: str


# The least and the greatest number of voices, None where that is unknown.
SpeakerCount: TypeAlias = tuple[int | None, int | None]
ANY_NUMBER: SpeakerCount = (None, None)


@dataclass(frozen=True, slots=True)
class StoredTrack:
    """A track as its files tell it; ``drift_ppm`` as in ``Track``."""

    track_id: TrackId
    label: TrackLabel
    source: TrackSource
    device: str
    sample_rate: int
    duration_ms: int
    drift_ppm: float | None = None
    source_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as its folder tells it; enough to make its record anew without a database.

    ``ended`` is False when no recorder closed it (it runs still, or was killed). ``set_aside``
    are files that nothing explains.
    """

    incident_id: IncidentId
    session_id: SessionId
    kind: SessionKind
    start_utc: datetime
    tracks: tuple[StoredTrack, ...]
    gaps: tuple[Gap, ...]
    markers: tuple[Marker, ...]
    ended: bool
    set_aside: tuple[Path, ...] = ()
    pauses: tuple[Pause, ...] = ()
    consent: Consent | None = None
    clock_events: tuple[ClockEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that is not as it was sealed; ``reason``: changed, missing, extra, unreadable."""

    path: Path
    reason: str


class Rewording(enum.Enum):
    """What became, or would become, of the texts that a session's folder keeps of itself."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NOT_AS_RECORDED = "not_as_recorded"  # a chain made anew would hide that: it is left so


@dataclass(frozen=True, slots=True)
class PackedAudio:
    """What packing a session did: so many files went from so many bytes to so many.

    ``kept`` files stay as they are, since a FLAC would be no smaller; ``packed_before`` were
    packed already.
    """

    files: int
    bytes_before: int
    bytes_after: int
    kept: int
    packed_before: int


@dataclass(frozen=True, slots=True)
class AudioVerification:
    """The outcome of comparing a session's files with its journal.

    ``chain_head`` is the hash (SHA-256, hex) of the journal's last line, empty without one.
    """

    files: int
    bytes: int
    problems: tuple[FileProblem, ...]
    gaps: tuple[Gap, ...]
    chain_head: str
    clock_events: tuple[ClockEvent, ...] = ()
