"""A recorder that dies is started again, and what becomes of that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.audio_files.folder_lock import FolderLock
from app.domain.events import (
    AudioStored,
    RecordingStopped,
)
from app.services import restarts
from app.services.recovery import RESTART_LOCK
from tests.builders import INCIDENT
from tests.sound import wait_until
from tests.unit.services.fake_recorders import FakeRecorders, problems, start

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.engine_types import RecorderStatus
    from app.domain.home import Home
    from app.services.recording_desk import RecordingDesk
    from tests.unit.services.conftest import Heard


pytestmark = pytest.mark.usefixtures("no_waiting")


def test_a_recorder_that_died_ends_the_recording_and_is_no_success(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    start(desk)
    recorders.all[0].die()
    wait_until(lambda: isinstance(heard[-1], RecordingStopped), "the end is noticed")

    assert isinstance(heard[-1], RecordingStopped)
    assert heard[-1].error is desk.failure is not None
    assert recorders.tried_again == 4
    assert problems(heard) == [], "none goes on in its place, so nobody says so"
    assert str(desk.failure) == (
        "The recorder died, and none goes on in its place: The driver crashes."
    )
    assert desk.failure.remedy == "Mend it."


def test_a_recorder_that_is_stopped_while_it_is_started_again_is_no_failure(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarts, "WAITS_S", (0.0, 60.0))
    session = start(desk)
    recorders.all[0].die()
    wait_until(lambda: recorders.tried_again == 1, "it is tried")
    desk.stop()

    assert heard[-1] == RecordingStopped(INCIDENT, session.id, None)
    assert desk.failure is None


def test_who_follows_a_recording_that_another_program_starts_again_waits_for_it(
    desk: RecordingDesk,
    home: Home,
    recorders: FakeRecorders,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def asking(folder: Path, name: str) -> FolderLock:
        asked.append(name)
        return FolderLock(folder, name)

    monkeypatch.setattr(restarts, "FolderLock", asking)
    start(desk)
    turn = FolderLock(home.root, RESTART_LOCK)
    recorders.all[0].die()
    wait_until(lambda: len(asked) > 2 * len(restarts.WAITS_S), "it asks for its turn again")
    assert desk.active is not None
    heard.clear()
    recorders.all[0].revive()
    turn.release()
    wait_until(lambda: any(isinstance(e, AudioStored) for e in heard), "it is followed")

    assert recorders.tried_again == 0
    assert problems(heard) == ["The recorder died; another goes on in its place."]
    desk.stop()


def test_an_error_inside_the_follower_ends_it_aloud(
    desk: RecordingDesk,
    recorders: FakeRecorders,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start(desk)

    def crashes() -> RecorderStatus:
        raise RuntimeError("no such status")

    monkeypatch.setattr(recorders.all[0], "status", crashes)
    wait_until(lambda: isinstance(heard[-1], RecordingStopped), "the end is told")

    assert "no such status" in str(desk.failure)
    assert desk.active is None


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
    assert "again and again" in str(desk.failure)


def test_a_recorder_that_died_can_be_stopped_for_good(
    desk: RecordingDesk, recorders: FakeRecorders, heard: Heard
) -> None:
    start(desk)
    recorders.all[0].dies_at_stop = True
    desk.stop()

    assert isinstance(heard[-1], RecordingStopped)
    assert desk.active is None
    assert recorders.tried_again == 0
