import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import AppError
from app.domain.events import ProblemArose, SegmentsReplaced
from app.services.bus import LocalBus
from tests.builders import INCIDENT
from tests.ui.fakes import on_a_thread
from ui.background import Lane, Lanes
from ui.event_bridge import EventBridge


@pytest.fixture
def lane(qapp: QApplication) -> Iterator[Lane]:
    assert qapp
    lane = Lane("storage")
    yield lane
    lane.join()


def test_work_runs_on_the_named_worker_and_its_result_comes_back_on_the_windows_thread(
    lane: Lane, qtbot: QtBot
) -> None:
    seen: list[tuple[str, str]] = []

    def then(worker: str) -> None:
        seen.append((worker, threading.current_thread().name))

    lane.run(lambda: threading.current_thread().name, then)

    qtbot.waitUntil(lambda: len(seen) == 1)
    worker, receiver = seen[0]
    assert worker.startswith("storage")
    assert receiver == threading.main_thread().name


def test_pieces_of_work_run_one_at_a_time_in_order(lane: Lane, qtbot: QtBot) -> None:
    ran: list[int] = []
    at_once: list[int] = []
    running = threading.Semaphore(1)

    def work(number: int) -> None:
        if not running.acquire(blocking=False):
            at_once.append(number)
            return
        ran.append(number)
        running.release()

    for number in range(50):
        lane.run(lambda number=number: work(number))

    qtbot.waitUntil(lambda: not lane.is_busy)
    assert ran == list(range(50))
    assert at_once == []


def test_a_failure_nobody_asked_for_is_signalled(lane: Lane, qtbot: QtBot) -> None:
    def work() -> None:
        raise AppError("The disk is full.")

    with qtbot.waitSignal(lane.failed) as told:
        lane.run(work)
    assert str(told.args[0]) == "The disk is full."


def test_a_failure_goes_to_the_one_who_asked(lane: Lane, qtbot: QtBot) -> None:
    failures: list[Exception] = []

    def work() -> None:
        raise AppError("No such device.")

    with qtbot.assertNotEmitted(lane.failed):
        lane.run(work, failed=failures.append)
        qtbot.waitUntil(lambda: len(failures) == 1)


def test_after_closing_nothing_runs_and_no_result_is_told(lane: Lane, qtbot: QtBot) -> None:
    told: list[str] = []
    may_end, began = threading.Event(), threading.Event()

    def slow() -> str:
        began.set()
        assert may_end.wait(10)
        return "late"

    lane.run(slow, told.append)
    lane.run(lambda: "never", told.append)
    assert began.wait(10)
    lane.close()
    may_end.set()
    lane.join()
    lane.run(lambda: "after", told.append)
    qtbot.wait(20)

    assert told == []


class Receiver(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[object, bool]] = []

    @Slot(object)
    def apply(self, event: object) -> None:
        self.heard.append((event, QThread.currentThread() is self.thread()))


def test_what_a_worker_publishes_arrives_on_the_windows_thread_in_order(qtbot: QtBot) -> None:
    bus = LocalBus()
    bridge, receiver = EventBridge(bus), Receiver()
    bridge.event_published.connect(receiver.apply)
    events = [ProblemArose(AppError("first")), SegmentsReplaced(INCIDENT)]

    on_a_thread(lambda: [bus.publish(event) for event in events])

    qtbot.waitUntil(lambda: len(receiver.heard) == 2)
    assert receiver.heard == [(event, True) for event in events]


def test_a_stopped_bridge_passes_nothing_on(qtbot: QtBot) -> None:
    bus = LocalBus()
    bridge, receiver = EventBridge(bus), Receiver()
    bridge.event_published.connect(receiver.apply)

    on_a_thread(lambda: bus.publish(SegmentsReplaced(INCIDENT)))
    bridge.stop()
    bus.publish(SegmentsReplaced(INCIDENT))
    qtbot.wait(20)

    assert receiver.heard == []


def test_what_was_typed_before_the_window_closed_is_stored(qapp: QApplication) -> None:
    assert qapp
    lanes = Lanes.open(pytest.fail)
    may_go_on = threading.Event()
    stored: list[str] = []
    lanes.storage.run(may_go_on.wait)
    lanes.storage.run(lambda: stored.append("a line"))
    threading.Timer(0.2, may_go_on.set).start()

    lanes.close()
    lanes.join()

    assert stored == ["a line"]
