"""Loads a pyannote.audio pipeline and fits it to its work. For the child alone: it loads torch.

WORKAROUND pyannote.audio 4.0.7: what it applies its models with has no public name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.errors import (
    DiarizationUnavailableError,
    ModelDamagedError,
    ModelDownloadError,
    ModelError,
)
from app.domain.times import MS_PER_MINUTE
from transcription.batch_sizes import fastest_batch, largest_batch
from transcription.machine import this_machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from transcription.diarizer_messages import Order
    from transcription.vad import Samples

INSTALL = (
    "Install it with “uv pip install --torch-backend=cpu 'hotwash[diarization]'” (without the "
    "option for a graphics card)."
)
DRAFT_STEP = 0.25  # of the window that is moved along; the stock pipelines take 0.1
WORTH_TRYING_MS = 20 * MS_PER_MINUTE  # less audio is heard before it is known what is quickest
# How pyannote's clustering measures distances: of unit vectors, or by their cosine.
EUCLIDEAN = ("centroid", "median", "ward")
# VBx goes on joining beyond its threshold; this is where speaker-diarization-3.1 stops, whose
# centroids may be 0.70 apart.
VBX_ALIKE = 0.75


def load_pipeline(order: Order) -> Any:
    """Load a pipeline.

    Raises:
        DiarizationUnavailableError: torch or pyannote.audio is not installed.
        ModelDownloadError: It is not a folder, and the hub did not give it.
        ModelDamagedError: The folder is incomplete or does not load.
    """
    try:
        import torch
        from pyannote.audio import Pipeline
    except ImportError as cause:
        raise not_installed(cause) from cause
    torch.set_num_threads(order.threads)
    try:
        pipeline = Pipeline.from_pretrained(order.pipeline, token=order.token or None)
    except Exception as cause:
        raise _not_loaded(order, str(cause)) from cause
    if pipeline is None:
        raise _not_loaded(order, "it is gated or does not exist")
    return pipeline


def not_installed(cause: ImportError) -> DiarizationUnavailableError:
    """Return what to tell people where torch or pyannote.audio does not import."""
    return DiarizationUnavailableError(
        f"pyannote.audio cannot be used here: {cause}.", remedy=INSTALL
    )


def _not_loaded(order: Order, reason: str) -> ModelError:
    reason = reason.strip().partition("\n")[0]
    if order.is_local:
        return ModelDamagedError(
            f"The speaker pipeline in {order.pipeline} does not load: {reason}",
            remedy="Copy its folder again, with config.yaml and all that it names.",
        )
    return ModelDownloadError(
        f"The speaker pipeline {order.pipeline} could not be fetched: {reason}",
        remedy="Accept its terms on the hub and set an access token, or set a folder instead.",
    )


def adjust(pipeline: Any, order: Order, samples: Samples, all_ms: int) -> None:
    """Set how the models are applied: how densely, and to how many windows at once.

    ``samples`` is the first audio, on which sizes are tried where there is ``all_ms`` of it to
    make up for the time.
    """
    inference = pipeline._segmentation  # noqa: SLF001  see above
    if order.is_draft:
        inference.step = DRAFT_STEP * inference.duration
    largest = 1 if order.is_careful else largest_batch(this_machine().memory)
    _leave_out_the_silent(pipeline)
    pipeline.segmentation_batch_size = min(pipeline.segmentation_batch_size, largest)
    pipeline.embedding_batch_size = min(pipeline.embedding_batch_size, largest)
    if largest > 1 and all_ms >= WORTH_TRYING_MS:
        listen, compare = _trials(pipeline, samples, largest)
        pipeline.segmentation_batch_size = fastest_batch(listen, largest)
        pipeline.embedding_batch_size = fastest_batch(compare, largest)


def _leave_out_the_silent(pipeline: Any) -> None:
    """Have the embedding model listen to those alone who speak in a window, mostly one of three.

    The pipelines have it listen for each place of the segmentation. What is not weighted at all is
    pooled to nothing, so of all silent ones it makes the same: one of them is enough.
    """
    import torch

    model = getattr(pipeline._embedding, "model_", None)  # noqa: SLF001  see above
    if model is None:  # of another library
        return
    forward = model.forward

    def of_those_who_speak(waveforms: Any, weights: Any = None) -> Any:
        if weights is None:
            return forward(waveforms)
        speak = weights.any(dim=1)
        silent = (~speak).nonzero().flatten()
        chosen = torch.cat([speak.nonzero().flatten(), silent[:1]])
        heard = forward(waveforms[chosen], weights=weights[chosen])
        found = heard[-1:].repeat(len(weights), 1)
        found[chosen] = heard
        return found

    model.forward = of_those_who_speak


def _trials(
    pipeline: Any, samples: Samples, largest: int
) -> tuple[Callable[[int], object], Callable[[int], object]]:
    """Return what applies each of the two models to so many windows of the audio."""
    import torch

    inference = pipeline._segmentation  # noqa: SLF001  see above
    length = inference.model.audio.get_num_samples(inference.duration)
    step = len(samples) // largest
    starts = [step * n for n in range(largest)]
    windows = torch.from_numpy(
        np.stack([np.resize(samples[at : at + length], length) for at in starts])[:, np.newaxis]
    )
    frames = inference.model.num_frames(length)
    whole = torch.ones((largest, frames))
    embedding = pipeline._embedding  # noqa: SLF001  see above
    return (
        lambda size: inference.infer(windows[:size]),
        lambda size: embedding(windows[:size], masks=whole[:size]),
    )


def alike_from(pipeline: Any) -> float:
    """Return from which cosine on the pipeline itself takes two groups for one voice."""
    clustering = pipeline.clustering
    return alike_at(getattr(clustering, "method", None), float(clustering.threshold))


def alike_at(method: str | None, threshold: float) -> float:
    """Return the cosine that a way of clustering (None for VBx) takes for one voice."""
    if method is None:
        return VBX_ALIKE
    return 1 - threshold**2 / 2 if method in EUCLIDEAN else 1 - threshold
