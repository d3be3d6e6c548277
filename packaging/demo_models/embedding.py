"""Trains the network that gives each voice its place: near itself, far from everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from mixtures import Mixer
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding import XVectorMFCC
from training import learn, save

if TYPE_CHECKING:
    from pathlib import Path

    from speech import Corpus

SECONDS = 4.0
PEOPLE = (0.0, 0.35, 0.65)
AT_MOST = len(PEOPLE) - 1
DIMENSION = 192
HOP = 400
MFCC = {
    "n_mfcc": 40,
    "melkwargs": {"n_fft": 512, "hop_length": HOP, "n_mels": 44, "f_min": 60.0, "f_max": 7_600.0},
}
LEAST_SAMPLES = 12_000
BATCH = 32
PLACING_BATCHES = 60
SCALE, MARGIN = 30.0, 0.2


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the training; the margin grows to its full between two shares of the steps."""

    rate: float
    steps: int
    margin_grows: tuple[float, float]


STAGES = (
    Stage(1.5e-3, 700, margin_grows=(0.25, 0.7)),
    Stage(1e-3, 650, margin_grows=(-1.0, 0.0)),
)


def network() -> XVectorMFCC:
    """Return an untrained network."""
    model = XVectorMFCC(mfcc=MFCC, dimension=DIMENSION)
    model.specifications = Specifications(
        problem=Problem.REPRESENTATION,
        resolution=Resolution.CHUNK,
        duration=SECONDS,
        classes=["voice"],
    )
    return model


class MarginLoss(torch.nn.Module):
    """Additive angular margin: each voice has a place, and embeddings are drawn to their own."""

    def __init__(self, places: torch.Tensor) -> None:
        super().__init__()
        self.places = torch.nn.Parameter(places)

    def forward(
        self, embeddings: torch.Tensor, voices: torch.Tensor, margin: float
    ) -> torch.Tensor:
        """Return the loss; shapes (n, DIMENSION) and (n,)."""
        cosines = torch.nn.functional.linear(
            torch.nn.functional.normalize(embeddings), torch.nn.functional.normalize(self.places)
        )
        own = cosines.gather(1, voices[:, None]).clamp(-1 + 1e-6, 1 - 1e-6)
        pushed = torch.cos(torch.acos(own) + margin)
        scores = cosines.scatter(1, voices[:, None], pushed) * SCALE
        return torch.nn.functional.cross_entropy(scores, voices)


class SteadyPool(torch.nn.Module):
    """Pools as pyannote.audio's own does, with a slope also where nothing deviates."""

    def forward(self, sequences: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Return mean and deviation; shapes (batch, features, frames), (batch, people, frames)."""
        values = sequences.float()
        shares = torch.nn.functional.interpolate(weights, size=values.shape[2], mode="nearest")
        total = shares.sum(dim=2, keepdim=True)
        mean = torch.einsum("bft,bpt->bpf", values, shares) / total
        square = torch.einsum("bft,bpt->bpf", values.square(), shares) / total
        variance = (square - mean.square()) * total / (total - 1)
        return torch.cat([mean, variance.clamp(min=1e-5).sqrt()], dim=2)


@dataclass(frozen=True, slots=True)
class Batch:
    """Stretches of sound, and who speaks in them.

    Attributes:
        waves: Shape (BATCH, 1, samples).
        masks: When each speaks while nobody else does, shape (BATCH, AT_MOST, frames).
        heard: Whether that is long enough, shape (BATCH, AT_MOST).
        voices: Their numbers, shape (BATCH, AT_MOST).
    """

    waves: torch.Tensor
    masks: torch.Tensor
    heard: torch.Tensor
    voices: torch.Tensor

    @classmethod
    def made_by(cls, mixer: Mixer) -> Batch:
        """Return the mixer's next batch."""
        mixtures = [mixer.mixture(SECONDS, PEOPLE) for _ in range(BATCH)]
        alone = np.stack([mixture.alone()[:, :AT_MOST].T for mixture in mixtures])
        masks = torch.from_numpy(alone[:, :, ::HOP].astype(np.float32))
        heard = masks.sum(2) >= LEAST_SAMPLES / HOP
        masks[~heard] = 1.0  # there is no mean of nothing
        return cls(
            torch.from_numpy(np.stack([mixture.samples for mixture in mixtures])[:, np.newaxis]),
            masks,
            heard,
            torch.tensor([[*mixture.voices, -1][:AT_MOST] for mixture in mixtures]),
        )


def train(corpus: Corpus, path: Path, *, seed: int) -> None:
    """Train, saving after each stage."""
    torch.manual_seed(seed)
    mixer = Mixer(corpus, seed)
    voices = int(corpus.voice.max()) + 1
    model = network()
    stock_pool, steady_pool = model.stats_pool, SteadyPool()
    for stage in STAGES:
        model.stats_pool = steady_pool
        if stage is STAGES[0]:
            _centre(model.train(), [Batch.made_by(mixer) for _ in range(4)])
            places = torch.randn(voices, DIMENSION)
        else:
            places = _places(model.eval(), mixer, voices)
        _take(stage, model.train(), MarginLoss(torch.nn.functional.normalize(places)), mixer)
        model.stats_pool = stock_pool
        save(model.eval(), path)


def _take(stage: Stage, model: XVectorMFCC, drawn: MarginLoss, mixer: Mixer) -> None:
    def loss_of(batch: Batch, share: float) -> torch.Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            embeddings = model(batch.waves, weights=batch.masks).float()
        margin = MARGIN * float(np.interp(share, stage.margin_grows, (0, 1)))
        return drawn(embeddings[batch.heard], batch.voices[batch.heard], margin)

    learnt = [*model.parameters(), *drawn.parameters()]
    learn(learnt, lambda: Batch.made_by(mixer), loss_of, rate=stage.rate, steps=stage.steps)


def _places(model: XVectorMFCC, mixer: Mixer, voices: int) -> torch.Tensor:
    """Return where a trained model sees each voice; anywhere if by chance it was not heard."""
    places = torch.randn(voices, DIMENSION) * 1e-3
    with torch.inference_mode():
        for _ in range(PLACING_BATCHES):
            batch = Batch.made_by(mixer)
            found = model(batch.waves, weights=batch.masks)[batch.heard]
            places.index_add_(0, batch.voices[batch.heard], torch.nn.functional.normalize(found))
    return places


def _centre(model: XVectorMFCC, batches: list[Batch]) -> None:
    """Let the first and the last layer begin with inputs of mean 0 and deviation 1.

    Without it all voices begin at nearly the same place, and it takes long to part them.
    """
    with torch.no_grad():
        coefficients = model.mfcc(torch.cat([batch.waves for batch in batches])).squeeze(1)
        _let_begin_at_zero(model.tdnns[0], coefficients.transpose(1, 2).flatten(0, 1))
        pooled = []
        for batch in batches:
            frames = model.mfcc(batch.waves).squeeze(1)
            for layer in model.tdnns:
                frames = layer(frames)
            pooled.append(model.stats_pool(frames, batch.masks)[batch.heard])
        _let_begin_at_zero(model.embedding, torch.cat(pooled))


def _let_begin_at_zero(layer: torch.nn.Module, inputs: torch.Tensor) -> None:
    mean, deviation = inputs.mean(0), inputs.std(0).clamp(min=1e-3)
    weight = layer.weight.view(*layer.weight.shape[:2], -1)  # of a convolution or a linear layer
    weight /= deviation.view(1, -1, 1)
    layer.bias -= weight.sum(2) @ mean
