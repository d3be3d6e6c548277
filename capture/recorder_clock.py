"""The recorder's time, from one object; a test gives it another that steps or sleeps."""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any, Protocol, cast

NS_PER_MS = 1_000_000
# Two clocks are not read at once: less than this is the time between the two readings.
SHORTEST_SLEEP_NS = 50 * NS_PER_MS
UNHURRIED_NS = 10 * NS_PER_MS
UNBIASED_TICK_NS = 100


class RecorderClock(Protocol):
    """Tells the time. From any thread."""

    def now_ns(self) -> int:
        """Return nanoseconds that only ever grow, also while the machine sleeps."""

    def asleep_ns(self) -> int:
        """Return how many of them the machine has slept."""

    def utc(self) -> datetime:
        """Return what the machine's clock shows; somebody may set it at any time."""


class SystemClock:
    """The machine's own clocks. Until it sleeps for the first time, as ``time.monotonic_ns``."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._asleep_ns = 0
        self._asleep_before = _asleep_since_boot() or 0

    def now_ns(self) -> int:
        """Return nanoseconds that only ever grow, also while the machine sleeps."""
        if sys.platform == "win32":
            return time.perf_counter_ns()  # goes on in sleep, and in finer steps than monotonic
        return time.monotonic_ns() + self.asleep_ns()

    def asleep_ns(self) -> int:
        """Return how many of them the machine has slept since this object was made."""
        with self._mutex:
            since_boot = _asleep_since_boot()
            if since_boot is not None:
                found = since_boot - self._asleep_before
                if found - self._asleep_ns >= SHORTEST_SLEEP_NS:
                    self._asleep_ns = found
            return self._asleep_ns

    def utc(self) -> datetime:
        """Return what the machine's clock shows."""
        return datetime.now(UTC)


def clock_named(name: str) -> RecorderClock:
    """Return a clock by ``module:Class``; the machine's own without a name."""
    if not name:
        return SystemClock()
    module, _, kind = name.partition(":")
    return cast("RecorderClock", getattr(importlib.import_module(module), kind)())


def _asleep_since_boot() -> int | None:
    """Return how much further the clock is that sleep does not stop; None if read too slowly."""
    before, through, after = _awake_ns(), _through_ns(), _awake_ns()
    return None if after - before > UNHURRIED_NS else through - before


def _awake_ns() -> int:
    """Return a clock that stands still while the machine sleeps."""
    if sys.platform == "win32":
        ticks = ctypes.c_ulonglong()
        kernel: Any = ctypes.windll.kernel32
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value * UNBIASED_TICK_NS
    if sys.platform == "darwin":
        return time.clock_gettime_ns(time.CLOCK_UPTIME_RAW)
    return time.monotonic_ns()


def _through_ns() -> int:
    """Return a clock that goes on while the machine sleeps."""
    if sys.platform == "win32":
        return time.perf_counter_ns()
    if sys.platform == "darwin":
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
