"""Use case: record. The recorder is a process of its own; this follows what it says."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock, is_being_written
from app.domain.errors import (
    AppError,
    AudioNotStoredError,
    CaptureError,
    RecorderUnreachableError,
)
from app.domain.events import (
    AudioStored,
    MomentMarked,
    ProblemArose,
    RecordChanged,
    RecordingStarted,
    RecordingStopped,
)
from app.domain.ids import IncidentId, SessionId, new_id
from app.domain.record import Change
from app.services.restarts import Restarts
from app.services.track_plans import track_plans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.engine_types import AudioSource, RecorderStatus
    from app.domain.home import Home
    from app.domain.ports import EventBus, RecordStore
    from app.domain.recording_ports import RecorderControl, Recording, SourceList
    from app.domain.sessions import Marker, MarkerKind, Session, SessionKind
    from app.services.recovery import Recovery

log = logging.getLogger(__name__)

STATUS_EVERY_S = 0.1
SILENT_FOR_S = 5.0  # how long a recorder may not answer before a person is told
START_LOCK = "recording-start.lock"


class RecordingDesk:
    """Starts, follows and stops recordings; one at a time.

    Publishes ``RecordingStarted``, ``AudioStored`` ten times a second and ``RecordingStopped``.

    Attributes:
        active: What is being recorded, None if nothing is.
        failure: What is missing of the last recording that ended, None if nothing is.
    """

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        actor: str,
        recorders: RecorderControl,
        source_list: SourceList,
        recovery: Recovery,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._actor = actor
        self._recorders = recorders
        self._source_list = source_list
        self._recovery = recovery
        self._recording: Recording | None = None
        self._follower: threading.Thread | None = None
        self._letting_go = threading.Event()
        self._lock = threading.RLock()
        self._restarts = Restarts(bus, home=home, recorders=recorders, recovery=recovery)
        self.active: Session | None = None
        self.failure: AppError | None = None

    def sources(self) -> list[AudioSource]:
        """Return what can be recorded from now."""
        return self._source_list.sources()

    def start(
        self,
        incident_id: IncidentId,
        *,
        kind: SessionKind,
        mic: str,
        bridge: str,
        mic_fallback: str = "",
        bridge_fallback: str = "",
    ) -> Session:
        """Record; returns once audio is being written.

        ``mic`` and ``bridge`` are source ids; empty for the default, which is then followed when
        the person makes another device the default, ``none`` for no such track. A fallback is
        heard while the source is away; empty for none.

        Raises:
            CaptureError: A source is missing or busy, or there is a recording already, be it of
                another program.
        """
        session_id = SessionId(new_id("ses"))
        try:
            with self._lock, self._sole_start():
                recording = self._recorders.start(
                    self._home.session_dir(incident_id, session_id),
                    incident_id=incident_id,
                    session_id=session_id,
                    kind=kind,
                    plans=track_plans(
                        self.sources, (mic, mic_fallback), (bridge, bridge_fallback)
                    ),
                )
                return self._follow(incident_id, session_id, recording)
        except BaseException:
            # Also on Ctrl-C: the recorder lives apart, and would record on without anybody.
            self._take_back(incident_id, session_id)
            raise

    def reattach(self, wanted: IncidentId | None = None) -> Session | None:
        """Find a recorder that runs, of one incident or of any, and follow it; None if none."""
        with self._lock:
            if self.active is not None:
                return self.active
            for incident_id, session_id, folder in self._recovery.folders():
                if wanted not in {None, incident_id}:
                    continue
                recording = self._recorders.attach(folder)
                if recording is not None:
                    return self._follow(incident_id, session_id, recording)
        return None

    def running(self) -> tuple[Recording, Session]:
        """Return what is being recorded.

        Raises:
            CaptureError: Nothing is.
        """
        recording, session = self._recording, self.active
        if recording is None or session is None:
            raise CaptureError("Nothing is being recorded.", remedy="Start a recording first.")
        return recording, session

    def mark(self, kind: MarkerKind, text: str = "") -> Marker:
        """Stamp this moment; the recorder makes it durable before the database does.

        Raises:
            CaptureError: Nothing is being recorded.
        """
        recording, session = self.running()
        marker = recording.mark(kind, by=self._actor, text=text)
        self._bus.publish(MomentMarked(marker))
        self._keep(session.incident_id, [Change(None, marker)], "mark")
        return marker

    def stop(self) -> None:
        """Have the recorder seal its files and end; ``failure`` then tells what is not stored.

        Of one that has died and is being replaced, nothing is a failure but what it lacks.

        Raises:
            RecorderUnreachableError: It does not answer; it may still be recording.
        """
        had_died = self._restarts.under_way
        if had_died:
            self._letting_go.set()
            self._join()
        with self._lock:
            recording, session = self._recording, self.active
            if recording is None or session is None:
                return
            try:
                self._end(session, recording.stop())
            except RecorderUnreachableError as error:
                folder = self._home.session_dir(session.incident_id, session.id)
                if is_being_written(folder):
                    if self._follower is None:
                        self._begin_to_watch(recording, session)
                    raise
                had_died = had_died or self._restarts.under_way
                ended = None if had_died else self._how_it_ended(session, error)
                self._end(session, None, ended)
        self._join()

    def shutdown(self) -> None:
        """Let go of the recorder, which keeps recording."""
        self._letting_go.set()
        self._join()
        with self._lock:
            if self._recording is not None:
                self._recording.close()
                self._recording = None

    # Starting

    @contextmanager
    def _sole_start(self) -> Iterator[None]:
        """See to it that nobody records; of two programs that start at once, one is refused."""
        try:
            turn = FolderLock(self._home.root, START_LOCK)
        except OSError as cause:
            raise AudioNotStoredError(self._home.root / START_LOCK, cause) from cause
        except FolderInUseError as cause:
            raise CaptureError(
                "Another program starts a recording at this moment.",
                remedy="Follow that one: hotwash record ID --attach",
            ) from cause
        try:
            incident_id = self.active.incident_id if self.active else self._recovery.running()
            if incident_id is not None:
                raise CaptureError(
                    "A recording is running.",
                    remedy=f"Follow it: hotwash record {incident_id} --attach",
                )
            yield
        finally:
            turn.release()

    def _take_back(self, incident_id: IncidentId, session_id: SessionId) -> None:
        """Stop what a start that failed has begun, and nothing else."""
        try:
            begun = self._recorders.attach(self._home.session_dir(incident_id, session_id))
            if begun is not None:
                begun.stop()
                begun.close()
            with self._lock:
                if self.active is not None and self.active.id == session_id:
                    self._end(self.active, None)
                elif begun is not None:
                    self._recovery.settle(incident_id, session_id, by=self._actor)
        except AppError as error:
            self._bus.publish(ProblemArose(error))
        if self.active is None:
            self._join()

    # Following

    def _follow(
        self, incident_id: IncidentId, session_id: SessionId, recording: Recording
    ) -> Session:
        # What the recorder wrote down is the truth; the database is told of it, and if that
        # fails the recording goes on all the same.
        session, tracks = self._recovery.on_disk(incident_id, session_id)
        self._recording, self.active, self.failure = recording, session, None
        try:
            self._recovery.put_on_record(session, tracks, by=self._actor)
            self._recovery.reopen(session, by=self._actor)
        except AppError as error:
            self._bus.publish(ProblemArose(error))
        self._bus.publish(RecordingStarted(session, tracks))
        self._begin_to_watch(recording, session)
        return session

    def _begin_to_watch(self, recording: Recording, session: Session) -> None:
        self._letting_go.clear()
        self._follower = threading.Thread(
            target=self._watch_to_the_end, args=(recording, session), name="recording-follower"
        )
        self._follower.start()

    def _watch_to_the_end(self, recording: Recording, session: Session) -> None:
        try:
            self._watch(recording, session)
        except AppError as error:
            self._end_if_active(session, None, error)
        except Exception as bug:  # the thread's boundary: nobody else would tell of the end
            log.exception("following %s", session.id)
            self._end_if_active(session, None, _not_followed(session, bug))

    def _watch(self, recording: Recording, session: Session) -> None:
        folder = self._home.session_dir(session.incident_id, session.id)
        heard_at, told, noticed = time.monotonic(), False, 0
        while not self._letting_go.wait(STATUS_EVERY_S):
            try:
                status = recording.status()
            except RecorderUnreachableError as error:
                # Who holds the folder lives: it may hang, and go on recording after that.
                if not is_being_written(folder):
                    ended = self._how_it_ended(session, error)
                    if ended is None or not self._is_recorded_again(session):
                        if not self._letting_go.is_set():
                            self._end_if_active(session, None, ended)
                        return
                    heard_at, noticed = time.monotonic(), 0  # of another recorder now
                    continue
                if not told and time.monotonic() - heard_at > SILENT_FOR_S:
                    told = True
                    self._bus.publish(ProblemArose(_not_answering(session)))
                continue
            heard_at, told = time.monotonic(), False
            for notice in status.notices[noticed:]:
                self._bus.publish(ProblemArose(CaptureError(notice, remedy="It records on.")))
            noticed = len(status.notices)
            if not status.running:
                self._end_if_active(session, status)
                return
            self._bus.publish(AudioStored(status))

    def _is_recorded_again(self, session: Session) -> bool:
        """Whether another recorder has gone on where one died.

        Raises:
            AppError: None could be started.
        """
        if not self._restarts.go_on(session, self._letting_go.wait):
            return False
        if self.active is not session:  # somebody stopped it meanwhile
            self._take_back(session.incident_id, session.id)
            return True
        try:
            self._recovery.reopen(session, by=self._actor)
        except AppError as error:
            self._bus.publish(ProblemArose(error))
        return True

    def _how_it_ended(self, session: Session, silence: AppError) -> AppError | None:
        """Return what to tell of a recorder that is gone: nothing if somebody had it stop."""
        try:
            well = self._recovery.was_ended(session.incident_id, session.id)
        except AppError:
            return silence
        return None if well else silence

    def _end_if_active(
        self, session: Session, status: RecorderStatus | None, error: AppError | None = None
    ) -> None:
        with self._lock:
            if self.active is session:
                self._end(session, status, error)

    def _end(
        self, session: Session, status: RecorderStatus | None, error: AppError | None = None
    ) -> None:
        if status is not None:
            self._bus.publish(AudioStored(replace(status, running=False)))
            error = error or status.failure
        self.failure = error
        self._letting_go.set()
        if self._recording is not None:
            self._recording.close()
        self._recording = self.active = None
        try:
            self._recovery.settle(session.incident_id, session.id, by=self._actor)
        except AppError as problem:
            self._bus.publish(ProblemArose(problem))
        finally:
            self._bus.publish(RecordingStopped(session.incident_id, session.id, error))

    def _join(self) -> None:
        follower, self._follower = self._follower, None
        if follower is not None and follower is not threading.current_thread():
            follower.join()

    def _keep(self, incident_id: IncidentId, changes: Sequence[Change], label: str) -> None:
        try:
            operation = self._store.commit(
                incident_id, changes, by=self._actor, label=label, undoable=False
            )
            self._bus.publish(RecordChanged(incident_id, operation))
        except AppError as error:  # it is in the journal, from which it is read back
            self._bus.publish(ProblemArose(error))


def _not_answering(session: Session) -> RecorderUnreachableError:
    return RecorderUnreachableError(
        "The recorder has not answered for some seconds; it may still be recording.",
        remedy=f"Wait. If it stays so: hotwash record {session.incident_id} --stop",
    )


def _not_followed(session: Session, bug: Exception) -> CaptureError:
    return CaptureError(
        f"The recording is not followed any more, by an error inside Hotwash: {bug!r}.",
        remedy=f"If it still records, follow it: hotwash record {session.incident_id} --attach",
    )
