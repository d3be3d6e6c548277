"""What a session's journal says of time: where each track lies, and when the session began."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from app.audio_files.format import FRAMES_PER_MS, JOURNAL_FILE
from app.audio_files.fresh_lines import FreshLines, line_of
from app.audio_files.journal_lines import Began, Clock, Silent, Slept, Stepped
from app.domain.errors import AudioUnreadableError
from app.domain.sessions import ClockEvent, ClockEventKind, Gap

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.audio_files.journal_lines import Line
    from app.audio_files.track_clock import TrackClock
    from app.domain.ids import TrackId

KINDS = (b"began", b"clock", b"gap", b"silent", b"stepped")
NS_PER_MS = 1_000_000
NS_PER_US = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FEWEST_READINGS = 5
# Less is within what a reading between two processes may be off, and is not worth a change.
WORTH_A_CHANGE = timedelta(milliseconds=100)


@dataclass(slots=True)
class _Pairs:
    """Of one track; arrays, for eight hours are 29 000 pairs."""

    frames: array[int] = field(default_factory=lambda: array("q"))
    moments_ns: array[int] = field(default_factory=lambda: array("q"))
    breaks: list[tuple[int, int]] = field(default_factory=list)
    fitted: tuple[tuple[int, int], TrackClock] | None = None


class SessionClocks:
    """Learns the lines of a journal, also while it grows. On one thread."""

    def __init__(self, lines: Iterable[Line | None] = ()) -> None:
        self._pairs: dict[TrackId, _Pairs] = {}
        self._zero_ns: int | None = None
        self._has_stepped = False
        # Nanoseconds from the session's clock to UTC, once for each pair.
        self._to_utc: array[int] = array("q")
        self._read_ns: array[int] = array("q")
        self.learn(lines)

    def learn(self, lines: Iterable[Line | None]) -> None:
        """Take in further lines."""
        for line in lines:
            match line:
                case Clock():
                    self._tick(line)
                case Gap() | Silent():
                    # The journal has whole milliseconds, of which the files may have less.
                    bound = line.start_ms * FRAMES_PER_MS, line.end_ms * FRAMES_PER_MS
                    self._of(line.track_id).breaks.append(bound)
                case Began():
                    self._zero_ns = line.monotonic_ns
                case Stepped():
                    self._forget_utc_from(line.at_ms)
                case _:
                    pass

    def of(self, track_id: TrackId) -> TrackClock:
        """Return the track's clock as known now; plain for a track that nobody measured."""
        # numpy: a command that lists or shows does without
        from app.audio_files.track_clock import PLAIN, fit_clock, measured  # noqa: PLC0415

        pairs = self._pairs.get(track_id)
        if pairs is None or self._zero_ns is None:
            return PLAIN
        known = len(pairs.frames), len(pairs.breaks)
        if pairs.fitted is None or pairs.fitted[0] != known:
            frames, moments = measured(pairs.frames, pairs.moments_ns, self._zero_ns)
            pairs.fitted = known, fit_clock(frames, moments, sorted(pairs.breaks))
        return pairs.fitted[1]

    def start_utc(self, stated: datetime) -> datetime:
        """Return when the session began: by most of the readings, however wrong a single one is.

        ``stated`` is the one reading that ``session.json`` has.
        """
        if self._zero_ns is None or len(self._to_utc) < FEWEST_READINGS:
            return stated
        ns = self._zero_ns + round(median(self._to_utc))
        found = EPOCH + timedelta(milliseconds=ns // NS_PER_MS)
        return found if abs(found - stated) >= WORTH_A_CHANGE else stated

    def _of(self, track_id: TrackId) -> _Pairs:
        return self._pairs.setdefault(track_id, _Pairs())

    def _tick(self, line: Clock) -> None:
        pairs = self._of(line.track_id)
        if pairs.frames and line.frame <= pairs.frames[-1]:
            return  # nothing came since
        pairs.frames.append(line.frame)
        pairs.moments_ns.append(line.monotonic_ns)
        if not self._has_stepped:
            utc_ns = (datetime.fromisoformat(line.utc) - EPOCH) // MICROSECOND * NS_PER_US
            self._to_utc.append(utc_ns - line.monotonic_ns)
            self._read_ns.append(line.monotonic_ns)

    def _forget_utc_from(self, at_ms: int) -> None:
        """After the machine's clock was set it tells of another start."""
        if self._has_stepped or self._zero_ns is None:
            return
        self._has_stepped = True
        limit = self._zero_ns + at_ms * NS_PER_MS
        kept = [n for n, read_ns in enumerate(self._read_ns) if read_ns < limit]
        self._to_utc = array("q", (self._to_utc[n] for n in kept))


class ClockTail:
    """The clocks of a session as its journal grows."""

    def __init__(self, session_dir: Path) -> None:
        self._fresh = FreshLines(session_dir)
        self.clocks = SessionClocks()

    def refresh(self) -> None:
        """Read what is new.

        Raises:
            OSError: The journal cannot be read.
        """
        self.clocks.learn(line_of(text, *KINDS) for text in self._fresh)


def session_clocks(session_dir: Path) -> SessionClocks:
    """Return what the journal says now.

    Raises:
        AudioUnreadableError: The system does not let it be read.
    """
    tail = ClockTail(session_dir)
    try:
        tail.refresh()
    except OSError as cause:
        raise AudioUnreadableError(session_dir / JOURNAL_FILE, str(cause.strerror)) from cause
    return tail.clocks


def on_session(gaps: Iterable[Gap], clocks: SessionClocks) -> tuple[Gap, ...]:
    """Return gaps, which the journal has on their tracks, on the session's time."""
    placed = []
    for gap in gaps:
        clock = clocks.of(gap.track_id)
        start_ms, end_ms = clock.session_ms(gap.start_ms), clock.session_ms(gap.end_ms)
        placed.append(replace(gap, start_ms=start_ms, end_ms=max(start_ms + 1, end_ms)))
    return tuple(placed)


def clock_events(lines: Iterable[Line]) -> tuple[ClockEvent, ...]:
    """Return how the machine's clock was set, and when the machine slept."""
    events = []
    for line in lines:
        if isinstance(line, Stepped):
            events.append(ClockEvent(ClockEventKind.STEPPED, line.at_ms, line.by_ms))
        elif isinstance(line, Slept):
            events.append(ClockEvent(ClockEventKind.SLEPT, line.at_ms, line.for_ms))
    return tuple(events)
