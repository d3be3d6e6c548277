"""Notices that the machine's clock was set, and that the machine has slept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.audio_files.journal_lines import Slept, Stepped
from app.domain.errors import AudioNotStoredError
from capture.recorder_clock import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.audio_files.journal_lines import Began, Line
    from capture.recorder_clock import RecorderClock

LOOK_EVERY_SECONDS = 1.0
NS_PER_SECOND = 1_000_000_000
# Servers of time move the clock bit by bit as long as it is less than that off.
SHORTEST_STEP_NS = 250 * NS_PER_MS


class ClockWatch:
    """Looks once a second and tells the journal, also what the disk had no room for before.

    A single wrong reading is no step: the next one has to agree with it.
    """

    def __init__(self, clock: RecorderClock, began: Began, *, append: Callable[..., None]) -> None:
        """Begin to watch; ``append`` takes lines and raises ``AudioNotStoredError``.

        ``began`` is the first there is to say.
        """
        self._clock = clock
        self._zero_ns = began.monotonic_ns
        self._append = append
        self._offset_ns = self._offset()
        self._suspected: tuple[int, int] | None = None
        self._asleep_ns = clock.asleep_ns()
        self._unsaid: list[Line] = [began]
        self._told: list[str] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-watch")

    @property
    def told(self) -> tuple[str, ...]:
        """What there is to tell a person, oldest first."""
        return tuple(self._told)

    def start(self) -> None:
        """Look now, and once a second from here on."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Look a last time, and no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.look()

    def look(self) -> None:
        """Compare the clocks with what they were."""
        now_ns = self._clock.now_ns()
        at_ms = max(0, now_ns - self._zero_ns) // NS_PER_MS
        slept_ms = (self._clock.asleep_ns() - self._asleep_ns) // NS_PER_MS
        if slept_ms > 0:
            self._asleep_ns += slept_ms * NS_PER_MS
            self._say(Slept(at_ms, slept_ms), f"The machine slept for {slept_ms / 1_000:.0f} s.")
        self._look_for_step(at_ms)
        try:
            if self._unsaid:
                self._append(*self._unsaid)
                self._unsaid.clear()
        except AudioNotStoredError:
            pass  # the tracks tell of the full disk; it is said when there is room again

    def _look_for_step(self, at_ms: int) -> None:
        offset = self._offset()
        by = offset - self._offset_ns
        if abs(by) < SHORTEST_STEP_NS:
            # As it goes bit by bit: a clock that is drawn to the right time has not stepped.
            self._offset_ns, self._suspected = offset, None
            return
        suspected, self._suspected = self._suspected, (at_ms, offset)
        if suspected is None or abs(offset - suspected[1]) >= SHORTEST_STEP_NS:
            return
        self._offset_ns, self._suspected = offset, None
        seconds = by / NS_PER_SECOND
        told = f"The machine's clock was set by {seconds:+,.1f} s during the recording."
        self._say(Stepped(suspected[0], by // NS_PER_MS), told)

    def _say(self, line: Line, told: str) -> None:
        self._unsaid.append(line)
        self._told.append(f"{told} Positions on the recording are not affected.")

    def _offset(self) -> int:
        """Return nanoseconds from the recorder's clock to UTC."""
        return utc_ns(self._clock.utc()) - self._clock.now_ns()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            self.look()


def utc_ns(moment: datetime) -> int:
    """Return nanoseconds since 1970; exact to the microsecond."""
    return round(moment.timestamp() * 1_000_000) * 1_000
