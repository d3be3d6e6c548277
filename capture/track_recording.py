"""Records one track: device in, files out, on a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.engine_types import TrackStatus
from app.domain.errors import AppError, CaptureError, DeviceBusyError
from app.domain.sessions import GapReason
from app.domain.times import iso_utc
from capture.recorder_clock import NS_PER_MS, SystemClock
from capture.resampling import levels
from capture.track_input import PlannedSources, TrackInput
from capture.track_signal import TrackSignal
from capture.track_timeline import NS_PER_SECOND, TrackTimeline, begin_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource, TrackPlan
    from capture.device_input import Block, OpenInput
    from capture.patient_writer import PatientWriter
    from capture.pause_order import PauseOrder
    from capture.recorder_clock import RecorderClock
    from capture.track_input import SourceRoster

log = logging.getLogger(__name__)

# A power cut takes what came since, a tenth of a second on its way here, and the wait itself:
# all of it is to be less than a second.
SYNC_EVERY_NS = NS_PER_SECOND // 4  # words wait for it; a sync takes some 1 ms
CLOCK_EVERY_NS = NS_PER_SECOND
STALLED_AFTER_NS = 3 * NS_PER_SECOND // 2
REOPEN_AFTER_NS = 5 * NS_PER_SECOND
REOPEN_EVERY_NS = NS_PER_SECOND
FIRST_BLOCK_SECONDS = 5.0
FIRST_QUIET_SECONDS = 1.0  # of a source that may have nothing to deliver
SILENT_AFTER_NS = NS_PER_SECOND // 2
NS_PER_US = 1_000
POLL_SECONDS = 0.1
STOP_SECONDS = 20.0


class TrackRecording:
    """One track of a running recording.

    The device's thread only puts blocks into a queue; everything that may block or fail happens
    on this object's thread, so that a lost device or a slow disk touches no other track.
    """

    def __init__(
        self,
        plan: TrackPlan,
        open_input: OpenInput,
        clock: RecorderClock | None = None,
        roster: SourceRoster | None = None,
        *,
        may_be_away: bool = False,
    ) -> None:
        """Open the device; blocks gather until ``start``.

        One that ``may_be_away``, or silent, is waited for while the track is recorded.

        Raises:
            AppError: It is not there or does not open.
        """
        self.plan = plan
        self._clock = clock or SystemClock()
        self._asleep_ns = self._clock.asleep_ns()
        self._may_be_away = may_be_away
        self._input = TrackInput(
            plan, open_input, roster or PlannedSources(), may_be_away=may_be_away
        )
        self._blocks = self._input.blocks
        self._first: Block | None = None
        self._stopping = threading.Event()
        self._orders: deque[PauseOrder] = deque()
        self._resting: PauseOrder | None = None
        self._quiet_until_ms = 0
        self._levels = (0.0, 0.0)
        self._overflow_count = 0
        self._problem = ""
        self._unsealed: AppError | None = None
        self._bug = ""

    @property
    def refusal(self) -> AppError | None:
        """Why no device opened at the beginning; None if one did."""
        return self._input.refusal

    def first_sample_ns(self) -> int:
        """Wait for the first block and return when it began, on the recorder's clock.

        Raises:
            DeviceBusyError: The device is open and delivers nothing, though it should.
        """
        opened_ns, may_be_silent = self._clock.now_ns(), self._input.may_be_silent
        if self.refusal is not None:
            return opened_ns
        try:
            patience = FIRST_QUIET_SECONDS if may_be_silent else FIRST_BLOCK_SECONDS
            self._first = self._blocks.get(timeout=patience)
        except queue.Empty as cause:
            if may_be_silent or self._may_be_away:
                return opened_ns
            raise DeviceBusyError(self.plan.source.name, "it delivers no audio") from cause
        return begin_ns(self._first, *self._input.format)

    def start(
        self,
        writer: PatientWriter,
        *,
        zero_ns: int,
        on_source: Callable[[AudioSource, AudioSource], None] | None = None,
        missing: GapReason | None = None,
    ) -> None:
        """Begin to write; ``zero_ns`` is the moment of the session's start.

        ``missing`` is why nothing was written from where the writer stands until now, if so.
        ``on_source`` is told on the track's thread when it hears another source: before, after.
        """
        self._writer = writer
        self._zero_ns = zero_ns
        self._on_source = on_source
        self._timeline = TrackTimeline(writer, zero_ns=zero_ns)
        self._timeline.set_format(*self._input.format, may_be_silent=self._input.may_be_silent)
        if missing is not None:
            self._timeline.interrupt(missing)
        self._last_block_ns = self._quiet_since_ns = self._clock.now_ns()
        self.signal = TrackSignal(self._last_block_ns)
        self._last_sync_ns = self._last_clock_ns = self._last_open_ns = self._last_block_ns
        if self.refusal is not None:
            self._lose(self.refusal, self._last_block_ns)
        elif self._input.is_another:
            self._tell_source(self.plan.source)
        self._thread = threading.Thread(target=self._run, name=f"{self.plan.label.value}-writer")
        self._thread.start()

    def status(self) -> TrackStatus:
        """Return how the track does. From any thread."""
        disk = self._writer.error
        problem = self._problem or (f"{disk} {disk.remedy}" if disk else "") or self._bug
        return TrackStatus(
            self.plan.track_id,
            self.plan.label,
            max(self._writer.safe_until_ms, self._quiet_until_ms),
            *self._levels,
            overflow_count=self._overflow_count,
            problem=problem,
        )

    @property
    def source(self) -> AudioSource:
        """What the track hears, or heard last."""
        return self._input.source

    @property
    def disk_error(self) -> AppError | None:
        """Why the disk does not take what is heard; None if it does."""
        return self._writer.error

    def pause(self, order: PauseOrder) -> None:
        """Hold what arrives from now on, and drop it if the order stands. From any thread."""
        self._orders.append(order)

    def request_stop(self) -> None:
        """Take no more blocks than are there now."""
        self._stopping.set()

    def wait_until_stored(self) -> AppError | None:
        """Wait for the files to be sealed; return what could not be stored, if anything."""
        self._thread.join(STOP_SECONDS)
        if self.is_writing:
            return CaptureError(
                f"The disk did not take “{self.plan.source.name}” in time.",
                remedy="What is missing is repaired at the next start. Check the disk.",
            )
        if self._unsealed is None and self._bug:
            return CaptureError(self._bug, remedy="See recorder.log beside the audio.")
        return self._unsealed

    @property
    def is_writing(self) -> bool:
        """Whether the files may still change."""
        return self._thread.is_alive()

    def give_up(self) -> None:
        """Seal what is on the disk and say what is not. After ``wait_until_stored`` failed.

        Raises:
            AudioNotStoredError: Not even that could be written.
        """
        if self._unsealed is not None:
            self._writer.give_up()

    def close_device(self) -> None:
        """Let go of the device, which may take long when the sound server hangs."""
        self._input.close()

    def _run(self) -> None:
        self._attempt(self._take_the_first)
        while not self._stopping.is_set():
            self._attempt(self._step)
        self._attempt(self._take_the_rest)
        self._attempt(self._seal)

    def _attempt(self, act: Callable[[], None]) -> None:
        """Do it; a bug ends neither the track nor the thread, and is not kept from anybody."""
        try:
            act()
        except Exception as bug:  # the thread's boundary: the next block can still be stored
            told = f"“{self.plan.source.name}” was recorded with an error inside Hotwash: {bug!r}."
            if told != self._bug:  # once, not with each block
                log.exception("track %s", self.plan.track_id)
            self._bug = told
            self._timeline.begin_anew(GapReason.STALL)

    def _take_the_first(self) -> None:
        if self._first is not None:
            self._take(self._first)

    def _take_the_rest(self) -> None:
        while not (self._input.has_gone or self._blocks.empty()):
            block = self._blocks.get()
            if self._is_paused_from(block):
                self._timeline.interrupt(GapReason.PAUSE)
                break
            self._take(block)
        self._say_missing()
        self._timeline.finish(self._clock.now_ns())

    def _seal(self) -> None:
        self._unsealed = CaptureError("The files were not sealed.")
        try:
            self._writer.close()
        except AppError as error:
            self._unsealed = error
        else:
            self._unsealed = None

    def _step(self) -> None:
        """Take one block, or notice that none came; four times a second wait for the disk."""
        if self._resting is not None:
            self._rest(self._resting)
            return
        try:
            block = self._blocks.get(timeout=POLL_SECONDS)
        except queue.Empty:
            block = None
        now = self._clock.now_ns()
        if self._is_paused_from(block):
            self._begin_rest(self._orders.popleft())
        elif self._input.has_gone:
            self._be_without(now, GapReason.DEVICE_LOST)  # a block would be of another source
        elif self._input.should_change():
            self._change_source(now)
        elif block is not None:
            self._take(block)
        elif self._input.may_be_silent:
            self._be_silent(now)
        elif now - self._quiet_since_ns >= STALLED_AFTER_NS:
            self._be_without(now, GapReason.STALL)
        if now - self._last_sync_ns >= SYNC_EVERY_NS:
            self._last_sync_ns = now
            self._sync(now)

    def _sync(self, now: int) -> None:
        """Wait for the disk; once a second say when the last of what it has was heard."""
        moment = self._last_block_ns - self._timeline.lag_ns
        utc = self._clock.utc() - timedelta(microseconds=(now - moment) // NS_PER_US)
        # While nothing comes, or is held, the last sample on disk is not of the last block
        is_live = self.signal.missing is None and not self._timeline.is_settling
        tells_time = is_live and now - self._last_clock_ns >= CLOCK_EVERY_NS
        if tells_time:
            self._last_clock_ns = now
        self._writer.sync(monotonic_ns=moment, utc=iso_utc(utc) if tells_time else "")

    def _be_silent(self, now: int) -> None:
        """Go on by the clock, a little behind it: a block may be on its way."""
        if now - self._quiet_since_ns >= SILENT_AFTER_NS:
            self._levels = (0.0, 0.0)
            self._last_block_ns = now - SILENT_AFTER_NS
            self._timeline.be_silent(self._last_block_ns)

    def _is_paused_from(self, block: Block | None) -> bool:
        """Whether a pause stands that begins before the block, or before now without one."""
        while self._orders:
            order = self._orders[0]
            if block is not None and block.arrived_ns < order.from_ns:
                return False
            if order.wait_whether_it_stands():
                return True
            self._orders.popleft()
        return False

    def _begin_rest(self, order: PauseOrder) -> None:
        """Let go of the device: then nothing of the pause waits in it for the end of the pause."""
        self._say_missing()
        self._timeline.finish(order.from_ns)  # what was missing before it has its own reason
        self._timeline.interrupt(GapReason.PAUSE)
        self._resting = order
        self._levels, self._problem = (0.0, 0.0), ""
        self._sync_quietly()
        self.close_device()

    def _rest(self, order: PauseOrder) -> None:
        now = self._clock.now_ns()
        self.signal.rest(now)
        if now - self._last_sync_ns >= NS_PER_SECOND:
            self._sync_quietly()
        if order.wait_until_lifted(POLL_SECONDS):
            self._resting = None
            now = self._clock.now_ns()
            self._timeline.nothing_before(now)
            self._open_again(now)

    def _sync_quietly(self) -> None:
        """Have on the disk what was heard before the pause; the clock says nothing in it."""
        now = self._last_sync_ns = self._clock.now_ns()
        self._writer.sync(monotonic_ns=now, utc="")
        if self._writer.error is None:
            self._quiet_until_ms = (now - self._zero_ns) // NS_PER_MS

    def _take(self, block: Block) -> None:
        self._problem = ""
        slept_ns = self._clock.asleep_ns() - self._asleep_ns
        if slept_ns and block.arrived_ns - self._last_block_ns >= slept_ns:
            self._interrupt(GapReason.STALL)  # what came before the sleep was queued till now
        self._overflow_count += block.overflowed
        self._last_block_ns = self._quiet_since_ns = block.arrived_ns
        self._levels = levels(self._timeline.take(block))
        self.signal.heard(self._levels[0], block.arrived_ns)

    def _be_without(self, now: int, reason: GapReason) -> None:
        """Tell of a device that delivers nothing, and open it again if it has gone."""
        self._levels = (0.0, 0.0)
        if not self._problem:
            self._problem = f"“{self.plan.source.name}” stopped delivering audio."
        self.signal.missing = reason
        has_slept = self._clock.asleep_ns() > self._asleep_ns
        if reason is not GapReason.STALL or has_slept:  # what stalls may only be late
            self._interrupt(reason)
        is_hopeless = (
            reason is GapReason.DEVICE_LOST or now - self._quiet_since_ns > REOPEN_AFTER_NS
        )
        if is_hopeless and now - self._last_open_ns > REOPEN_EVERY_NS:
            self._say_missing()
            self._open_again(now)

    def _say_missing(self) -> None:
        """Have the timeline know that nothing comes any more of what is missing."""
        if self.signal.missing is not None:
            self._interrupt(self.signal.missing)

    def _interrupt(self, reason: GapReason) -> None:
        """Begin a gap; if the machine has slept since the last block, that is the reason."""
        asleep_ns, before = self._clock.asleep_ns(), self._asleep_ns
        self._asleep_ns = asleep_ns
        self._timeline.interrupt(GapReason.SUSPEND if asleep_ns > before else reason)

    def _change_source(self, now: int) -> None:
        """Hear another source: the device of first choice is back, or the default is another."""
        self._timeline.interrupt(GapReason.DEVICE_LOST)
        self._open_again(now)

    def _open_again(self, now: int) -> None:
        before = self._input.source
        try:
            self._input.open_again()
        except AppError as error:
            self._lose(error, now)
            return
        finally:
            self._last_open_ns = self._clock.now_ns()
        self._timeline.set_format(*self._input.format, may_be_silent=self._input.may_be_silent)
        self._quiet_since_ns = self._clock.now_ns()
        if before.id != self._input.source.id:
            self._tell_source(before)

    def _lose(self, error: AppError, now: int) -> None:
        """Be without a device from now on; it is tried again every second."""
        self._problem = f"“{self.plan.source.name}” stopped delivering audio. {error}"
        self._timeline.change_reason(GapReason.DEVICE_LOST, now)
        self.signal.missing = GapReason.DEVICE_LOST

    def _tell_source(self, before: AudioSource) -> None:
        if self._on_source is not None:
            self._on_source(before, self._input.source)
