"""The desk follows recorders that hang, die, fail, belong to others, or are given up at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import FolderLock
from app.audio_files.format import SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Ended
from app.domain.engine_types import AudioSource, RecorderStatus
from app.domain.errors import AudioNotStoredError, CaptureError, RecorderUnreachableError
from app.domain.events import (
    AudioStored,
    MomentMarked,
    ProblemArose,
    RecordChanged,
    RecordingStopped,
)
from app.domain.home import Home
from app.domain.ids import MarkerId
from app.domain.sessions import Marker, MarkerKind, SessionKind, TrackSource
from app.services import recording_desk, restarts
from app.services.recording_desk import RecordingDesk
from app.services.recovery import Recovery
from tests.builders import INCIDENT, START
from tests.sound import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.domain.engine_types import TrackPlan
    from app.domain.errors import AppError
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


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "WAITS_S", (0.0,) * 4)


@pytest.fixture
def recorders() -> Iterator[FakeRecorders]:
    recorders = FakeRecorders()
    yield recorders
    for recording in recorders.all:
        recording.die()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def desk(
    store: SqlRecordStore, bus: LocalBus, home: Home, recorders: FakeRecorders
) -> Iterator[RecordingDesk]:
    desk = a_desk(store, bus, home, recorders)
    yield desk
    desk.shutdown()


@pytest.fixture
def other_desk(
    store: SqlRecordStore, bus: LocalBus, home: Home, recorders: FakeRecorders
) -> RecordingDesk:
    """The desk of another program over the same data folder."""
    return a_desk(store, bus, home, recorders)


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


def test_a_recorder_that_hangs_is_told_of_once_and_followed_again_when_it_answers(
    desk: RecordingDesk,
    recorders: FakeRecorders,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording_desk, "SILENT_FOR_S", 0.3)
    session = start(desk)
    (recorder,) = recorders.all
    recorder.hangs.set()
    wait_until(lambda: problems(heard) != [], "the silence is told")
    assert "has not answered" in problems(heard)[0]
    assert desk.active is session
    heard.clear()
    recorder.hangs.clear()
    wait_until(lambda: any(isinstance(e, AudioStored) for e in heard), "it is followed again")
    desk.stop()

    assert problems(heard) == []
    assert heard[-1] == RecordingStopped(INCIDENT, session.id, None)
    assert desk.failure is None


def test_what_the_recorder_has_to_say_of_the_machine_is_told_once(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    start(desk)
    (recorder,) = recorders.all
    recorder.notices = ("The machine slept for 40 s.",)
    wait_until(lambda: bool(problems(heard)), "it is told")
    recorder.notices += ("The machine's clock was set by +3,600.0 s.",)
    wait_until(lambda: len(problems(heard)) > 1, "so is what follows")
    desk.stop()

    assert problems(heard) == list(recorder.notices)


def test_a_recorder_that_died_ends_the_recording_and_is_no_success(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    start(desk)
    recorders.all[0].die()
    wait_until(lambda: isinstance(heard[-1], RecordingStopped), "the end is noticed")

    assert isinstance(heard[-1], RecordingStopped)
    assert heard[-1].error is desk.failure is not None
    assert recorders.tried_again == 4
    assert problems(heard) == [
        "The recorder died; another goes on in its place.",
        "The driver crashes.",
    ]


def test_a_recorder_that_died_is_followed_by_another_until_that_happens_too_often(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    recorders.goes_on = True
    start(desk)
    for time in range(4):
        heard.clear()
        recorders.all[0].die()
        wait_until(lambda: any(isinstance(e, AudioStored) for e in heard), f"{time} is over")
        assert problems(heard) == ["The recorder died; another goes on in its place."]
        assert desk.active is not None
    recorders.all[0].die()
    wait_until(lambda: isinstance(heard[-1], RecordingStopped), "it is given up")

    assert recorders.tried_again == 4
    assert "again and again" in problems(heard)[-1]


def test_a_recorder_that_died_can_be_stopped_for_good(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    start(desk)
    recorders.all[0].dies_at_stop = True
    desk.stop()

    assert isinstance(heard[-1], RecordingStopped)
    assert desk.active is None
    assert recorders.tried_again == 0


def test_a_recorder_that_another_program_stopped_is_no_failure(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    session = start(desk)
    recorders.all[0].die(ended=True)
    wait_until(lambda: isinstance(heard[-1], RecordingStopped), "the end is noticed")

    assert heard[-1] == RecordingStopped(INCIDENT, session.id, None)


def test_what_the_recorder_could_not_store_is_told_at_the_end(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard, tmp_path: Path
) -> None:
    start(desk)
    full = AudioNotStoredError(tmp_path / "room.wav", OSError(28, "No space left on device"))
    recorders.all[0].failure = full
    desk.stop()

    assert isinstance(heard[-1], RecordingStopped)
    assert heard[-1].error is full
    assert desk.failure is full


@pytest.mark.parametrize("hangs", [False, True])
def test_a_second_recording_is_refused_also_in_another_program(
    desk: RecordingDesk, other_desk: RecordingDesk, recorders: FakeRecorders, *, hangs: bool
) -> None:
    start(desk)
    if hangs:
        recorders.all[0].hangs.set()
    for second in (desk, other_desk):
        with pytest.raises(CaptureError, match="A recording is running") as refused:
            start(second)
        assert refused.value.remedy == f"Follow it: hotwash record {INCIDENT} --attach"

    (only,) = recorders.all
    assert not only.was_stopped
    recorders.all[0].hangs.clear()
    desk.stop()
    start(desk)
    assert len(recorders.all) == 2, "once it is over, another may begin"


def test_of_two_starts_at_once_one_is_refused(
    desk: RecordingDesk, home: Home, recorders: FakeRecorders
) -> None:
    other_program = FolderLock(home.root, recording_desk.START_LOCK)
    try:
        with pytest.raises(CaptureError, match="at this moment"):
            start(desk)
    finally:
        other_program.release()
    assert recorders.all == []


def test_ctrl_c_during_the_start_stops_what_it_began_and_nothing_else(
    store: SqlRecordStore, desk: RecordingDesk, recorders: FakeRecorders
) -> None:
    recorders.on_start = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        start(desk)
    (begun,) = recorders.all
    assert begun.was_stopped
    assert store.record(INCIDENT).session(begun.session_id)
    assert desk.active is None


def test_ctrl_c_during_a_start_leaves_the_recording_of_another_program_alone(
    desk: RecordingDesk,
    other_desk: RecordingDesk,
    recorders: FakeRecorders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start(desk)

    def interrupted(_recovery: Recovery) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Recovery, "running", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start(other_desk)

    assert desk.active is not None
    assert not recorders.all[0].was_stopped


def test_a_marker_is_told_at_once_and_is_on_record(
    desk: RecordingDesk, store: SqlRecordStore, heard: Heard
) -> None:
    start(desk)
    heard.clear()
    marker = desk.mark(MarkerKind.DECISION)

    told = [event for event in heard if isinstance(event, MomentMarked | RecordChanged)]
    (stamped, changed) = told
    assert stamped == MomentMarked(marker)
    assert isinstance(changed, RecordChanged)
    assert changed.operation is not None
    assert [change.after for change in changed.operation.changes] == [marker]
    assert store.record(INCIDENT).markers == (marker,)
