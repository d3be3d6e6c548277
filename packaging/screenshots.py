"""Makes the pictures of the README: the real window on a home that the demonstration has made.

Run it in the environment: ``.venv/bin/python packaging/screenshots.py OUT_FOLDER [DEMO_HOME]``.
Without a home, the demonstration is run first. No screen is needed, and no sound device.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QDeadlineTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import build
from app.domain.home import Home
from ui.main_window import MainWindow
from ui.presenters.desk import Desk
from ui.problem_reporter import ProblemReporter
from ui.theme import Theme
from ui.transcript.selection import Place, TextSelection

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (1280, 800)
PATIENCE_MS = 60_000
USAGE = 2


def demo_home(folder: Path) -> Path:
    """Run the demonstration and return its data folder."""
    command = [sys.executable, "-m", "app", "demo", "--json", "--out", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Path(json.loads(done.stdout)["home"])


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Let the window work until it has come to something.

    Raises:
        TimeoutError: It has not.
    """
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not condition():
        if deadline.hasExpired():
            raise TimeoutError(f"waited in vain for {what}")
        QTest.qWait(20)


def take(home: Path, out: Path) -> list[Path]:
    """Open the window on a home and return the pictures taken."""
    application = QApplication.instance() or QApplication([])
    if not isinstance(application, QApplication):
        raise TypeError("a QCoreApplication shows no windows")
    theme, window, reporter = Theme(application), MainWindow(), ProblemReporter()
    reporter.expected.connect(window.banner.show_problem)
    desk = Desk(build(Home(home)), window, reporter)
    desk.recording.failed.disconnect(reporter.report)  # a machine without sound is no news here
    desk.start()
    window.resize(*SIZE)
    window.show()
    transcript, timeline = window.transcript.view, window.record.timeline
    pictures: list[Path] = []

    def picture(name: str) -> None:
        QTest.qWait(100)
        path = out / f"{name}.png"
        if not window.grab().save(str(path)):
            raise OSError(f"{path} cannot be written")
        pictures.append(path)

    try:
        wait_for(lambda: timeline.entries.rowCount() > 0, "the demonstration's timeline")
        wave = window.transcript.waveform.view
        wait_for(lambda: wave.overview is not None, "the session")
        wait_for(lambda: not desk.lanes.looking.is_busy, "its waveform")
        for notice in list(window.banner.notices()):
            notice.dismissed.emit(notice)
        transcript.setFocus()
        row = min(4, transcript.model.rowCount() - 1)
        transcript.select(TextSelection(Place(row, 1), Place(row, 3), by_words=True))
        timeline.setCurrentIndex(timeline.entries.index(2))
        window.status.show_hints(window.status.message.text())
        for name, dark in (("window-dark", True), ("window-light", False)):
            theme.choose(dark)
            picture(name)
        desk.exporting.export("pdf")
        wait_for(lambda: window.record.report.page_count > 0, "the PDF")
        transcript.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.qWait(1_000)  # pages are drawn on a thread of QtPdf's own
        picture("window-report")
    finally:
        desk.stop()
        window.close()
    return pictures


def main(arguments: list[str]) -> int:
    """Take the pictures and name them."""
    if len(arguments) not in {1, 2}:
        print("usage: screenshots.py OUT_FOLDER [DEMO_HOME]", file=sys.stderr)
        return USAGE
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(arguments[1]) if len(arguments) > 1 else demo_home(Path(folder))
        for path in take(home, out):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
