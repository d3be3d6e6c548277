"""What voices differ in, learnt from the embeddings of the training voices, for VBx clustering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from embedding import HOP, SECONDS
from mixtures import Mixer
from pyannote.audio import Model
from scipy.linalg import eigh

if TYPE_CHECKING:
    from pathlib import Path

    from speech import Corpus

DIMENSION = 128  # what pyannote.audio uses of it
PEOPLE = (0.0, 0.5, 0.5)
LEAST_SAMPLES = 16_000


def learn(corpus: Corpus, weights: Path, folder: Path, stretches: int, seed: int) -> None:
    """Write ``xvec_transform.npz`` and ``plda.npz`` as pyannote.audio's own loader reads them."""
    model = Model.from_pretrained(weights).eval()
    embeddings, voices = _embeddings(corpus, model, stretches, seed)
    mean = embeddings.mean(axis=0)
    centred = _of_length(embeddings - mean, embeddings.shape[1])
    within, between = _scatter(centred, voices)
    lda = eigh(between, within)[1][:, ::-1][:, :DIMENSION]
    reduced = centred @ lda
    reduced_mean = reduced.mean(axis=0)
    reduced = _of_length(reduced - reduced_mean, DIMENSION)
    within, between = _scatter(reduced, voices)
    spread, axes = eigh(between, within)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "xvec_transform.npz", mean1=mean, mean2=reduced_mean, lda=lda)
    np.savez(
        folder / "plda.npz",
        mu=reduced.mean(axis=0),
        tr=axes.T[::-1],
        psi=np.maximum(spread[::-1], 1e-6),
    )


def _embeddings(
    corpus: Corpus, model: Model, stretches: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    mixer = Mixer(corpus, seed)
    found, voices = [], []
    for _ in range(stretches):
        mixture = mixer.mixture(SECONDS, PEOPLE)
        alone = mixture.alone()
        for slot, voice in enumerate(mixture.voices):
            if alone[:, slot].sum() >= LEAST_SAMPLES:
                weights = torch.from_numpy(alone[::HOP, slot].astype(np.float32))[None]
                with torch.inference_mode():
                    found.append(model(torch.from_numpy(mixture.samples)[None, None], weights)[0])
                voices.append(voice)
    return torch.stack(found).numpy().astype(np.float64), np.array(voices)


def _scatter(vectors: np.ndarray, voices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the covariance within voices, kept invertible, and that between them."""
    size = vectors.shape[1]
    within, between = np.zeros((size, size)), np.zeros((size, size))
    mean = vectors.mean(axis=0)
    for voice in np.unique(voices):
        own = vectors[voices == voice]
        middle = own.mean(axis=0)
        within += (own - middle).T @ (own - middle)
        between += len(own) * np.outer(middle - mean, middle - mean)
    ridge = 1e-3 * np.trace(within) / size * np.eye(size)
    return (within + ridge) / len(vectors), (between + 1e-3 * ridge) / len(vectors)


def _of_length(vectors: np.ndarray, squared: int) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) * np.sqrt(squared)
