"""Where a track's samples lie on the session's time, and how fast its device counted.

A device counts samples by its own quartz, some 10 to 50 millionths off: 1.4 s in eight hours. The
journal has, once a second, how many samples there were at which moment of the session's clock.
Through these pairs goes a line of several pieces, and readers look positions up in it; the files
stay as the device gave them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.audio_files.format import FRAMES_PER_MS, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

MILLION = 1_000_000
NS_PER_SECOND = 1_000_000_000
PIECE_FRAMES = 300 * SAMPLE_RATE  # quartzes change with warmth, over minutes
FAR_FRAMES = 24 * 3_600 * SAMPLE_RATE
# Blocks can arrive late, by as much as the system is busy, and never early: the earliest tell.
EARLY = 0.05
# What quartzes do, and more; the few seconds of a short stretch do not outvote it.
USUAL_DRIFT = 100 / MILLION
JITTER_FRAMES = SAMPLE_RATE // 200  # at least, however even a few pairs look
SHORTEST_MEASURED_FRAMES = 60 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a track in which samples follow each other by count: frames ``start`` to ``end``.

    ``ppm`` is how much faster than the session's clock its device counted, in parts per million.
    """

    start: int
    end: int
    ppm: float


@dataclass(frozen=True, eq=False, slots=True)
class TrackClock:
    """Frames of a track to frames of the session (16 kHz) and back; both only ever grow.

    ``track`` and ``session`` are the corners of the line, in frames, ascending; without any the
    two are the same. ``holes`` are the stretches of the session of which the track has nothing.
    """

    track: NDArray[np.float64]
    session: NDArray[np.float64]
    holes: tuple[tuple[float, float], ...] = ()
    stretches: tuple[Stretch, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether nobody has measured anything: the track's time is the session's."""
        return not len(self.track)

    @property
    def ppm(self) -> float | None:
        """Drift over all stretches, None if they are too short to tell."""
        lengths = [stretch.end - stretch.start for stretch in self.stretches]
        if sum(lengths) < SHORTEST_MEASURED_FRAMES:
            return None
        return float(np.average([stretch.ppm for stretch in self.stretches], weights=lengths))

    def session_frames(self, frames: ArrayLike) -> NDArray[np.float64]:
        """Return where frames of the track lie on the session; negative before its start."""
        return _along(np.asarray(frames, np.float64), self.track, self.session)

    def track_frames(self, frames: ArrayLike) -> NDArray[np.float64]:
        """Return which frames of the track lie at frames of the session."""
        return _along(np.asarray(frames, np.float64), self.session, self.track)

    def session_ms(self, track_ms: int) -> int:
        """Return where a position on the track lies on the session."""
        if self.is_plain:
            return track_ms
        return max(0, round(float(self.session_frames(track_ms * FRAMES_PER_MS)) / FRAMES_PER_MS))

    def track_ms(self, session_ms: int) -> int:
        """Return which position on the track lies at a moment of the session."""
        if self.is_plain:
            return session_ms
        return max(0, round(float(self.track_frames(session_ms * FRAMES_PER_MS)) / FRAMES_PER_MS))


PLAIN = TrackClock(np.zeros(0), np.zeros(0))


def measured(
    frames: Sequence[int], moments_ns: Sequence[int], zero_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return what was read of a clock as ``fit_clock`` takes it: frames, from the start."""
    since = np.array(moments_ns, np.float64) - zero_ns
    return np.array(frames, np.int64), since * (SAMPLE_RATE / NS_PER_SECOND)


def fit_clock(
    frames: NDArray[np.int64], moments: NDArray[np.float64], gaps: Sequence[tuple[int, int]]
) -> TrackClock:
    """Draw the line through pairs of one track.

    Args:
        frames: How many there were, ascending.
        moments: When on the session that was, in frames of 16 kHz.
        gaps: Frames between which the count was interrupted, ascending: each stretch between
            them has a line of its own.
    """
    if not len(frames):
        return PLAIN
    late = moments - frames
    bounds = _bounds(gaps)
    parts = [_between(frames, late, bound) for bound in bounds]
    # The longest stretch knows most of the device; the others begin with what it tells.
    usual = _slope(*max(parts, key=lambda part: _length(part[0])), 0.0)
    corners: list[tuple[float, float]] = []
    holes, stretches = [], []
    for bound, part in zip(bounds, parts, strict=True):
        slope = _slope(*part, usual)
        fresh = _pieces(*part, slope, bound) or _unmeasured(corners, bound)
        if corners:
            ended = corners[-1][1]
            holes.append((ended, max(ended, fresh[0][1])))
        corners += fresh
        end = min(bound[1], max(bound[0], int(frames[-1])))
        stretches.append(Stretch(bound[0], end, -slope * MILLION))
    track, session = np.array(corners).T
    return TrackClock(track, np.maximum.accumulate(session), tuple(holes), tuple(stretches))


def _bounds(gaps: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for gap_start, gap_end in gaps:
        if gap_start > start:
            bounds.append((start, gap_start))
        start = max(start, gap_end)
    return [*bounds, (start, start + FAR_FRAMES)]


def _between(
    frames: NDArray[np.int64], late: NDArray[np.float64], bound: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    first = int(np.searchsorted(frames, bound[0], side="left"))
    last = int(np.searchsorted(frames, bound[1], side="right"))
    return frames[first:last], late[first:last]


def _unmeasured(
    corners: Sequence[tuple[float, float]], bound: tuple[int, int]
) -> list[tuple[float, float]]:
    """Return the line of a stretch of less than a second.

    It begins on time, or where the one before it ended if that was ahead of time already.
    """
    late = min(0.0, corners[-1][1] - corners[-1][0]) if corners else 0.0
    return [(float(frame), frame + late) for frame in bound]


def _length(frames: NDArray[np.int64]) -> int:
    return int(frames[-1] - frames[0]) if len(frames) else 0


def _slope(frames: NDArray[np.int64], late: NDArray[np.float64], usual: float) -> float:
    """Return how the lateness grows per frame: the middle one of all growths over half the way.

    What a stretch is too short to tell is taken from ``usual``, in the measure of the doubt.
    """
    half = len(frames) // 2
    if half < 2:  # noqa: PLR2004  of one or two growths there is no middle
        return usual
    run = (frames[half:] - frames[:-half]).astype(np.float64)
    growths = (late[half:] - late[:-half]) / run
    found = float(np.median(growths))
    spread = 1.5 * float(np.median(np.abs(growths - found))) + JITTER_FRAMES / float(run.min())
    doubt = (1.25 * spread) ** 2 / len(growths)
    return usual + (found - usual) * USUAL_DRIFT**2 / (USUAL_DRIFT**2 + doubt)


def _pieces(
    frames: NDArray[np.int64], late: NDArray[np.float64], slope: float, bounds: tuple[int, int]
) -> list[tuple[float, float]]:
    """Return the corners of one stretch's line: one for each five minutes, and its ends."""
    if not len(frames):
        return []
    count = max(1, _length(frames) // PIECE_FRAMES)
    corners = []
    for part in np.array_split(np.arange(len(frames)), count):
        middle = float(frames[part].mean())
        flat = late[part] - slope * (frames[part] - middle)
        corners.append((middle, middle + float(np.quantile(flat, EARLY))))
    ends = []
    for bound, (middle, at) in zip(bounds, (corners[0], corners[-1]), strict=True):
        ends.append((float(bound), at + (bound - middle) * (1 + slope)))
    return [ends[0], *corners, ends[1]]


def _along(
    frames: NDArray[np.float64], here: NDArray[np.float64], there: NDArray[np.float64]
) -> NDArray[np.float64]:
    if not len(here):
        return frames
    found = np.interp(frames, here, there)
    # Before the first corner and behind the last one the two run at the same speed.
    found = np.where(frames < here[0], there[0] + frames - here[0], found)
    return np.where(frames > here[-1], there[-1] + frames - here[-1], found)
