"""The desk follows recorders that hang, die, fail, belong to others, or are given up at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.audio_files.folder_lock import FolderLock
from app.domain.errors import AudioNotStoredError, CaptureError
from app.domain.events import (
    AudioStored,
    MomentMarked,
    RecordChanged,
    RecordingStopped,
)
from app.domain.sessions import MarkerKind
from app.services import recording_desk
from app.services.recovery import Recovery
from tests.builders import INCIDENT
from tests.sound import wait_until
from tests.unit.services.fake_recorders import FakeRecorders, problems, start

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.home import Home
    from app.services.recording_desk import RecordingDesk
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard


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
