"""Reads a track's audio from its files, also while they are being written."""

from __future__ import annotations

import threading
from bisect import bisect_right
from typing import TYPE_CHECKING

from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS
from app.audio_files.session_clocks import ClockTail
from app.audio_files.stored_audio import read_frames
from app.audio_files.track_files import JournalTail
from app.audio_files.wav import frames_in
from app.domain.errors import AudioUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from app.audio_files.track_clock import TrackClock
    from app.audio_files.track_files import TrackFile
    from app.domain.engine_types import TrackAudio

FULL_SCALE = 32_768


class FolderAudioReader:
    """Implements ``AudioReader`` on session folders. Safe from any thread.

    A read opens the files that the stretch touches and no other; the journal's index is kept and
    only what was added to it since is read.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._tails: dict[Path, JournalTail] = {}
        self._files: dict[TrackAudio, list[TrackFile]] = {}
        self._clocks: dict[Path, ClockTail] = {}

    def duration_ms(self, track: TrackAudio) -> int:
        """Return where the readable audio ends now; 0 before the first sample is stored."""
        for file in reversed(self._files_of(track)):
            frames = file.frames
            if frames is None:
                frames = _open_file_frames(track.session_dir, file)
            if frames:
                return (file.start_frame + frames) // FRAMES_PER_MS
        return 0

    def pcm(self, track: TrackAudio, start_ms: int, end_ms: int) -> bytes:
        """Return 16 kHz mono s16le samples of the stretch; zeros in gaps and past the end.

        Positions are the track's own, by its count of samples; see ``session_pcm``.

        Raises:
            AudioUnreadableError: A file of the track is missing or damaged.
        """
        start, end = start_ms * FRAMES_PER_MS, end_ms * FRAMES_PER_MS
        pcm = bytearray(max(0, end - start) * FRAME_BYTES)
        files = self._files_of(track)
        first = bisect_right(files, start, key=lambda file: file.start_frame) - 1
        for file in files[max(0, first) :]:
            if file.start_frame >= end:
                break
            skipped = max(0, start - file.start_frame)
            wanted = end - file.start_frame - skipped
            data = read_frames(track.session_dir, file, skipped, wanted)
            offset = (file.start_frame + skipped - start) * FRAME_BYTES
            pcm[offset : offset + len(data)] = data
        return bytes(pcm)

    def clock(self, track: TrackAudio) -> TrackClock:
        """Return where the track's positions lie on the session's time, as is known now.

        Raises:
            AudioUnreadableError: The journal cannot be read.
        """
        with self._mutex:
            tail = self._clocks.setdefault(track.session_dir, ClockTail(track.session_dir))
            try:
                tail.refresh()
            except OSError as cause:
                raise AudioUnreadableError(track.session_dir, str(cause.strerror)) from cause
            return tail.clocks.of(track.track_id)

    def session_pcm(self, track: TrackAudio, start_ms: int, end_ms: int) -> bytes:
        """Return what the track has of a stretch of the *session*, otherwise as ``pcm`` does.

        Two tracks asked for the same stretch sound together, however their devices drifted: now
        and then a sample is left out or given twice.

        Raises:
            AudioUnreadableError: A file of the track is missing or damaged.
        """
        import numpy as np  # noqa: PLC0415  see ``samples``

        clock = self.clock(track)
        if clock.is_plain or end_ms <= start_ms:
            return self.pcm(track, start_ms, end_ms)
        moments = np.arange(start_ms * FRAMES_PER_MS, end_ms * FRAMES_PER_MS)
        frames = np.rint(clock.track_frames(moments)).astype(np.int64)
        first_ms = max(0, int(frames[0]) // FRAMES_PER_MS)
        last_ms = max(first_ms, int(frames[-1]) // FRAMES_PER_MS) + 1
        stored = np.frombuffer(self.pcm(track, first_ms, last_ms), dtype="<i2")
        heard = stored[np.maximum(frames - first_ms * FRAMES_PER_MS, 0)]
        heard[frames < 0] = 0
        for hole_start, hole_end in clock.holes:
            heard[(moments >= hole_start) & (moments < hole_end)] = 0
        return heard.tobytes()

    def samples(self, track: TrackAudio, start_ms: int, end_ms: int) -> NDArray[np.float32]:
        """Return the stretch as ``(n,)`` float32, full scale 1.0, at 16 kHz; else as ``pcm``."""
        import numpy as np  # noqa: PLC0415  a sixth of a second, for which no other command waits

        integers = np.frombuffer(self.pcm(track, start_ms, end_ms), dtype="<i2")
        return integers.astype(np.float32) / np.float32(FULL_SCALE)

    def blocks(self, track: TrackAudio, *, block_ms: int = 30_000) -> Iterator[bytes]:
        """Yield the whole track, one block at a time; the last may be shorter."""
        end_ms = self.duration_ms(track)
        for start_ms in range(0, end_ms, block_ms):
            yield self.pcm(track, start_ms, min(end_ms, start_ms + block_ms))

    def _files_of(self, track: TrackAudio) -> list[TrackFile]:
        with self._mutex:
            tail = self._tails.setdefault(track.session_dir, JournalTail(track.session_dir))
            try:
                changed = tail.refresh()
            except OSError as cause:
                raise AudioUnreadableError(track.session_dir, str(cause.strerror)) from cause
            if changed:
                # Other tracks of the folder have changed as well.
                stale = [key for key in self._files if key.session_dir == track.session_dir]
                for key in stale:
                    del self._files[key]
            if track not in self._files:
                self._files[track] = tail.files.of(track.track_id)
            return self._files[track]


def _open_file_frames(session_dir: Path, file: TrackFile) -> int:
    for path in file.candidates(session_dir):
        try:
            return frames_in(path.stat().st_size)
        except FileNotFoundError:
            continue
    return 0
