"""Opens the window: first something to see, then everything behind it."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from ui.background import Lane
from ui.main_window import MainWindow
from ui.problem_reporter import ProblemReporter
from ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from app.services.program import Program
    from ui.presenters.desk import Desk

UNSEEN_MS = 1_000  # a window that starts minimised is never painted; load all the same
KILLED_BY = 128  # what shells add to a signal's number


class Start(QObject):
    """Builds the program behind the open window and hands it over.

    Building begins when the window has been painted: importing on another thread takes the
    interpreter's lock from the one that paints.
    """

    def __init__(
        self,
        build: Callable[[], Program],
        window: MainWindow,
        reporter: ProblemReporter,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self.desk: Desk | None = None
        self._build = build
        self._window = window
        self._reporter = reporter
        self._theme = theme
        self._begun = False
        self._program: Program | None = None
        self._lane = Lane("start", self)
        reporter.expected.connect(window.banner.show_problem)
        reporter.bug_found.connect(window.banner.show_bug)
        window.first_painted.connect(self.begin)
        QTimer.singleShot(UNSEEN_MS, self.begin)

    @Slot()
    def begin(self) -> None:
        """Load the program, once."""
        if not self._begun:
            self._begun = True
            self._lane.run(self._load, self._on_built, self._on_failed)

    def stop(self) -> None:
        """End everything but a recorder; blocks until it has ended."""
        self._lane.join()
        if self.desk is not None:
            self.desk.stop()
        elif self._program is not None:  # the window was closed before it was handed over
            self._program.shutdown()

    def _load(self) -> Program:
        import ui.presenters.desk  # noqa: F401, PLC0415  here, where nobody waits for the painting

        self._program = self._build()
        return self._program

    def _on_built(self, program: Program) -> None:
        from ui.presenters.desk import Desk  # noqa: PLC0415  loaded already, after the painting

        self._theme.choose(program.settings.dark)
        self.desk = Desk(program, self._window, self._reporter)
        self.desk.start()

    def _on_failed(self, error: Exception) -> None:
        self._window.transcript.view.empty_text = self.tr("The program could not be started.")
        self._reporter.report(error)


def run(build: Callable[[], Program], *, when_painted: Callable[[], None] | None = None) -> int:
    """Show the window until it is closed; return the exit status.

    ``build`` is called on a worker thread once the window is on the screen; ``when_painted``, on
    the window's thread, at that same moment.
    """
    application = QApplication(sys.argv[:1])
    application.setApplicationName("hotwash")
    application.setApplicationDisplayName("Hotwash")
    theme = Theme(application)
    reporter = ProblemReporter()
    reporter.install()
    window = MainWindow()
    start = Start(build, window, reporter, theme)
    if when_painted is not None:
        window.first_painted.connect(when_painted)
    _end_on_signals(application)
    window.show()
    status = application.exec()
    start.stop()
    reporter.uninstall()
    return status


def _end_on_signals(application: QApplication) -> None:
    """Close in good order on Ctrl-C and on the desktop's logout; the clock lets Python notice."""

    def end(number: int, _frame: FrameType | None) -> None:
        application.exit(KILLED_BY + number)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
