"""What is done to generated sound: its band, its colour, its loudness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from transcription.vad import Samples

PHONE_BAND_HZ = (300.0, 3_400.0)
FALL_OFF = 8  # order of the filter: how steep its sides are


def banded(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    """Return the sound as a line that carries one band only lets it through."""
    spectrum = np.fft.rfft(samples)
    hz = np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 1.0)
    passed = 1 / np.sqrt(1 + (low_hz / hz) ** FALL_OFF + (hz / high_hz) ** FALL_OFF)
    return np.fft.irfft(spectrum * passed, len(samples)).astype(np.float32)


def coloured_noise(count: int, slope: float, dice: np.random.Generator) -> Samples:
    """Return noise whose power falls with the frequency to the power of ``slope``; rms 1.0.

    0 is white, 1 pink, 2 brown.
    """
    spectrum = np.fft.rfft(dice.standard_normal(count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 20.0)
    return at_level(np.fft.irfft(spectrum / hz ** (slope / 2), count), 0.0)


def at_level(samples: Samples, level_db: float) -> Samples:
    """Return the sound with this root mean square, relative to full scale."""
    rms = float(np.sqrt(np.mean(np.square(samples)))) or 1.0
    return (samples * (decibels(level_db) / rms)).astype(np.float32)


def decibels(level_db: float) -> float:
    """Return the factor of an amplitude."""
    return float(10 ** (level_db / 20))


def pcm_of(samples: Samples) -> bytes:
    """Return s16le bytes; what is too loud is cut off, as a sound card does."""
    return (np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes()
