"""A recorder that dies is started again, and given up when it dies again and again."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock, is_being_written
from app.domain.errors import (
    AppError,
    AudioNotStoredError,
    CaptureError,
    RecorderUnreachableError,
)
from app.domain.events import ProblemArose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ports import EventBus
    from app.domain.recording_ports import RecorderControl
    from app.domain.sessions import Session
    from app.services.recovery import Recovery

RESTART_LOCK = "recording-restart.lock"
WAITS_S = (0.0, 0.5, 2.0, 5.0)
WITHIN_S = 300.0


class Restarts:
    """Of several programs that follow one recorder only one starts the next. On one thread."""

    def __init__(
        self, bus: EventBus, *, home: Home, recorders: RecorderControl, recovery: Recovery
    ) -> None:
        self._bus = bus
        self._home = home
        self._recorders = recorders
        self._recovery = recovery
        self._begun: deque[float] = deque()

    def go_on(self, session: Session, wait: Callable[[float], bool]) -> bool:
        """Have a recorder write a session again whose own died; whether one does.

        Tells of it either way; a pause stays one. ``wait`` waits so many seconds, and returns
        True when nobody wants a recorder any more.
        """
        try:
            if not self._recovery.may_go_on(session.incident_id, session.id):
                return False
            self._bus.publish(ProblemArose(_died()))
            self._try_often(self._home.session_dir(session.incident_id, session.id), wait)
        except AppError as error:
            self._bus.publish(ProblemArose(error))
            return False
        return True

    def _try_often(self, folder: Path, wait: Callable[[float], bool]) -> None:
        """Start one; raises what kept the last attempt from it."""
        failure: AppError = _gives_up()
        while not wait(self._next_wait()) and len(self._begun) < len(WAITS_S):
            if is_being_written(folder):
                return
            self._begun.append(time.monotonic())
            try:
                self._attempt(folder)
            except AppError as error:
                failure = error
            else:
                return
        raise failure

    def _next_wait(self) -> float:
        """Return how long to wait, by how often it was tried of late."""
        now = time.monotonic()
        while self._begun and now - self._begun[0] > WITHIN_S:
            self._begun.popleft()
        return WAITS_S[min(len(self._begun), len(WAITS_S) - 1)]

    def _attempt(self, folder: Path) -> None:
        """Start one, unless another program is at it: the next look tells how that went."""
        try:
            turn = FolderLock(self._home.root, RESTART_LOCK)
        except FolderInUseError:
            return
        except OSError as cause:
            raise AudioNotStoredError(self._home.root / RESTART_LOCK, cause) from cause
        try:
            self._recorders.go_on(folder)
        finally:
            turn.release()


def _died() -> RecorderUnreachableError:
    return RecorderUnreachableError(
        "The recorder died; another goes on in its place.",
        remedy="What was said meanwhile is missing, and is marked as a gap.",
    )


def _gives_up() -> CaptureError:
    return CaptureError(
        "The recorder died again and again; it is not started any more.",
        remedy="What it has recorded is safe. See recorder.log beside the audio.",
    )
