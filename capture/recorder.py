"""Records a session: its tracks, its markers, its end."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.audio_files.conduct_lines import SourceChanged
from app.audio_files.folder_lock import lock_new_folder
from app.audio_files.format import (
    FRAMES_PER_MS,
    SessionInfo,
    TrackInfo,
    write_session_info,
)
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Began, Ended
from app.audio_files.reserve import keep_reserve, release_reserve
from app.audio_files.writer import TrackWriter
from app.domain.engine_types import RecorderStatus
from app.domain.errors import AppError, AudioNotStoredError
from app.domain.sessions import GapReason
from app.domain.times import iso_utc
from capture.clock_watch import ClockWatch
from capture.patient_writer import PatientWriter
from capture.recorder_clock import NS_PER_MS, SystemClock
from capture.session_conduct import SessionConduct
from capture.track_recording import TrackRecording

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.domain.alarms import Alarm
    from app.domain.engine_types import AudioSource
    from app.domain.ids import TrackId
    from app.domain.sessions import Consent, Marker, MarkerKind, Pause
    from capture.continuation import Continuation
    from capture.device_input import OpenInput
    from capture.recorder_clock import RecorderClock
    from capture.recorder_plan import RecorderPlan
    from capture.track_input import SourceRoster

NS_PER_US = 1_000
CLOSE_SECONDS = 2.0


class SessionRecorder:
    """A running recording. All but ``stop`` and ``close_devices`` come from any thread.

    Attributes:
        alarms: What is wrong with it now; kept by ``capture.alarm_watch``.
    """

    def __init__(
        self,
        session_dir: Path,
        plan: RecorderPlan,
        open_input: OpenInput,
        clock: RecorderClock | None = None,
        roster: SourceRoster | None = None,
        *,
        continuing: Continuation | None = None,
    ) -> None:
        """Open every device, wait until each delivers, then make the session's folder.

        ``continuing`` says that it is there, and where a recorder that was killed left it: what
        nobody heard since is a gap. One device that opens is then enough; the others are awaited.

        Raises:
            AppError: A source is missing, busy or delivers nothing, or the disk is full;
                then no device is open and no session was made.
        """
        self._dir = session_dir
        self._plan = plan
        self._stop_once = threading.Lock()
        self._clock = clock or SystemClock()
        self._notices: list[str] = []
        self.alarms: tuple[Alarm, ...] = ()
        self._tracks: list[TrackRecording] = []
        with contextlib.ExitStack() as on_failure:
            self._open_tracks(open_input, roster, on_failure, may_be_away=continuing is not None)
            first_ns = min(track.first_sample_ns() for track in self._tracks)
            self._zero_ns = continuing.began.monotonic_ns if continuing else first_ns
            age = timedelta(microseconds=(self._clock.now_ns() - self._zero_ns) // NS_PER_US)
            start_utc = self._clock.utc() - age
            # Locked before others can see a session there, and take it for one cut off; and before
            # anything is written, for what is there may be another recorder's.
            lock = lock_new_folder(session_dir)
            on_failure.callback(lock.release)
            keep_reserve(session_dir)
            on_failure.callback(release_reserve, session_dir)
            if continuing is None:
                write_session_info(session_dir, _session_info(plan, start_utc))
            self._journal = Journal(session_dir, lock=lock)
            on_failure.pop_all()
        began = continuing.began if continuing else Began(self._zero_ns, iso_utc(start_utc))
        self._watch = ClockWatch(self._clock, began, append=self._journal.append)
        self._watch.start()
        self._start_tracks(continuing)
        self._conduct = SessionConduct(
            session_dir,
            plan.session_id,
            self._journal,
            self._tracks,
            clock=self._clock,
            zero_ns=self._zero_ns,
            consent=continuing.consent if continuing else None,
        )
        self._final: RecorderStatus | None = None

    def _open_tracks(
        self,
        open_input: OpenInput,
        roster: SourceRoster | None,
        on_failure: contextlib.ExitStack,
        *,
        may_be_away: bool,
    ) -> None:
        on_failure.callback(self.close_devices)
        for track in self._plan.tracks:
            recording = TrackRecording(
                track, open_input, self._clock, roster, may_be_away=may_be_away
            )
            self._tracks.append(recording)
        refusals = [track.refusal for track in self._tracks if track.refusal is not None]
        if len(refusals) == len(self._tracks):
            raise refusals[0]

    def _start_tracks(self, continuing: Continuation | None) -> None:
        for recording in self._tracks:
            label, track_id = recording.plan.label, recording.plan.track_id
            writer = TrackWriter(self._dir, self._journal, track_id, label)
            if continuing is not None:
                writer.skip(continuing.ends_ms[track_id] * FRAMES_PER_MS)
                writer.sync()
            recording.start(
                PatientWriter(writer),
                missing=GapReason.CRASH if continuing else None,
                zero_ns=self._zero_ns,
                on_source=partial(self._note_source, track_id),
            )

    @property
    def session_dir(self) -> Path:
        """Where it records."""
        return self._dir

    @property
    def tracks(self) -> tuple[TrackRecording, ...]:
        """Its tracks."""
        return tuple(self._tracks)

    def now_ns(self) -> int:
        """Return the time on the recorder's clock."""
        return self._clock.now_ns()

    def status(self) -> RecorderStatus:
        """Return how it goes now; after ``stop``, how it ended."""
        return self._final or self._status(running=True)

    def tell(self, notice: str) -> None:
        """Have a sentence about the whole recording told to whoever follows it."""
        self._notices.append(notice)

    def mark(self, kind: MarkerKind, *, by: str, text: str) -> Marker:
        """Stamp a marker; see ``SessionConduct``, also for the next three."""
        return self._conduct.mark(kind, by=by, text=text)

    def announce(self, *, by: str, method: str) -> Consent:
        """Stamp the moment at which people were told of the recording."""
        return self._conduct.announce(by=by, method=method)

    def pause(self, *, by: str) -> Pause:
        """Let nothing that is heard from now on reach the disk."""
        return self._conduct.begin_pause(by=by)

    def resume(self, *, by: str) -> Pause:
        """Record again."""
        return self._conduct.end_pause(by=by)

    def stop(self) -> AppError | None:
        """Seal all files and end the session; return what could not be stored, if anything."""
        with self._stop_once:
            if self._final is not None:
                return self._final.failure
            self._conduct.end()
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
        """Let go of the devices, but wait no longer for a sound library that hangs.

        PortAudio's does when the sound server dies just then; it goes with the process.
        """
        closing = threading.Thread(target=self._close_devices, name="device-closer", daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)

    def _close_devices(self) -> None:
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
        return RecorderStatus(
            self._plan.session_id,
            self._elapsed_ms(),
            tracks,
            running,
            failure,
            (*self._notices, *self._watch.told),
            self._conduct.pause,
            self._conduct.consent,
            self.alarms,
        )

    def _note_source(self, track_id: TrackId, before: AudioSource, after: AudioSource) -> None:
        """Write down which source a track hears; on the track's thread."""
        with contextlib.suppress(AudioNotStoredError):  # the gap beside it is told all the same
            line = SourceChanged(track_id, before.id, after.id, self._elapsed_ms())
            self._journal.append(line)

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
