"""Shows failures: expected ones with their remedy, bugs with their traceback in the log."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

log = logging.getLogger(__name__)


class ProblemReporter(QObject):
    """Receives every exception that nobody handled, from any thread.

    Signals:
        expected: An ``AppError``: what happened, what to do about it.
        bug_found: Anything else: one line to show; the traceback is in the log.
    """

    expected = Signal(str, str)
    bug_found = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before: tuple[Callable[..., Any], Callable[..., Any]] | None = None

    def install(self) -> None:
        """Take over from Python's own handlers, which print to a console nobody sees."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_unhandled
        threading.excepthook = lambda args: self._on_unhandled(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def uninstall(self) -> None:
        """Put back the handlers that were there before."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """Show one failure."""
        if isinstance(error, AppError):
            log.warning("%s", error, exc_info=error)
            self.expected.emit(str(error), error.remedy)
        else:
            log.error("bug", exc_info=error)
            self.bug_found.emit(f"{type(error).__name__}: {error}")

    def _on_unhandled(
        self,
        _kind: type[BaseException],
        error: BaseException,
        _traceback: TracebackType | None,
    ) -> None:
        self.report(error)
