"""Synthetic voices: espeak-ng and flite, as the demonstration model was taught with."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soxr

from app.domain.errors import EnvironmentMissingError
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from transcription.vad import Samples

PROGRAMS = ("espeak-ng", "flite")
AUDIBLE = 0.01  # of full scale: what is softer before and after the words is cut off
LEAD, TAIL = 400, 800  # samples that stay of it
HEADER_BYTES = 44


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice: of flite if it has a ``stretch`` (of its durations), else of espeak-ng.

    ``words_per_minute`` and ``pitch`` (0 to 99) are espeak-ng's.
    """

    name: str
    stretch: float | None = None
    words_per_minute: int = 160
    pitch: int = 50

    def say(self, text: str) -> Samples:
        """Return the spoken text, 16 kHz, full scale 1.0; shape (n,)."""
        samples = _samples_of(self._wav(text))
        loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
        return samples[max(0, loud[0] - LEAD) : loud[-1] + TAIL]

    def _wav(self, text: str) -> bytes:
        if self.stretch is not None:
            stretch = f"duration_stretch={self.stretch}"
            words = ["flite", "-voice", self.name, "--setf", stretch, "-t", text]
            return _output([*words, "-o", "/dev/stdout"])
        speed, pitch = str(self.words_per_minute), str(self.pitch)
        return _output(["espeak-ng", "-v", self.name, "-s", speed, "-p", pitch, "--stdout", text])


def require_voices() -> None:
    """Refuse to go on without the programs.

    Raises:
        EnvironmentMissingError: Names the ones that are not there.
    """
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        names = " and ".join(missing)
        raise EnvironmentMissingError(
            f"The generated bridge needs {names}, which {'is' if len(missing) == 1 else 'are'} "
            "not installed.",
            remedy=f"On Debian and Ubuntu: apt-get install {' '.join(missing)}",
        )


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def _samples_of(wav: bytes) -> Samples:
    with wave.open(io.BytesIO(wav[:HEADER_BYTES])) as head:
        rate = head.getframerate()
    # Both write to a pipe and cannot know the length beforehand: the header's is made up.
    pcm = wav[HEADER_BYTES : len(wav) - len(wav) % 2]
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)
    return samples if rate == SAMPLE_RATE else soxr.resample(samples, rate, SAMPLE_RATE)
