"""Trains the network that gives each voice its place: near itself, far from everybody else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import torch
from mixtures import Mixer
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding import XVectorMFCC
from training import batches, save, schedule

if TYPE_CHECKING:
    from pathlib import Path

    from speech import Corpus

SECONDS = 4.0
PEOPLE = (0.0, 0.35, 0.65)
DIMENSION = 192
HOP = 400
MFCC = {
    "n_mfcc": 40,
    "melkwargs": {"n_fft": 512, "hop_length": HOP, "n_mels": 44, "f_min": 60.0, "f_max": 7_600.0},
}
LEAST_SAMPLES = 12_000
BATCH = 32
RATE = 1.5e-3
SCALE, MARGIN = 30.0, 0.2
MARGIN_FROM, MARGIN_UNTIL = 0.25, 0.7  # of all steps: it grows meanwhile


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
    """Additive angular margin over the training voices."""

    def __init__(self, voices: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(voices, DIMENSION) * 0.05)

    def forward(self, embeddings: torch.Tensor, voices: torch.Tensor, margin: float):  # noqa: ANN201
        """Return the loss and the share of embeddings nearest to their own voice."""
        cosines = torch.nn.functional.linear(
            torch.nn.functional.normalize(embeddings), torch.nn.functional.normalize(self.weight)
        )
        own = cosines.gather(1, voices[:, None]).clamp(-1 + 1e-6, 1 - 1e-6)
        pushed = torch.cos(torch.acos(own) + margin)
        scores = cosines.scatter(1, voices[:, None], pushed) * SCALE
        right = (cosines.argmax(1) == voices).float().mean()
        return torch.nn.functional.cross_entropy(scores, voices), right


class SteadyPool(torch.nn.Module):
    """Pools as pyannote.audio's own does, with a slope also where nothing deviates."""

    def forward(self, sequences: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Return mean and deviation; shapes (batch, features, frames), (batch, people, frames)."""
        values = sequences.float()
        frames = values.shape[2]
        shares = torch.nn.functional.interpolate(weights, size=frames, mode="nearest")
        total = shares.sum(dim=2, keepdim=True)
        mean = torch.einsum("bft,bpt->bpf", values, shares) / total
        square = torch.einsum("bft,bpt->bpf", values.square(), shares) / total
        variance = (square - mean.square()) * total / (total - 1)
        return torch.cat([mean, variance.clamp(min=1e-5).sqrt()], dim=2)


def train(corpus: Corpus, path: Path, *, steps: int, seed: int) -> None:
    """Train and save."""
    torch.manual_seed(seed)
    model = network()
    mixer = Mixer(corpus, seed)
    loss_of = MarginLoss(int(corpus.voice.max()) + 1)

    def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        waves, masks, voices = [], [], []
        for _ in range(BATCH):
            mixture = mixer.mixture(SECONDS, PEOPLE)
            waves.append(mixture.samples[np.newaxis])
            masks.append(_alone(mixture.active)[:, :2].T)
            voices.append([*mixture.voices, -1][:2])
        return (
            torch.from_numpy(np.stack(waves)),
            torch.from_numpy(np.stack(masks)[:, :, ::HOP].astype(np.float32)),
            torch.tensor(voices),
        )

    model.stats_pool = SteadyPool()
    model.train()
    _centre(model, [batch()[:2] for _ in range(4)])
    parameters = [*model.parameters(), *loss_of.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=2e-3)
    learning = schedule(optimizer, RATE, steps)
    model.train()
    began, told = time.monotonic(), []
    for step, (waves, masks, voices) in enumerate(batches(batch, steps), 1):
        heard = masks.sum(2) >= LEAST_SAMPLES / HOP
        masks[~heard] = 1.0  # the deviation of nothing has no slope; its embedding is left out
        with torch.autocast("cpu", dtype=torch.bfloat16):
            embeddings = model(waves, weights=masks).float()
        margin = MARGIN * float(np.interp(step / steps, (MARGIN_FROM, MARGIN_UNTIL), (0, 1)))
        loss, right = loss_of(embeddings[heard], voices[heard], margin)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        learning.step()
        told.append((float(loss.detach()), float(right)))
        if step % 25 == 0:
            mean_loss, share = np.mean(told[-25:], axis=0)
            lasted = f"{time.monotonic() - began:.0f} s"
            print(
                f"embedding: {step}, loss {mean_loss:.3f}, right {share:.3f}, {lasted}", flush=True
            )
        if step % 200 == 0 or step == steps:
            save(model.eval(), path)
            model.train()


def _alone(active: np.ndarray) -> np.ndarray:
    return active & (active.sum(axis=1, keepdims=True) == 1)


def _centre(model: XVectorMFCC, batches_: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """Let the first and the last layer begin with inputs of mean 0 and deviation 1.

    Without it all voices begin at nearly the same place, and it takes long to part them.
    """
    with torch.no_grad():
        coefficients = model.mfcc(torch.cat([waves for waves, _ in batches_])).squeeze(1)
        _let_begin_at_zero(model.tdnns[0], coefficients.transpose(1, 2).flatten(0, 1))
        pooled = []
        for waves, masks in batches_:
            frames = model.mfcc(waves).squeeze(1)
            for layer in model.tdnns:
                frames = layer(frames)
            heard = masks.sum(2) >= LEAST_SAMPLES / HOP
            pooled.append(model.stats_pool(frames, masks)[heard])
        _let_begin_at_zero(model.embedding, torch.cat(pooled))


def _let_begin_at_zero(layer: torch.nn.Module, inputs: torch.Tensor) -> None:
    mean, deviation = inputs.mean(0), inputs.std(0).clamp(min=1e-3)
    shape = (1, -1, *[1] * (layer.weight.dim() - 2))
    layer.weight /= deviation.view(shape)
    weight = layer.weight.flatten(2).sum(2) if layer.weight.dim() > 2 else layer.weight  # noqa: PLR2004
    layer.bias -= weight @ mean
