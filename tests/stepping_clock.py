"""Clocks for a real recorder: ``--clock tests.stepping_clock:SteppingClock``, or the other.

Real time goes on in both, so that real audio flows. What happens, happens once there is the file
that ``HAPPENS_WHEN`` in the environment names: however long the recorder takes to begin.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from capture.recorder_clock import SystemClock

HAPPENS_WHEN = "HOTWASH_TEST_CLOCK"
HOUR = timedelta(hours=1)
ASLEEP_NS = 40_000_000_000


def has_happened() -> bool:
    """Whether the test has made the file."""
    return Path(os.environ[HAPPENS_WHEN]).exists()


class SteppingClock(SystemClock):
    """Somebody sets the machine's clock forward by an hour."""

    def utc(self) -> datetime:
        shown = super().utc()
        return shown + HOUR if has_happened() else shown


class SleepyClock:
    """The machine sleeps for forty seconds, of which nobody here has to wait for one."""

    def now_ns(self) -> int:
        return time.monotonic_ns() + self.asleep_ns()

    def asleep_ns(self) -> int:
        return ASLEEP_NS if has_happened() else 0

    def utc(self) -> datetime:
        """As after a real sleep: the machine's clock has gone on."""
        return datetime.now(UTC) + timedelta(microseconds=self.asleep_ns() // 1_000)
