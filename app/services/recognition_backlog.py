"""Judges whether live recognition keeps up, and tells people when it does not."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.domain.events import RecognitionFellBehind
from app.domain.recognition_pace import RecognitionPace, next_pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import SessionId
    from app.domain.ports import EventBus

TELL_EVERY_S = 1.0


class RecognitionBacklog:
    """Chooses the pace by how much audio waits.

    Attributes:
        pace: What is left out at present.
    """

    def __init__(
        self, bus: EventBus, session_id: SessionId, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.pace = RecognitionPace.PARTIALS
        self._bus = bus
        self._session_id = session_id
        self._clock = clock
        self._told_at = -TELL_EVERY_S
        self._lock = threading.Lock()

    def judge(self, backlog_ms: int) -> bool:
        """Take what waits now; return whether the pace is another.

        Any thread may call; people are told in the order in which it was judged.
        """
        with self._lock:
            before, self.pace = self.pace, next_pace(self.pace, backlog_ms)
            pace, now = self.pace, self._clock()
            changed = pace is not before
            due = pace > RecognitionPace.PARTIALS and now - self._told_at >= TELL_EVERY_S
            if changed or due:
                self._told_at = now
                self._bus.publish(RecognitionFellBehind(self._session_id, backlog_ms, pace))
        return changed
