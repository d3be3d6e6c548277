"""Recorders that do as they are told, and the desk that follows them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.audio_files.archive import FolderArchive
from app.audio_files.format import SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Ended
from app.domain.engine_types import AudioSource, RecorderStatus
from app.domain.errors import CaptureError, RecorderUnreachableError
from app.domain.events import (
    ProblemArose,
)
from app.domain.ids import MarkerId
from app.domain.sessions import Marker, MarkerKind, SessionKind, TrackSource
from app.services.recording_desk import RecordingDesk
from app.services.recovery import Recovery
from tests.builders import INCIDENT, START

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.engine_types import TrackPlan
    from app.domain.errors import AppError
    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId
    from app.domain.sessions import Session
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard


class FakeRecording:
    """A recorder that holds a real folder and does as it is told."""

    def __init__(self, folder: Path, session_id: SessionId) -> None:
        self.session_id = session_id
        self.folder = folder
        self.hangs = threading.Event()
        self.failure: AppError | None = None
        self.was_stopped = False
        self.dies_at_stop = False
        self.notices: tuple[str, ...] = ()
        self._journal: Journal | None = Journal(folder)

    @property
    def lives(self) -> bool:
        return self._journal is not None

    def status(self) -> RecorderStatus:
        if self.hangs.is_set() or not self.lives:
            raise RecorderUnreachableError("The recorder does not answer.")
        return RecorderStatus(self.session_id, 1_000, (), notices=self.notices)

    def mark(self, kind: MarkerKind, *, by: str, text: str = "") -> Marker:
        return Marker(MarkerId("mrk-1"), self.session_id, 900, kind, by, text)

    def stop(self) -> RecorderStatus:
        if self.dies_at_stop:
            self.die()
            raise RecorderUnreachableError("The recorder does not answer.")
        self.was_stopped = True
        self.die(ended=self.failure is None)
        return RecorderStatus(self.session_id, 1_000, (), running=False, failure=self.failure)

    def die(self, *, ended: bool = False) -> None:
        journal, self._journal = self._journal, None
        if journal is not None:
            if ended:
                journal.append(Ended())
            journal.close()

    def revive(self) -> None:
        self._journal = Journal(self.folder)

    def close(self) -> None:
        """Nothing to let go of."""


class FakeRecorders:
    """Recorders of this machine, whichever program started them."""

    def __init__(self) -> None:
        self.all: list[FakeRecording] = []
        self.on_start: BaseException | None = None
        self.goes_on = False
        self.tried_again = 0

    def start(
        self,
        session_dir: Path,
        *,
        incident_id: IncidentId,
        session_id: SessionId,
        kind: SessionKind,
        plans: Sequence[TrackPlan],
    ) -> FakeRecording:
        tracks = tuple(
            TrackInfo(plan.track_id, plan.label, plan.source.kind, plan.source.name, 16_000)
            for plan in plans
        )
        write_session_info(session_dir, SessionInfo(incident_id, session_id, kind, START, tracks))
        self.all.append(FakeRecording(session_dir, session_id))
        if self.on_start is not None:
            raise self.on_start
        return self.all[-1]

    def go_on(self, session_dir: Path) -> None:
        self.tried_again += 1
        if self.goes_on:
            (dead,) = (recording for recording in self.all if recording.folder == session_dir)
            dead.revive()
            return
        raise CaptureError("The driver crashes.", remedy="Mend it.")

    def attach(self, session_dir: Path) -> FakeRecording | None:
        for recording in self.all:
            if recording.folder == session_dir and recording.lives:
                recording.status()
                return recording
        return None


class OneMicrophone:
    def sources(self) -> list[AudioSource]:
        return [AudioSource("mic", "Built-in", TrackSource.MIC, 16_000, default=True)]


def a_desk(
    store: SqlRecordStore, bus: LocalBus, home: Home, recorders: FakeRecorders
) -> RecordingDesk:
    recovery = Recovery(store, bus, home=home, archive=FolderArchive(), recorders=recorders)
    return RecordingDesk(
        store,
        bus,
        home=home,
        actor="Marcus",
        recorders=recorders,
        source_list=OneMicrophone(),
        recovery=recovery,
    )


def start(desk: RecordingDesk) -> Session:
    return desk.start(INCIDENT, kind=SessionKind.ROOM, mic="", bridge="")


def problems(heard: Heard) -> list[str]:
    return [str(event.error) for event in heard if isinstance(event, ProblemArose)]
