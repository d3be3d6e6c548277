"""Records a session: its tracks, its markers, its end."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderLock
from app.audio_files.format import SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Began, Ended
from app.audio_files.reserve import keep_reserve, release_reserve
from app.audio_files.writer import TrackWriter
from app.domain.engine_types import RecorderStatus
from app.domain.errors import AppError, AudioNotStoredError, CaptureError
from app.domain.ids import MarkerId, new_id
from app.domain.sessions import Marker
from app.domain.times import iso_utc
from capture.clock_watch import ClockWatch
from capture.patient_writer import PatientWriter
from capture.recorder_clock import NS_PER_MS, SystemClock
from capture.track_recording import TrackRecording

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.domain.sessions import MarkerKind
    from capture.device_input import OpenInput
    from capture.recorder_clock import RecorderClock
    from capture.recorder_plan import RecorderPlan

NS_PER_US = 1_000


class SessionRecorder:
    """A running recording. ``status`` and ``mark`` may be called from any thread."""

    def __init__(
        self,
        session_dir: Path,
        plan: RecorderPlan,
        open_input: OpenInput,
        clock: RecorderClock | None = None,
    ) -> None:
        """Open every device, wait until each delivers, then make the session's folder.

        Raises:
            AppError: A source is missing, busy or delivers nothing, or the disk is full;
                then no device is open and no session was made.
        """
        self._dir = session_dir
        self._plan = plan
        self._stop_once = threading.Lock()
        self._marking = threading.Lock()
        self._is_over = False
        self._clock = clock or SystemClock()
        self._notices: list[str] = []
        self._tracks: list[TrackRecording] = []
        with contextlib.ExitStack() as on_failure:
            for track in plan.tracks:
                recording = TrackRecording(track, open_input, self._clock)
                on_failure.callback(recording.close_device)
                self._tracks.append(recording)
            self._zero_ns = min(track.first_sample_ns() for track in self._tracks)
            age = timedelta(microseconds=(self._clock.now_ns() - self._zero_ns) // NS_PER_US)
            start_utc = self._clock.utc() - age
            keep_reserve(session_dir)
            on_failure.callback(release_reserve, session_dir)
            # Locked before others can see a session there, and take it for one cut off.
            lock = FolderLock(session_dir)
            on_failure.callback(lock.release)
            write_session_info(session_dir, _session_info(plan, start_utc))
            self._journal = Journal(session_dir, lock=lock)
            on_failure.pop_all()
        began = Began(self._zero_ns, iso_utc(start_utc))
        self._watch = ClockWatch(self._clock, began, append=self._journal.append)
        self._watch.start()
        for recording in self._tracks:
            label, track_id = recording.plan.label, recording.plan.track_id
            writer = TrackWriter(session_dir, self._journal, track_id, label)
            recording.start(PatientWriter(writer), zero_ns=self._zero_ns)
        self._final: RecorderStatus | None = None

    def status(self) -> RecorderStatus:
        """Return how it goes now; after ``stop``, how it ended."""
        return self._final or self._status(running=True)

    def tell(self, notice: str) -> None:
        """Have a sentence about the whole recording told to whoever follows it."""
        self._notices.append(notice)

    def mark(self, kind: MarkerKind, *, by: str, text: str) -> Marker:
        """Stamp a marker; it is durable when this returns.

        Raises:
            AudioNotStoredError: The disk is full.
            CaptureError: The recording has ended.
        """
        at_ms = self._elapsed_ms()
        marker = Marker(
            MarkerId(new_id("mrk")), self._plan.session_id, at_ms, kind=kind, by=by, text=text
        )
        with self._marking:
            if self._is_over:
                raise CaptureError("The recording has ended.", remedy="Start a new one.")
            self._journal.append(marker)
        return marker

    def stop(self) -> AppError | None:
        """Seal all files and end the session; return what could not be stored, if anything."""
        with self._stop_once:
            if self._final is not None:
                return self._final.failure
            with self._marking:
                self._is_over = True
            for track in self._tracks:
                track.request_stop()
            self._watch.stop()
            errors = {
                track: error for track in self._tracks if (error := track.wait_until_stored())
            }
            release_reserve(self._dir)  # room for what is still to be said on a full disk
            failure = self._give_up(errors) if errors else self._end()
            final = self._status(running=False, failure=failure)
            if not any(track.is_writing for track in errors):
                self._journal.close()
            self._final = final  # only now: who reads it may repair the folder
            return failure

    def close_devices(self) -> None:
        """Let go of the devices, after everything is safe; may take long."""
        for track in self._tracks:
            track.close_device()

    def _end(self) -> AppError | None:
        try:
            self._journal.append(Ended())
        except AudioNotStoredError as error:
            return error
        return None

    def _give_up(self, errors: dict[TrackRecording, AppError]) -> AppError:
        """Keep what there is of the tracks that could not be stored; say how much that is."""
        elapsed_ms = self._elapsed_ms()
        said = []
        for track, error in errors.items():
            if not track.is_writing:
                with contextlib.suppress(AudioNotStoredError):  # recovery seals it another time
                    track.give_up()
            if track.is_writing or isinstance(error, AudioNotStoredError):
                saved = _seconds(track.status().safe_until_ms)
                label = track.plan.label.value
                said.append(f"{label}: {saved} of {_seconds(elapsed_ms)} are on disk.")
        # Disks are what fails most, and what a person can do something about.
        worst = next(
            (error for error in errors.values() if isinstance(error, AudioNotStoredError)),
            next(iter(errors.values())),
        )
        AppError.__init__(worst, " ".join((str(worst), *said)), remedy=worst.remedy)
        return worst

    def _status(self, *, running: bool, failure: AppError | None = None) -> RecorderStatus:
        tracks = tuple(track.status() for track in self._tracks)
        notices = (*self._notices, *self._watch.told)
        return RecorderStatus(
            self._plan.session_id, self._elapsed_ms(), tracks, running, failure, notices
        )

    def _elapsed_ms(self) -> int:
        return (self._clock.now_ns() - self._zero_ns) // NS_PER_MS


def _seconds(ms: int) -> str:
    return f"{ms / 1_000:.1f} s"


def _session_info(plan: RecorderPlan, start_utc: datetime) -> SessionInfo:
    tracks = tuple(
        TrackInfo(
            track.track_id,
            track.label,
            track.source.kind,
            track.source.name,
            track.source.sample_rate,
        )
        for track in plan.tracks
    )
    return SessionInfo(plan.incident_id, plan.session_id, plan.kind, start_utc, tracks)
