"""How loud a track is over time: its lowest and highest samples, 20 times a second."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.audio_files.format import FILE_FRAMES, FRAME_BYTES, FRAMES_PER_MS
from app.audio_files.fresh_lines import FreshLines, line_of
from app.audio_files.session_clocks import SessionClocks, on_session
from app.audio_files.stored_audio import read_frames
from app.audio_files.track_files import TrackFiles
from app.domain.errors import AudioUnreadableError
from app.domain.sessions import Gap
from app.domain.times import Span
from app.domain.waveform import SessionWave, TrackWave

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from app.audio_files.track_clock import TrackClock
    from app.audio_files.track_files import TrackFile
    from app.domain.ids import TrackId
    from app.domain.waveform import Peak

    Bins = NDArray[np.int16]  # (n, 2): the lowest and the highest sample of each bin

BIN_MS = 50
BIN_FRAMES = BIN_MS * FRAMES_PER_MS
FULL_SCALE = 32_768
KINDS = (
    *(b"opened", b"sealed", b"redacted", b"packed"),
    *(b"began", b"clock", b"gap", b"silent", b"stepped"),
)
NOTHING = (np.iinfo(np.int16).max, np.iinfo(np.int16).min)  # lower than none, higher than none
NO_BINS: Bins = np.empty((0, 2), np.int16)


@dataclass(frozen=True, eq=False, slots=True)
class PeakEnvelope:
    """Implements ``Envelope``; ``bins`` lie on the session's time, the last holds nothing."""

    bins: Bins

    def columns(self, start_ms: int, end_ms: int, count: int) -> list[Peak | None]:
        """Return the columns of a stretch; finer than the bins, each has that of its bin."""
        edges = np.linspace(start_ms / BIN_MS, end_ms / BIN_MS, count + 1).astype(np.int64)
        edges = np.clip(edges, 0, len(self.bins) - 1)
        low = np.minimum.reduceat(self.bins[:, 0], edges)[:-1].tolist()
        high = np.maximum.reduceat(self.bins[:, 1], edges)[:-1].tolist()
        return [
            (lowest / FULL_SCALE, highest / FULL_SCALE) if lowest <= highest else None
            for lowest, highest in zip(low, high, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class _FilePeaks:
    """What was read of one file; ``key`` is its hash, or while it is being written its name."""

    key: str
    bins: Bins
    is_readable: bool = True


def bins_of(pcm: bytes) -> Bins:
    """Return the peaks of samples (s16le); the last bin may be of fewer."""
    samples = np.frombuffer(pcm, dtype="<i2")
    if not len(samples):
        return NO_BINS
    starts = np.arange(0, len(samples), BIN_FRAMES)
    low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    return np.stack([low, high], axis=1)


class SessionPeaks:
    """The files of one session as its journal grows, and what was read of them."""

    def __init__(self, folder: Path, known: dict[str, _FilePeaks] | None = None) -> None:
        self.folder = folder
        self.known: dict[str, _FilePeaks] = known or {}  # by the files' names
        self._fresh = FreshLines(folder)
        self._files = TrackFiles()
        self._clocks = SessionClocks()
        self._gaps: list[Gap] = []
        self._deadline = 0.0
        self._has_read = False
        self._settled: dict[tuple[TrackId, ...], SessionWave] = {}  # as long as nothing changes

    def is_as_read(self) -> bool:
        """Whether the journal only grew: taking words out of it makes its chain anew."""
        return self._fresh.is_as_read()

    def refresh(self, patience_s: float) -> None:
        """Read what the journal has to say since; what follows may take so long."""
        self._deadline, self._has_read = time.monotonic() + patience_s, False
        lines = [line_of(text, *KINDS) for text in self._fresh]
        if lines:
            self._settled.clear()
        self._files.learn(lines)
        self._clocks.learn(lines)
        self._gaps += [line for line in lines if isinstance(line, Gap)]

    def waves(self, track_ids: tuple[TrackId, ...]) -> SessionWave:
        """Return tracks, and drop what is known of files that are no more."""
        if track_ids in self._settled:
            return self._settled[track_ids]
        tracks = tuple(self._wave(track_id) for track_id in track_ids)
        files = [file for track_id in track_ids for file in self._files.of(track_id)]
        names = {file.name for file in files}
        self.known = {name: peaks for name, peaks in self.known.items() if name in names}
        found = SessionWave(tracks, is_whole=len(self.known) == len(names))
        is_read = found.is_whole and all(peaks.is_readable for peaks in self.known.values())
        if is_read and all(file.frames is not None for file in files):
            self._settled[track_ids] = found
        return found

    def _wave(self, track_id: TrackId) -> TrackWave:
        """Return one track; files that are not known when the time is up are left for later."""
        known: list[tuple[TrackFile, _FilePeaks]] = []
        for file in self._files.of(track_id):
            peaks = self._peaks(file)
            if peaks is not None:
                known.append((file, peaks))
        starts = [file.start_frame for file, _ in known]
        ends = [start + _frames(*one) for start, one in zip(starts, known, strict=True)]
        clock = self._clocks.of(track_id)
        bounds = zip(_session_ms(clock, starts), _session_ms(clock, ends), strict=True)
        placed = [(*bound, peaks) for bound, (_, peaks) in zip(bounds, known, strict=True)]
        gaps = on_session((gap for gap in self._gaps if gap.track_id == track_id), self._clocks)
        return TrackWave(
            track_id,
            max((end_ms for _start_ms, end_ms, _peaks in placed), default=0),
            PeakEnvelope(_laid_out(placed)),
            gaps,
            tuple(
                Span(start_ms, end_ms)
                for start_ms, end_ms, peaks in placed
                if not peaks.is_readable and end_ms > start_ms
            ),
        )

    def _peaks(self, file: TrackFile) -> _FilePeaks | None:
        key = file.sha256 if file.frames is not None else file.name
        known = self.known.get(file.name)
        if known is not None and known.key == key and known.is_readable and file.frames:
            return known
        if known is None and self._has_read and time.monotonic() > self._deadline:
            return None
        self._has_read = True
        before = known.bins if known is not None and known.key == key else NO_BINS
        try:
            bins = np.concatenate([before, bins_of(self._added(file, len(before)))])
            found = _FilePeaks(key, bins)
        except AudioUnreadableError:  # told by the picture: the others are there all the same
            found = _FilePeaks(key, NO_BINS, is_readable=False)
        self.known[file.name] = found
        return found

    def _added(self, file: TrackFile, bins: int) -> bytes:
        """Read a file from a bin on; of one that is being written only whole bins."""
        pcm = read_frames(self.folder, file, bins * BIN_FRAMES, file.frames or FILE_FRAMES)
        whole = len(pcm) // (BIN_FRAMES * FRAME_BYTES) * BIN_FRAMES * FRAME_BYTES
        return pcm if file.frames is not None else pcm[:whole]


def _frames(file: TrackFile, peaks: _FilePeaks) -> int:
    return len(peaks.bins) * BIN_FRAMES if file.frames is None else file.frames


def _session_ms(clock: TrackClock, frames: Sequence[int]) -> list[int]:
    """Return where frames of a track lie on the session, as ``TrackClock.session_ms`` does."""
    there: list[int] = np.rint(clock.session_frames(frames) / FRAMES_PER_MS).astype(int).tolist()
    return [max(0, ms) for ms in there]


def _laid_out(placed: Sequence[tuple[int, int, _FilePeaks]]) -> Bins:
    """Return the peaks of all files on the session's time, and one bin more that holds none."""
    last_ms = max((end_ms for _start_ms, end_ms, _peaks in placed), default=0)
    bins = np.full((-(-last_ms // BIN_MS) + 1, 2), NOTHING, np.int16)
    for start_ms, end_ms, peaks in placed:
        count = len(peaks.bins)
        if count:
            first = start_ms // BIN_MS
            last = max(first + 1, -(-end_ms // BIN_MS))
            bins[first:last] = peaks.bins.take(_spread(count, last - first), axis=0)
    return bins


@lru_cache(maxsize=64)
def _spread(count: int, over: int) -> NDArray[np.int64]:
    """Return which of so many bins lies where: by its drift a minute is some longer or shorter."""
    return ((np.arange(over) + 0.5) * (count / over)).astype(np.int64)
