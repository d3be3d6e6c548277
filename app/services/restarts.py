"""A recorder that dies is started again, and given up when it dies again and again."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock, is_being_written
from app.domain.errors import AppError, AudioNotStoredError, CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.recording_ports import RecorderControl
    from app.domain.sessions import Session

RESTART_LOCK = "recording-restart.lock"
WAITS_S = (0.0, 0.5, 2.0, 5.0)
WITHIN_S = 300.0


class Restarts:
    """Of several programs that follow one recorder only one starts the next. On one thread."""

    def __init__(self, recorders: RecorderControl, home: Home) -> None:
        self._recorders = recorders
        self._home = home
        self._begun: deque[float] = deque()

    def go_on(self, session: Session, wait: Callable[[float], bool]) -> AppError | None:
        """Have a recorder write the session again; return why there is none, None if there is.

        ``wait`` waits so many seconds, and returns True when nobody wants a recorder any more.
        """
        folder = self._home.session_dir(session.incident_id, session.id)
        failure: AppError = CaptureError(
            "The recorder died again and again; it is not started any more.",
            remedy="What it has recorded is safe. See recorder.log beside the audio.",
        )
        while not wait(self._next_wait()) and len(self._begun) < len(WAITS_S):
            if is_being_written(folder):
                return None
            self._begun.append(time.monotonic())
            try:
                self._attempt(folder)
            except AppError as error:
                failure = error
            else:
                return None
        return failure

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
