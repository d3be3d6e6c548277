"""Stretches of one track made up by chance to train with: who speaks when, in what noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.material.shaping import PHONE_BAND_HZ, banded, coloured_noise, decibels
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from speech import Corpus

    from transcription.vad import Samples

MOST_SPEAKERS = 3
LEVEL = 2_000.0  # root mean square of every utterance in the corpus
SPEECH_DB = (-32.0, -16.0)
NOISE_BELOW_DB = (12.0, 42.0)
NOISES, NOISE_S = 24, 60
# How often the line is a telephone's, people follow each other closely, whoever spoke goes on,
# somebody begins before the other has ended, and somebody types.
NARROW, TIGHT, STAYS, FALLS_IN, TYPES = 0.5, 0.6, 0.45, 0.16, 0.4
TIGHT_S, LOOSE_S = (0.05, 1.2), (0.8, 6.0)
KEY_SAMPLES = 240


@dataclass(frozen=True, slots=True)
class Mixture:
    """Samples, shape (n,); which of the ``voices`` speaks at each, shape (n, MOST_SPEAKERS)."""

    samples: Samples
    active: np.ndarray
    voices: list[int]

    def alone(self) -> np.ndarray:
        """Return where each speaks while nobody else does, shape (n, MOST_SPEAKERS)."""
        return self.active & (self.active.sum(axis=1, keepdims=True) == 1)


class Mixer:
    """Makes mixtures; the same ``seed`` makes the same ones in the same order."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._spoken = corpus.of_each_voice(corpus.pcm)
        self._through_a_phone = corpus.of_each_voice(corpus.narrow)
        self._dice = np.random.default_rng(seed)
        self._noises = [
            coloured_noise(NOISE_S * SAMPLE_RATE, self._dice.uniform(0, 2), self._dice)
            for _ in range(NOISES)
        ]
        self._narrow = [banded(noise, *PHONE_BAND_HZ) for noise in self._noises]

    def mixture(self, seconds: float, chances: tuple[float, ...]) -> Mixture:
        """Return a stretch; ``chances`` are those of 0, 1, 2 … people to be in it."""
        dice = self._dice
        count = round(seconds * SAMPLE_RATE)
        people = int(dice.choice(len(chances), p=chances))
        voices = [int(voice) for voice in dice.choice(len(self._spoken), people, replace=False)]
        samples = np.zeros(count, dtype=np.float32)
        active = np.zeros((count, MOST_SPEAKERS), dtype=bool)
        level_db = dice.uniform(*SPEECH_DB)
        narrow = bool(dice.random() < NARROW)
        if people:
            spoken = self._through_a_phone if narrow else self._spoken
            self._let_speak([spoken[voice] for voice in voices], level_db, samples, active)
        self._disturb(samples, level_db, narrow=narrow)
        return Mixture(samples, active, voices)

    def _let_speak(
        self,
        voices: list[list[np.ndarray]],
        level_db: float,
        samples: Samples,
        active: np.ndarray,
    ) -> None:
        dice = self._dice
        pause_s = TIGHT_S if dice.random() < TIGHT else LOOSE_S
        loudness = [level_db + dice.uniform(-4, 4) for _ in voices]
        slot, at = 0, round(dice.uniform(-3, 3) * SAMPLE_RATE)
        while at < len(samples):
            choice = voices[slot]
            pcm = choice[dice.integers(len(choice))]
            end = at + len(pcm)
            first, last = max(0, at), min(len(samples), end)
            if first < last:
                loud = decibels(loudness[slot] + dice.uniform(-2, 2)) / LEVEL
                samples[first:last] += pcm[first - at : last - at] * np.float32(loud)
                active[first:last, slot] = True
            stays = dice.random() < STAYS
            if not stays:
                slot = int(dice.integers(len(voices)))
            if not stays and dice.random() < FALLS_IN:
                at = end - round(dice.uniform(0.2, 1.8) * SAMPLE_RATE)
            else:
                at = end + round(dice.uniform(*pause_s) * SAMPLE_RATE)

    def _disturb(self, samples: Samples, level_db: float, *, narrow: bool) -> None:
        dice = self._dice
        noise = (self._narrow if narrow else self._noises)[dice.integers(NOISES)]
        at = dice.integers(len(noise) - len(samples))
        loud = decibels(level_db - dice.uniform(*NOISE_BELOW_DB))
        samples += noise[at : at + len(samples)] * np.float32(loud)
        if not narrow and dice.random() < TYPES:
            for key in dice.integers(0, len(samples) - KEY_SAMPLES, dice.integers(1, 8)):
                stroke = dice.standard_normal(KEY_SAMPLES) * np.exp(
                    -np.linspace(0, 6, KEY_SAMPLES)
                )
                samples[key : key + KEY_SAMPLES] += stroke * decibels(dice.uniform(-40, -24))
