"""What the keys of all programs do, without any window."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from app.domain.errors import AppError, CaptureError, ShortcutError
from app.domain.events import ProblemArose, WindowRequested
from app.domain.ids import IncidentId, MarkerId
from app.domain.sessions import Marker, MarkerKind, Pause, Session
from app.domain.shortcuts import ShortcutAction
from app.services.bus import LocalBus
from app.services.hotkeys import Hotkeys
from tests.builders import SESSION, a_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.events import Event
    from app.domain.recording_ports import Recording
    from app.domain.shortcuts import Shortcut, ShortcutListener


class FakeRecording:
    def __init__(self) -> None:
        self.pause: Pause | None = None

    def status(self) -> FakeRecording:
        return self


@dataclass
class FakeRecorder:
    """Desk and conduct in one: a recording that a terminal has started, or none."""

    session: Session | None = None
    followed: bool = False
    recording: FakeRecording = field(default_factory=FakeRecording)
    marked: list[MarkerKind] = field(default_factory=list)

    def reattach(self) -> Session | None:
        self.followed = self.session is not None
        return self.session

    def running(self) -> tuple[Recording, Session]:
        if self.session is None or not self.followed:
            raise CaptureError("Nothing is being recorded.", remedy="Start one.")
        return cast("Recording", self.recording), self.session

    def mark(self, kind: MarkerKind) -> Marker:
        self.running()
        self.marked.append(kind)
        return Marker(MarkerId("mrk-1"), SESSION, 1, kind, "Priya")

    def pause(self, incident_id: IncidentId) -> Pause:
        assert self.session is not None
        assert incident_id == self.session.incident_id
        self.recording.pause = Pause(1_000, None, "Priya")
        return self.recording.pause

    def resume(self, incident_id: IncidentId) -> Pause:
        assert self.session is not None
        assert incident_id == self.session.incident_id
        pause, self.recording.pause = self.recording.pause, None
        assert pause is not None
        return pause


@dataclass
class FakeKeyboard:
    """Implements ``GlobalShortcuts``; its keys are pressed by the test."""

    wanted: tuple[Shortcut, ...] = ()
    listener: ShortcutListener | None = None

    def listen(self, shortcuts: Iterable[Shortcut], listener: ShortcutListener) -> None:
        self.wanted, self.listener = tuple(shortcuts), listener

    def press(self, action: ShortcutAction) -> None:
        assert self.listener is not None
        self.listener.pressed(action)

    def stop(self) -> None:
        self.listener = None


@dataclass
class FakeNotifier:
    told: list[tuple[str, bool]] = field(default_factory=list)

    def notify(self, title: str, body: str, *, urgent: bool) -> None:
        assert body
        self.told.append((title, urgent))


@dataclass
class Desk:
    recorder: FakeRecorder = field(default_factory=FakeRecorder)
    keyboard: FakeKeyboard = field(default_factory=FakeKeyboard)
    notifier: FakeNotifier = field(default_factory=FakeNotifier)
    events: list[Event] = field(default_factory=list)

    def hotkeys(self, chosen: Mapping[ShortcutAction, str] | None = None) -> Hotkeys:
        bus = LocalBus()
        bus.subscribe(self.events.append)
        hotkeys = Hotkeys(
            bus,
            self.keyboard,
            desk=self.recorder,
            conduct=self.recorder,
            notifier=self.notifier,
            chosen=chosen or {},
        )
        hotkeys.start()
        return hotkeys

    def problems(self) -> list[AppError]:
        return [event.error for event in self.events if isinstance(event, ProblemArose)]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_key_marks_a_recording_that_a_terminal_has_started(desk: Desk) -> None:
    desk.recorder.session = a_session()
    desk.hotkeys()
    for kind in MarkerKind:
        desk.keyboard.press(ShortcutAction(f"mark_{kind.value}"))

    assert desk.recorder.marked == list(MarkerKind)
    assert desk.notifier.told == []


def test_one_key_pauses_and_resumes(desk: Desk) -> None:
    desk.recorder.session = a_session()
    desk.hotkeys()
    desk.keyboard.press(ShortcutAction.PAUSE)
    assert desk.recorder.recording.pause is not None
    desk.keyboard.press(ShortcutAction.PAUSE)
    assert desk.recorder.recording.pause is None


@pytest.mark.parametrize("action", [ShortcutAction.MARK_FACT, ShortcutAction.PAUSE])
def test_a_key_that_could_do_nothing_is_told_where_the_person_looks(
    desk: Desk, action: ShortcutAction
) -> None:
    desk.hotkeys()
    desk.keyboard.press(action)

    assert desk.notifier.told == [("Nothing is being recorded.", True)]
    assert [str(problem) for problem in desk.problems()] == ["Nothing is being recorded."]


def test_a_bug_is_logged_and_told_once_and_the_keys_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.recorder.session = a_session()
    desk.hotkeys()

    def fail(_kind: MarkerKind) -> Marker:
        raise ZeroDivisionError("by nought")

    with monkeypatch.context() as broken:
        broken.setattr(desk.recorder, "mark", fail)
        for _ in range(2):
            desk.keyboard.press(ShortcutAction.MARK_FACT)
    desk.keyboard.press(ShortcutAction.MARK_FACT)

    assert desk.recorder.marked == [MarkerKind.FACT]
    sentence = "A key went wrong inside Hotwash (ZeroDivisionError: by nought)."
    assert desk.notifier.told == [(sentence, True)]
    assert [str(problem) for problem in desk.problems()] == [sentence]
    assert caplog.text.count("ZeroDivisionError: by nought") == 2
    assert "Traceback" in caplog.text


def test_the_window_is_asked_for_whether_or_not_anything_is_recorded(desk: Desk) -> None:
    desk.hotkeys()
    desk.keyboard.press(ShortcutAction.SHOW_WINDOW)

    assert desk.events == [WindowRequested()]


def test_keys_that_do_not_work_are_told_in_the_window(desk: Desk) -> None:
    hotkeys = desk.hotkeys({ShortcutAction.PAUSE: "nonsense"})
    hotkeys.refused(ShortcutError("It is another's.", ShortcutAction.MARK_FACT))

    (misspelled, taken) = desk.problems()
    assert "“nonsense” is no shortcut" in str(misspelled)
    assert '"mark_fact"' in taken.remedy
    assert ShortcutAction.PAUSE not in {one.action for one in desk.keyboard.wanted}
    assert desk.notifier.told == []


def test_without_any_keys_nothing_is_listened_for(desk: Desk) -> None:
    hotkeys = desk.hotkeys(dict.fromkeys(ShortcutAction, ""))
    assert desk.keyboard.listener is None
    hotkeys.shutdown()


def test_keys_are_given_back_at_the_end(desk: Desk) -> None:
    hotkeys = desk.hotkeys()
    listener: Any = desk.keyboard.listener
    assert listener is hotkeys
    hotkeys.shutdown()
    assert desk.keyboard.listener is None
