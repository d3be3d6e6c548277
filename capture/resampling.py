"""From what a device delivers to what the files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from app.audio_files.format import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

FULL_SCALE = 32_768


class Resampler:
    """Turns s16 of any rate and number of channels into 16 kHz mono s16le, as a stream.

    Between the first ``push`` and ``finish`` exactly as much time comes out as went in.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate = sample_rate
        self._channels = channels
        self._taken = self._given = 0
        self._stream = self._fresh()

    @property
    def taken(self) -> int:
        """How many frames of the files' rate went in since the start or the last ``finish``."""
        return round(self._taken * SAMPLE_RATE / self._rate)

    @property
    def lag(self) -> int:
        """How many frames of the files' rate went in and have not come out yet."""
        return max(0, self.taken - self._given)

    def push(self, pcm: bytes) -> bytes:
        """Take a block; what comes out lags a few milliseconds behind."""
        samples = self._mono(pcm)
        self._taken += len(samples)
        if self._stream is not None:
            samples = self._stream.resample_chunk(samples)
        return self._out(samples)

    def finish(self) -> bytes:
        """Return what lags behind, and begin a new stream."""
        rest = np.zeros(0, dtype=np.float32)
        if self._stream is not None and self._taken:
            rest = self._stream.resample_chunk(rest, last=True)
        missing = self.taken - self._given
        rest = np.pad(rest[:missing], (0, max(0, missing - len(rest))))
        pcm = self._out(rest)
        self._taken = self._given = 0
        self._stream = self._fresh()
        return pcm

    def _fresh(self) -> soxr.ResampleStream | None:
        if self._rate == SAMPLE_RATE:
            return None
        # Floats, because soxr adds dither to integers and silence is to stay silence.
        return soxr.ResampleStream(self._rate, SAMPLE_RATE, 1, dtype="float32")

    def _mono(self, pcm: bytes) -> NDArray[np.float32]:
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
        if self._channels == 1:
            return samples
        mixed: NDArray[np.float32] = samples.reshape(-1, self._channels).mean(axis=1)
        return mixed

    def _out(self, samples: NDArray[np.float32]) -> bytes:
        self._given += len(samples)
        return np.clip(np.rint(samples), -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes()


def levels(pcm: bytes) -> tuple[float, float]:
    """Return peak and RMS of s16 samples, full scale 1.0."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / FULL_SCALE
    if not len(samples):
        return 0.0, 0.0
    return float(np.abs(samples).max()), float(np.sqrt(np.mean(samples * samples)))
