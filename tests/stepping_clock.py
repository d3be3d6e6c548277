"""Clocks for a real recorder: ``--clock tests.stepping_clock:SteppingClock``, or the other.

Real time goes on in both, so that real audio flows; what happens, happens three seconds in.
"""

import time
from datetime import UTC, datetime, timedelta

from capture.recorder_clock import SystemClock

AFTER_NS = 3_000_000_000
HOUR = timedelta(hours=1)
ASLEEP_NS = 40_000_000_000


class SteppingClock(SystemClock):
    """Somebody sets the machine's clock forward by an hour."""

    def __init__(self) -> None:
        super().__init__()
        self._steps_at_ns = self.now_ns() + AFTER_NS

    def utc(self) -> datetime:
        shown = super().utc()
        return shown + HOUR if self.now_ns() >= self._steps_at_ns else shown


class SleepyClock:
    """The machine sleeps for forty seconds, of which nobody here has to wait for one."""

    def __init__(self) -> None:
        self._sleeps_at_ns = time.monotonic_ns() + AFTER_NS

    def now_ns(self) -> int:
        return time.monotonic_ns() + self.asleep_ns()

    def asleep_ns(self) -> int:
        return ASLEEP_NS if time.monotonic_ns() >= self._sleeps_at_ns else 0

    def utc(self) -> datetime:
        """As after a real sleep: the machine's clock has gone on."""
        return datetime.now(UTC) + timedelta(microseconds=self.asleep_ns() // 1_000)
