from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.audio_files.journal_lines import Began, Line, Slept, Stepped
from app.domain.errors import AudioNotStoredError
from capture.clock_watch import ClockWatch
from capture.recorder_clock import SystemClock, clock_named
from tests.stepping_clock import SteppingClock

SECOND = 1_000_000_000
START = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)


class SetClock:
    """Stands still until a test sets it."""

    def __init__(self) -> None:
        self.now = self.asleep = 0
        self.ahead = timedelta()

    def now_ns(self) -> int:
        return self.now

    def asleep_ns(self) -> int:
        return self.asleep

    def utc(self) -> datetime:
        return START + timedelta(microseconds=self.now // 1_000) + self.ahead


class Lines(list[Line]):
    """What the journal was told; it refuses while it is full."""

    full = False

    def take(self, *lines: Line) -> None:
        if self.full:
            raise AudioNotStoredError(Path("journal"), OSError("full"))
        self.extend(line for line in lines if not isinstance(line, Began))


def a_watch(clock: SetClock, lines: Lines) -> ClockWatch:
    return ClockWatch(clock, Began(0, ""), append=lines.take)


def look_each_second(watch: ClockWatch, clock: SetClock, seconds: int) -> None:
    for _ in range(seconds):
        clock.now += SECOND
        watch.look()


@pytest.mark.parametrize("by_s", [3_600, -3_600, 0.4])
def test_a_step_is_told_once_with_the_moment_at_which_it_was_seen(by_s: float) -> None:
    clock, lines = SetClock(), Lines()
    watch = a_watch(clock, lines)
    look_each_second(watch, clock, 5)
    clock.ahead = timedelta(seconds=by_s)
    look_each_second(watch, clock, 5)

    assert lines == [Stepped(6_000, round(by_s * 1_000))]
    (told,) = watch.told
    assert f"set by {by_s:+,.1f} s" in told


def test_one_wrong_reading_is_no_step() -> None:
    clock, lines = SetClock(), Lines()
    watch = a_watch(clock, lines)
    for ahead_s in (0, 0, 50, 0, 0, -3, 0):
        clock.ahead = timedelta(seconds=ahead_s)
        look_each_second(watch, clock, 1)

    assert lines == []


def test_a_clock_that_is_drawn_to_the_right_time_does_not_step() -> None:
    clock, lines = SetClock(), Lines()
    watch = a_watch(clock, lines)
    for _ in range(100):
        clock.ahead += timedelta(milliseconds=20)
        look_each_second(watch, clock, 1)

    assert lines == []


def test_sleep_is_told_and_is_no_step() -> None:
    clock, lines = SetClock(), Lines()
    watch = a_watch(clock, lines)
    clock.now, clock.asleep = 61 * SECOND, 60 * SECOND
    look_each_second(watch, clock, 3)

    assert lines == [Slept(62_000, 60_000)]


def test_what_a_full_disk_did_not_take_is_said_later() -> None:
    clock, lines = SetClock(), Lines()
    watch = a_watch(clock, lines)
    lines.full = True
    clock.ahead = timedelta(hours=1)
    look_each_second(watch, clock, 4)
    lines.full = False
    look_each_second(watch, clock, 2)

    assert lines == [Stepped(1_000, 3_600_000)]


def test_the_machines_own_clock_goes_on_and_has_not_slept() -> None:
    clock = clock_named("")

    readings = [clock.now_ns() for _ in range(1_000)]

    assert readings == sorted(readings)
    assert clock.asleep_ns() == 0
    assert abs(clock.utc() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_that_sleep_stops_is_caught_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there after a sleep: the one clock has stood still, the other has not."""
    clock = SystemClock()
    before = clock.now_ns()
    real = __import__("capture.recorder_clock", fromlist=["_through_ns"])._through_ns
    monkeypatch.setattr("capture.recorder_clock._through_ns", lambda: real() + 90 * SECOND)

    assert clock.asleep_ns() == pytest.approx(90 * SECOND, abs=SECOND // 10)
    assert clock.now_ns() - before > 89 * SECOND


def test_a_clock_is_found_by_its_name() -> None:
    assert isinstance(clock_named("tests.stepping_clock:SteppingClock"), SteppingClock)
