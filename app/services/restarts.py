"""A recorder that dies is started again, and given up when it dies again and again."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock, is_being_written
from app.domain.errors import (
    AppError,
    AudioNotStoredError,
    CaptureError,
    RecorderUnreachableError,
)
from app.domain.events import ProblemArose
from app.services.recovery import RESTART_LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ports import EventBus
    from app.domain.recording_ports import RecorderControl
    from app.domain.sessions import Session
    from app.services.recovery import Recovery

WAITS_S = (0.0, 0.5, 2.0, 5.0)
WITHIN_S = 300.0
TURN_EVERY_S = 0.1


class Restarts:
    """Of several programs that follow one recorder only one starts the next. On one thread.

    Attributes:
        under_way: Whether a recorder has died and none is known to go on. For any thread.
    """

    def __init__(
        self, bus: EventBus, *, home: Home, recorders: RecorderControl, recovery: Recovery
    ) -> None:
        self._bus = bus
        self._home = home
        self._recorders = recorders
        self._recovery = recovery
        self._begun: deque[float] = deque()
        self.under_way = False

    def go_on(self, session: Session, wait: Callable[[float], bool]) -> bool:
        """Have a recorder write a session again whose own died; whether one does.

        Tells of it if so; a pause stays one. ``wait`` waits so many seconds, and returns True
        when nobody wants a recorder any more.

        Raises:
            AppError: None starts: what kept the last attempt from it.
        """
        self.under_way = True
        try:
            if not self._recovery.may_go_on(session.incident_id, session.id):
                return False
            folder = self._home.session_dir(session.incident_id, session.id)
            if not self._try_often(folder, wait):
                return False
        finally:
            self.under_way = False
        self._bus.publish(ProblemArose(_died()))
        return True

    def _try_often(self, folder: Path, wait: Callable[[float], bool]) -> bool:
        """Start one, or find that another program did; False if nobody wants one any more."""
        failure: AppError | None = None
        while not wait(self._next_wait()):
            with self._turn(wait) as is_wanted:
                if is_being_written(folder):
                    return True
                if not is_wanted:
                    return False
                if len(self._begun) >= len(WAITS_S):
                    raise _gives_up(failure)
                self._begun.append(time.monotonic())
                try:
                    self._recorders.go_on(folder)
                except AppError as error:
                    failure = error
                else:
                    return True
        return False

    def _next_wait(self) -> float:
        """Return how long to wait, by how often it was tried of late."""
        now = time.monotonic()
        while self._begun and now - self._begun[0] > WITHIN_S:
            self._begun.popleft()
        return WAITS_S[min(len(self._begun), len(WAITS_S) - 1)]

    @contextmanager
    def _turn(self, wait: Callable[[float], bool]) -> Iterator[bool]:
        """Be the only one at it, once whoever was before is done; False if not wanted till then.

        Nor does anybody take the session for ended meanwhile.
        """
        turn = self._take_turn()
        while turn is None and not wait(TURN_EVERY_S):
            turn = self._take_turn()
        try:
            yield turn is not None
        finally:
            if turn is not None:
                turn.release()

    def _take_turn(self) -> FolderLock | None:
        try:
            return FolderLock(self._home.root, RESTART_LOCK)
        except FolderInUseError:
            return None
        except OSError as cause:
            raise AudioNotStoredError(self._home.root / RESTART_LOCK, cause) from cause


def _died() -> RecorderUnreachableError:
    return RecorderUnreachableError(
        "The recorder died; another goes on in its place.",
        remedy="What was said meanwhile is missing, and is marked as a gap.",
    )


def _gives_up(failure: AppError | None) -> CaptureError:
    if failure is not None:
        return CaptureError(
            f"The recorder died, and none goes on in its place: {failure}", remedy=failure.remedy
        )
    return CaptureError(
        "The recorder died again and again; it is not started any more.",
        remedy="What it has recorded is safe. See recorder.log beside the audio.",
    )
