"""What the services need from the outside world; the engines and the storage implement these."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.engine_types import (
    AnyModel,
    AudioVerification,
    InstalledModel,
    PackedAudio,
    PartialText,
    RecognitionModel,
    RecognizedSegment,
    Rewording,
    StoredSession,
    TrackAudio,
)
from app.domain.errors import AppError
from app.domain.events import Event
from app.domain.ids import IncidentId, SegmentId, SessionId, TrackId
from app.domain.incident import Incident
from app.domain.recognition_pace import RecognitionPace
from app.domain.recognitions import Recognition
from app.domain.record import Change, Operation, Record
from app.domain.sessions import Track
from app.domain.timeline import TimelineEntry
from app.domain.times import Span
from app.domain.transcript import RecognitionPass, SearchHit, Segment

if TYPE_CHECKING:
    from app.domain.merging import Copy, Merge  # brings pydantic, which the window waits for


class EventBus(Protocol):
    """Tells interested parts of the program what has happened."""

    def publish(self, event: Event) -> None:
        """Call every subscriber on the caller's thread."""

    def subscribe(self, handler: Callable[[Event], None]) -> None:
        """Have ``handler`` called for every later event."""


class RecordStore(Protocol):
    """Keeps the records of all incidents.

    Safe to call from any thread; each call is one transaction, durable when it returns.

    Raises:
        StorageError: from any method, when the data folder is full or cannot be written.
    """

    def incidents(self) -> list[Incident]:
        """Return all incidents, newest first."""

    def anchored_entries(self) -> list[TimelineEntry]:
        """Return the entries of all incidents that carry an anchor."""

    def track(self, track_id: TrackId) -> tuple[IncidentId, Track]:
        """Return a track and whose it is, without reading the rest.

        Raises:
            NotFoundError: There is no such track.
        """

    def record(self, incident_id: IncidentId) -> Record:
        """Return everything known of an incident.

        Raises:
            NotFoundError: There is no such incident.
        """

    def commit(
        self,
        incident_id: IncidentId,
        changes: Sequence[Change],
        *,
        by: str,
        label: str,
        undoable: bool = True,
    ) -> Operation:
        """Store one step of somebody's work: all of it, or nothing.

        What only keeps books (a recording's length) is not ``undoable``.

        Raises:
            InvalidRecordError: An entity is no longer as ``before`` says (someone else changed
                it meanwhile), refers to something that does not exist, or holds more than is to
                be entered (see ``limits``).
        """

    def undo(self, incident_id: IncidentId, *, by: str) -> Operation | None:
        """Take back the latest step that is not undone; None if there is none."""

    def redo(self, incident_id: IncidentId, *, by: str) -> Operation | None:
        """Do again the step that was undone last; None if there is none."""

    def copy(self, incident_id: IncidentId) -> Copy:
        """Return everything of an incident, with what is kept beside its record.

        Raises:
            NotFoundError: There is no such incident.
        """

    def take_in(self, copy: Copy) -> Merge:
        """Write what is not here yet of a copy: all of it, or nothing; see ``merging``.

        Raises:
            BundleError: Words would come back that were redacted here, or stay that were there.
            InvalidRecordError: An id is another incident's, or refers to nothing.
        """

    def add_segments(
        self,
        track_id: TrackId,
        segments: Sequence[Segment],
        *,
        made_in: RecognitionPass,
        cursor_ms: int,
        session_ms: int | None = None,
    ) -> None:
        """Store newly recognised segments together with how far recognition has come.

        Those of a final pass take the place of live ones that nobody edited, up to the cursor:
        ``cursor_ms`` is on the track, ``session_ms`` the same on the session where that differs.
        """

    def cursor_ms(self, track_id: TrackId, made_in: RecognitionPass) -> int:
        """Return how far recognition of the track has come; 0 at first."""

    def restart_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Begin a pass again, from 0.

        What an earlier final pass made stands, as live words with its cursor, until new words take
        its place; before a live pass that is asked for, what nobody edited goes at once.
        """

    def finish_pass(self, track_id: TrackId, made_in: RecognitionPass) -> None:
        """Let a complete final pass take the place of all live segments that nobody edited."""

    def note_recognition(self, session_id: SessionId, recognition: Recognition) -> None:
        """Note what recognises a session, in the place of what did in the same pass.

        A server that audio was sent to stays on record.
        """

    def label_segments(self, divisions: Sequence[tuple[Segment, Sequence[Segment]]]) -> None:
        """Note who speaks: each segment as it was read, and the parts it is divided into.

        All at once. What people have done to a segment meanwhile, or before, stays as it is: one
        whose words have changed is not divided, one whose voice a person named keeps it.
        """

    def tell_voices(
        self,
        incident_id: IncidentId,
        voices: Sequence[Change],
        divisions: Sequence[tuple[Segment, Sequence[Segment]]],
        *,
        by: str,
    ) -> None:
        """Write new and changed voices, and which segments are whose: all of it, or nothing.

        Of segments as ``label_segments`` does it.
        """

    def mark_bleed(self, track_id: TrackId, bled: Collection[SegmentId]) -> None:
        """Note which of a track's segments are bleed, and of the others that they are not.

        Where a person has said which it is, that stands.
        """

    def search(self, words: str, *, limit: int = 50) -> list[SearchHit]:
        """Return the segments of all incidents that hold all the words, best first."""

    def data_version(self) -> int:
        """Return a number that changes when another connection has written."""

    def close(self) -> None:
        """Release the database."""


class AudioArchive(Protocol):
    """The folders in which audio lies; ``app.audio_files.archive`` in the program."""

    def describe(self, session_dir: Path) -> StoredSession:
        """Return what a session's files say, changing nothing (a recorder may be writing).

        Raises:
            AudioUnreadableError: The folder holds no session.
        """

    def recover(self, session_dir: Path) -> StoredSession:
        """Repair what a killed recorder left: headers, open parts, the journal's end.

        Never deletes: files it does not know go to ``set_aside/``. Sealed files stay as they are,
        but for what a redaction or a packing had begun to make of them.
        """

    def silence(
        self, session_dir: Path, stretches: Sequence[Span], *, at: str, by: str, reason: str
    ) -> tuple[str, ...]:
        """Make stretches silent on every track; return the names of the files that changed.

        Raises:
            FolderInUseError: A recorder writes there.
            AudioNotStoredError: The disk is full or cannot be written.
        """

    def foresee_silence(self, session_dir: Path, stretches: Sequence[Span]) -> tuple[str, ...]:
        """Return the names of the files that ``silence`` would change; changes nothing."""

    def reword(
        self, session_dir: Path, change: Callable[[str], str], *, at: str, by: str
    ) -> Rewording:
        """Change the texts of the journal and of ``session.json``, unless they were changed.

        Raises:
            FolderInUseError: A recorder writes there.
            AudioNotStoredError: The disk is full or cannot be written.
        """

    def foresee_rewording(self, session_dir: Path, change: Callable[[str], str]) -> Rewording:
        """Return what ``reword`` would do; changes nothing."""

    def pack(
        self, session_dir: Path, *, dry_run: bool, on_progress: Callable[[int, int], None]
    ) -> PackedAudio:
        """Pack what is sealed into FLAC, each file compared before its WAV goes.

        ``on_progress`` is told files done and all there are. A dry run only finds out the sizes.

        Raises:
            FolderInUseError: Somebody writes there.
            AudioUnreadableError: A file is not as it was recorded.
            AudioNotStoredError: The disk is full or cannot be written.
        """

    def packing_was_cut_off(self, session_dir: Path) -> bool:
        """Whether a packing is under way there, or was killed: then ``recover`` completes it."""

    def is_longer(self, session_dir: Path, durations_ms: Mapping[TrackId, int | None]) -> bool:
        """Whether a recorder was killed there that had gone on behind these ends of the tracks.

        Reads nothing where none was killed.

        Raises:
            AudioUnreadableError: The folder holds no session.
        """

    def verify(self, session_dir: Path) -> AudioVerification:
        """Compare every sealed file with the journal and the journal with its own chain."""


class Recognizer(Protocol):
    """Recognises tracks in a process of its own; replies come on a thread of this object.

    ``transcription.recognizer_process.RecognizerProcess`` in the program.
    """

    def follow(self, track: TrackAudio, *, from_ms: int) -> None:
        """Begin, or begin again, at a position where no utterance is under way."""

    def advance(self, track_id: TrackId, *, until_ms: int) -> None:
        """Audio of the track is on disk up to here: recognise what has ended by then."""

    def finish(self, track_id: TrackId, *, until_ms: int) -> None:
        """No audio follows: recognise the rest, then reply that the track is finished."""

    def keep_pace(self, pace: RecognitionPace) -> None:
        """Leave out from now on what that pace leaves out; the first pace leaves out nothing."""

    def stop(self) -> None:
        """End the child process and join; replies cease. A reply may call it, too."""


class RecognizerReplies(Protocol):
    """Who hears what a recogniser has to say. Called on the recogniser's thread."""

    def on_segments(
        self, track_id: TrackId, segments: tuple[RecognizedSegment, ...], cursor_ms: int
    ) -> None:
        """Utterances ended (or only silence passed) before ``cursor_ms``."""

    def on_listened(self, track_id: TrackId, until_ms: int) -> None:
        """No ended utterance before ``until_ms`` waits; one may still be going on there."""

    def on_partial(self, track_id: TrackId, partial: PartialText) -> None:
        """An utterance that goes on seems to say this; it holds until its segments come."""

    def on_finished(self, track_id: TrackId) -> None:
        """Everything up to the end of the track has been reported; or, after a failure, could."""

    def on_failed(self, error: AppError) -> None:
        """The model does not load, or a track's audio does not read; the child may go on."""

    def on_waiting(self, error: AppError) -> None:
        """A server does not answer; the child asks again, however long it takes."""

    def on_language(self, language: str, *, settled: bool) -> None:
        """Most was said in this language so far; ``settled``: it is kept from now on."""

    def on_warning(self, error: AppError) -> None:
        """Something people should know, such as a graphics card that fails; all goes on."""

    def on_exit(self, exit_code: int) -> None:
        """The child ended without being asked to."""


class RecognizerFactory(Protocol):
    """Makes recognisers."""

    def __call__(self, model: AnyModel, replies: RecognizerReplies) -> Recognizer:
        """Spawn a child that loads the model."""


class ModelStore(Protocol):
    """Models on this machine; ``transcription.model_files``."""

    def recognition_model(self, name: str = "", *, language: str = "") -> RecognitionModel:
        """Return an installed model by name, by default the best one for this machine.

        Raises:
            ModelError: It is not installed (the remedy says how to), or damaged.
        """

    def recognition_models(self) -> list[InstalledModel]:
        """Return the models that are installed and whole; none is told as the default."""

    def recommended(self, language: str = "") -> str:
        """Return the name of the model that suits this machine best, installed or not."""


class TrackClock(Protocol):
    """Where a track's positions lie on the session's time: devices count by their own quartz."""

    def session_ms(self, track_ms: int) -> int:
        """Return where a position on the track lies on the session."""

    def track_ms(self, session_ms: int) -> int:
        """Return which position on the track lies at a moment of the session."""


class AudioReader(Protocol):
    """Reads a track's audio from disk; ``app.audio_files.reader``."""

    def duration_ms(self, track: TrackAudio) -> int:
        """Return where the readable audio ends now."""

    def pcm(self, track: TrackAudio, start_ms: int, end_ms: int) -> bytes:
        """Return 16 kHz mono s16le samples of the stretch; zeros in gaps and past the end.

        Positions are the track's own, by its count of samples; engines work on these.

        Raises:
            AudioUnreadableError: A file of the track is missing or damaged.
        """

    def session_pcm(self, track: TrackAudio, start_ms: int, end_ms: int) -> bytes:
        """Return what the track has of a stretch of the session, on whose time the record is."""

    def clock(self, track: TrackAudio) -> TrackClock:
        """Return where the track's positions lie on the session's time, as is known now."""

    def blocks(self, track: TrackAudio, *, block_ms: int = 30_000) -> Iterator[bytes]:
        """Yield the whole track, one block at a time."""


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Return the present moment, aware, UTC."""
