import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import DeviceLostError
from ui.problem_reporter import ProblemReporter
from ui.widgets.banner import MOST_SHOWN, BannerStrip, Tone


@pytest.fixture
def reporter() -> ProblemReporter:
    return ProblemReporter()


@pytest.fixture
def banner(qtbot: QtBot, reporter: ProblemReporter) -> Iterator[BannerStrip]:
    window = QWidget()
    qtbot.addWidget(window)
    banner = BannerStrip(window)
    reporter.expected.connect(banner.show_problem)
    reporter.bug_found.connect(banner.show_bug)
    yield banner
    window.close()


def test_a_lost_device_is_told_with_its_remedy(
    banner: BannerStrip, reporter: ProblemReporter
) -> None:
    reporter.report(DeviceLostError("USB mic", recorded_ms=61_500))

    (notice,) = banner.notices()
    assert notice.tone is Tone.PROBLEM
    assert notice.label.text() == (
        "“USB mic” stopped delivering audio. The first 61 s are saved. "
        "Reconnect it or choose another input."
    )


def test_anything_else_is_a_bug_whose_traceback_is_logged(
    banner: BannerStrip, reporter: ProblemReporter, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        try:
            raise KeyError("speaker")  # noqa: TRY301  a bug, as it happens
        except KeyError as error:
            reporter.report(error)

    (notice,) = banner.notices()
    assert notice.tone is Tone.BUG
    assert "KeyError: 'speaker'" in notice.sentence
    assert "Traceback" in caplog.text


def test_an_exception_on_any_thread_is_shown(
    qtbot: QtBot, banner: BannerStrip, reporter: ProblemReporter
) -> None:
    def fail() -> None:
        raise ValueError("nobody handles this")

    before = sys.excepthook, threading.excepthook
    reporter.install()
    try:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    finally:
        reporter.uninstall()

    qtbot.waitUntil(lambda: len(list(banner.notices())) == 1)
    assert (sys.excepthook, threading.excepthook) == before


def test_the_same_problem_twice_is_counted_and_can_be_dismissed(
    qtbot: QtBot, banner: BannerStrip
) -> None:
    banner.show_problem("The disk is full.", "Free some space.")
    banner.show_problem("The disk is full.", "Free some space.")

    (notice,) = banner.notices()
    assert "(2 times)" in notice.label.text()

    notice.dismissed.emit(notice)
    assert list(banner.notices()) == []
    assert not banner.isVisibleTo(banner.parentWidget())
    qtbot.wait(0)


def test_only_the_latest_notices_take_room(banner: BannerStrip) -> None:
    for number in range(MOST_SHOWN + 2):
        banner.show_problem(f"Problem {number}.", "")

    assert [notice.sentence for notice in banner.notices()] == [
        "Problem 4.",
        "Problem 3.",
        "Problem 2.",
    ]
