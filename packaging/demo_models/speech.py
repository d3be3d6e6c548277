"""Lets every training voice say sentences; ``corpus`` returns them, made once and kept."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from training_voices import lists, training_voices

from tests.bench.material.incident_talk import IncidentTalk
from tests.bench.material.shaping import PHONE_BAND_HZ, banded

if TYPE_CHECKING:
    from pathlib import Path

    from training_voices import TrainingVoice

SENTENCES = 20
BLOCK = 1_600_000  # samples to filter at once
LEAST_SAMPLES = 8_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Utterances end to end: utterance i is ``pcm[starts[i]:starts[i + 1]]`` of ``voice[i]``.

    ``narrow`` is the same through a telephone line.
    """

    pcm: np.ndarray
    narrow: np.ndarray
    starts: np.ndarray
    voice: np.ndarray

    def of_each_voice(self, pcm: np.ndarray) -> list[list[np.ndarray]]:
        """Return the utterances of each voice, s16."""
        found: list[list[np.ndarray]] = [[] for _ in range(int(self.voice.max()) + 1)]
        for index, voice in enumerate(self.voice):
            found[voice].append(pcm[self.starts[index] : self.starts[index + 1]])
        return found


def corpus(scratch: Path) -> Corpus:
    """Return the training speech; about ten minutes of work the first time."""
    kept = scratch / "speech.npz"
    if not kept.exists():
        _spoken(scratch, kept)
    loaded = np.load(kept)
    pcm = loaded["pcm"]
    return Corpus(pcm, _through_a_phone(pcm), loaded["starts"], loaded["voice"])


def _through_a_phone(pcm: np.ndarray) -> np.ndarray:
    narrow = np.empty_like(pcm)
    for at in range(0, len(pcm), BLOCK):
        block = banded(pcm[at : at + BLOCK], *PHONE_BAND_HZ)
        narrow[at : at + BLOCK] = np.clip(block, -32_767, 32_767)
    return narrow


def _spoken(scratch: Path, kept: Path) -> None:
    voices = training_voices(scratch)
    talk = IncidentTalk.read()
    chance = random.Random(lists()["training"]["seed"])  # noqa: S311  the same words each time
    wanted = [
        (index, voice, talk.sentence(chance).spoken)
        for index, voice in enumerate(voices)
        for _ in range(SENTENCES)
    ]
    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(_said, wanted))
    good = [(index, pcm) for index, pcm in heard if len(pcm) >= LEAST_SAMPLES]
    starts = np.cumsum([0, *(len(pcm) for _, pcm in good)])
    np.savez(
        kept,
        pcm=np.concatenate([pcm for _, pcm in good]),
        starts=starts,
        voice=np.array([index for index, _ in good]),
    )


def _said(wanted: tuple[int, TrainingVoice, str]) -> tuple[int, np.ndarray]:
    index, voice, text = wanted
    samples = voice.say(text)
    level = float(np.sqrt(np.mean(samples**2))) or 1.0
    return index, np.clip(samples * (2_000 / level), -32_767, 32_767).astype(np.int16)
