import subprocess
import sys
import threading
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import NewerDatabaseError
from app.services.program import Program
from tests.conftest import ROOT
from tests.ui.fakes import FakeProgram
from ui.main_window import MainWindow
from ui.problem_reporter import ProblemReporter
from ui.start import Start
from ui.theme import Theme


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> MainWindow:
    theme.choose(None)
    window = MainWindow()
    qtbot.addWidget(window)
    return window


def test_the_window_is_seen_before_the_program_is_built_behind_it(
    qtbot: QtBot, window: MainWindow, theme: Theme, program: FakeProgram
) -> None:
    painted, may_end = threading.Event(), threading.Event()
    built_after_painting: list[bool] = []
    window.first_painted.connect(painted.set)

    def build() -> Program:
        built_after_painting.append(painted.is_set())
        assert may_end.wait(10)
        return cast("Program", program)

    start = Start(build, window, ProblemReporter(), theme)
    with qtbot.waitSignal(window.first_painted):
        window.show()
    qtbot.waitUntil(lambda: len(built_after_painting) == 1)
    assert window.isVisible()
    assert not window.recorder.isEnabled()
    assert start.desk is None

    may_end.set()
    qtbot.waitUntil(window.recorder.isEnabled)
    start.stop()
    assert built_after_painting == [True]
    assert program.was_shut_down


def test_a_program_that_cannot_start_says_why_in_its_window(
    qtbot: QtBot, window: MainWindow, theme: Theme
) -> None:
    def build() -> Program:
        raise NewerDatabaseError("The database is newer.", remedy="Install the newer version.")

    start = Start(build, window, ProblemReporter(), theme)
    window.show()

    qtbot.waitUntil(lambda: bool(list(window.banner.notices())))
    (notice,) = window.banner.notices()
    assert notice.label.text() == "The database is newer. Install the newer version."
    assert not window.recorder.isEnabled()
    start.stop()


def test_a_window_closed_while_loading_leaves_nothing_behind(
    qtbot: QtBot, window: MainWindow, theme: Theme, program: FakeProgram
) -> None:
    began, may_end = threading.Event(), threading.Event()

    def build() -> Program:
        began.set()
        assert may_end.wait(10)
        return cast("Program", program)

    start = Start(build, window, ProblemReporter(), theme)
    window.show()
    qtbot.waitUntil(began.is_set)
    window.close()
    may_end.set()
    start.stop()

    assert program.was_shut_down
    assert start.desk is None


def test_nothing_heavy_is_loaded_before_the_window_is_seen() -> None:
    heavy = "sqlmodel sqlalchemy alembic pydantic numpy typer rich torch faster_whisper av soxr"
    heavy += " reportlab sounddevice onnxruntime huggingface_hub"
    heavy += " PySide6.QtMultimedia PySide6.QtPdf PySide6.QtPdfWidgets PySide6.QtNetwork"
    program = (
        "import sys, app.__main__, ui.start\n"
        f"print(*sorted(set({heavy.split()!r}) & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_the_real_program_opens_its_window_and_ends_when_it_is_closed(tmp_path: Path) -> None:
    program = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.__main__ import _build
from ui.start import run

def close_when_ready():
    (window,) = [w for w in QApplication.topLevelWidgets() if w.objectName() == "main"]
    def look():
        if window.recorder.isEnabled():
            window.ready_timer.stop()  # a busy machine may let it look again before the end
            print("ready", flush=True)
            window.close()
    window.ready_timer = QTimer(window)
    window.ready_timer.timeout.connect(look)
    window.ready_timer.start(50)

sys.exit(run(lambda: _build(["--home", sys.argv[1]]), when_painted=close_when_ready))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "home")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr
    assert (tmp_path / "home" / "hotwash.db").exists()
