"""A room with loudspeakers: what its microphone has of people there, and of the bridge."""

from dataclasses import dataclass

import numpy as np

RATE = 16_000
DECAYED = 6.9  # by 60 dB, as the e-th power of amplitude


@dataclass(frozen=True)
class LoudRoom:
    """``gain_db`` is how much quieter the bridge is there, ``ringing_ms`` until it is 60 dB down.

    ``noise_db`` is what the microphone has by itself, of full scale.
    """

    gain_db: float = -20
    delay_ms: int = 120
    ringing_ms: int = 400
    noise_db: float = -62

    def heard(self, bridge: bytes, own: bytes = b"", *, seed: int = 1) -> bytes:
        """Return the microphone's track, as long as the bridge's; 16 kHz mono s16le."""
        random = np.random.default_rng(seed)
        said = np.frombuffer(bridge, dtype="<i2").astype(np.float64)
        response = self._response(random)
        frames = 1 << (len(said) + len(response)).bit_length()  # others take minutes
        echo = np.fft.irfft(np.fft.rfft(said, frames) * np.fft.rfft(response, frames))
        track = echo[: len(said)] + random.standard_normal(len(said)) * level(self.noise_db)
        theirs = np.frombuffer(own, dtype="<i2")[: len(said)]
        track[: len(theirs)] += theirs
        return np.clip(np.rint(track), -32_768, 32_767).astype("<i2").tobytes()

    def _response(self, random: np.random.Generator) -> np.ndarray:
        """What a click becomes: itself, later and quieter, and then its ringing."""
        frames = self.ringing_ms * RATE // 1_000
        ringing = random.standard_normal(frames)
        ringing *= np.exp(-DECAYED * np.arange(frames) / frames)
        ringing *= 0.5 / np.sqrt((ringing**2).sum())
        ringing[0] += 0.85
        late = np.zeros(self.delay_ms * RATE // 1_000)
        return np.concatenate([late, ringing]) * 10 ** (self.gain_db / 20)


def level(decibel: float) -> float:
    """Return an effective value in s16 for decibels of full scale."""
    return float(32_768 * 10 ** (decibel / 20))
