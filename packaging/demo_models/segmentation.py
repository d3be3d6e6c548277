"""Trains the network that hears how many people speak, and tells those of ten seconds apart."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import torch
from mixtures import MOST_SPEAKERS, Mixer
from pyannote.audio import Model
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.segmentation import PyanNet
from pyannote.audio.utils.powerset import Powerset
from training import learn, save

from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from speech import Corpus

SECONDS = 10.0
AT_ONCE = 2
PEOPLE = (0.04, 0.34, 0.40, 0.22)
SINC_STRIDE = 20  # twice the usual one: half the work, and 34 ms are as fine as is needed
HIDDEN = 128
BATCH = 32
RATE, LATER_RATE = 2e-3, 7e-4


def network() -> PyanNet:
    """Return an untrained network."""
    model = PyanNet(
        sincnet={"stride": SINC_STRIDE},
        lstm={"hidden_size": HIDDEN, "num_layers": 2, "bidirectional": True, "monolithic": True},
        linear={"hidden_size": 64, "num_layers": 2},
    )
    model.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=SECONDS,
        classes=[f"speaker#{number}" for number in range(1, MOST_SPEAKERS + 1)],
        powerset_max_classes=AT_ONCE,
        permutation_invariant=True,
    )
    model.build()
    return model


class Targets:
    """Turns who speaks when into classes, for each order the speakers can be told in."""

    def __init__(self, model: PyanNet, samples: int) -> None:
        frames = model.num_frames(samples)
        first, second = (model.receptive_field_center(frame) for frame in (0, 1))
        self._centres = np.minimum(first + np.arange(frames) * (second - first), samples - 1)
        self._classes = {
            tuple(row): number
            for number, row in enumerate(Powerset(MOST_SPEAKERS, AT_ONCE).mapping.int().tolist())
        }
        self._orders = list(itertools.permutations(range(MOST_SPEAKERS)))
        weights = 2 ** np.arange(MOST_SPEAKERS)
        self._lookup = np.zeros(2**MOST_SPEAKERS, dtype=np.int64)
        for row in itertools.product((0, 1), repeat=MOST_SPEAKERS):
            # Three at once cannot be told; two of them are.
            known = row if row in self._classes else (1, 1, 0)
            self._lookup[int(np.dot(row, weights))] = self._classes[known]
        self._weights = weights

    def of(self, active: np.ndarray) -> np.ndarray:
        """Return the classes, shape (orders, frames)."""
        told = active[self._centres]
        return np.stack([self._lookup[told[:, order] @ self._weights] for order in self._orders])


def best_loss(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean loss in the order of speakers that fits best.

    ``scores`` are log-probabilities, shape (batch, frames, classes); ``targets`` have shape
    (batch, orders, frames).
    """
    taken = scores.gather(2, targets.transpose(1, 2))
    return -taken.mean(dim=1).amax(dim=1).mean()


def train(corpus: Corpus, path: Path, *, steps: int, seed: int, start: Path | None = None) -> None:
    """Train and save; with ``start`` go on from its weights."""
    torch.manual_seed(seed)
    model = network() if start is None else Model.from_pretrained(start)
    mixer = Mixer(corpus, seed)
    targets = Targets(model, round(SECONDS * SAMPLE_RATE))
    # The band-pass filters stay as they are, spread like the ear's: learning them costs the most.
    for part in (model.sincnet.wav_norm1d, model.sincnet.conv1d[0]):
        part.requires_grad_(requires_grad=False)

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        mixtures = [mixer.mixture(SECONDS, PEOPLE) for _ in range(BATCH)]
        waves = np.stack([mixture.samples for mixture in mixtures])[:, np.newaxis]
        wanted = np.stack([targets.of(mixture.active) for mixture in mixtures])
        return torch.from_numpy(waves), torch.from_numpy(wanted)

    def loss_of(made: tuple[torch.Tensor, torch.Tensor], _share: float) -> torch.Tensor:
        waves, wanted = made
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(waves)
        return best_loss(scores.float(), wanted)

    model.train()
    learnt = [weight for weight in model.parameters() if weight.requires_grad]
    learn(learnt, batch, loss_of, rate=RATE if start is None else LATER_RATE, steps=steps)
    save(model.eval(), path)
