"""Trains the network that hears how many people speak, and tells those of ten seconds apart."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from mixtures import MOST_SPEAKERS, Mixer
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.segmentation import PyanNet
from pyannote.audio.utils.powerset import Powerset
from training import learn, save

from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from speech import Corpus

AT_ONCE = 2
SINC_STRIDE = 20  # twice the usual one: half the work, and 34 ms are as fine as is needed
HIDDEN = 128


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training; ``people`` are the chances of 0, 1, 2, 3 people in a window."""

    seconds: float
    people: tuple[float, ...]
    batch: int
    rate: float
    steps: int


STAGES = (
    Stage(10.0, (0.04, 0.34, 0.40, 0.22), batch=32, rate=2e-3, steps=700),
    Stage(5.0, (0.04, 0.42, 0.42, 0.12), batch=64, rate=1.2e-3, steps=350),
)
SECONDS = STAGES[-1].seconds


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


def train(corpus: Corpus, path: Path, *, seed: int) -> None:
    """Train, saving after each stage."""
    torch.manual_seed(seed)
    model = network()
    mixer = Mixer(corpus, seed)
    # The band-pass filters stay as they are, spread like the ear's: learning them costs the most.
    for part in (model.sincnet.wav_norm1d, model.sincnet.conv1d[0]):
        part.requires_grad_(requires_grad=False)
    for stage in STAGES:
        _take(stage, model.train(), mixer)
        save(model.eval(), path)


def _take(stage: Stage, model: PyanNet, mixer: Mixer) -> None:
    targets = Targets(model, round(stage.seconds * SAMPLE_RATE))

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        mixtures = [mixer.mixture(stage.seconds, stage.people) for _ in range(stage.batch)]
        waves = np.stack([mixture.samples for mixture in mixtures])[:, np.newaxis]
        wanted = np.stack([targets.of(mixture.active) for mixture in mixtures])
        return torch.from_numpy(waves), torch.from_numpy(wanted)

    def loss_of(made: tuple[torch.Tensor, torch.Tensor], _share: float) -> torch.Tensor:
        waves, wanted = made
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(waves)
        return best_loss(scores.float(), wanted)

    learnt = [weight for weight in model.parameters() if weight.requires_grad]
    learn(learnt, batch, loss_of, rate=stage.rate, steps=stage.steps)
