"""The embedder's side of the pipe: turns stretches of speech into what tells voices apart.

Of a pyannote pipeline it loads the embedding model alone. Besides the diariser's child the only
place that imports torch.
"""

from __future__ import annotations

import hashlib
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.errors import AppError, ModelDamagedError
from app.domain.voice_vectors import VoiceModel, vector_of
from transcription.low_priority import give_way
from transcription.messages import Failed
from transcription.pyannote_pipeline import alike_at, not_installed
from transcription.vad import samples_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from app.domain.ports import AudioReader
    from app.domain.voice_vectors import SpokenStretch, Vector
    from transcription.vad import Samples

LONGEST_MS = 10_000  # more tells hardly more of a voice, and takes longer
WEIGHTS = "pytorch_model.bin"
LEFT_BELOW = 1e-6  # of power: digital silence, as in a gap or a redaction, is no voice


def serve(pipe: Connection, folder: Path, make_reader: Callable[[], AudioReader]) -> None:
    """Send the ``VoiceModel``, then a ``Vector`` (or None) for each ``SpokenStretch``.

    What fails is sent as ``Failed``: instead of the model that is the end of it.
    """
    # The libraries give advice to programmers; on a person's terminal it is noise.
    warnings.simplefilter("ignore")
    give_way()
    try:
        model = voice_model(folder)
        run, reader = load_embedding(folder), make_reader()
        pipe.send(model)
    except AppError as error:
        pipe.send(Failed.of(error))
        return
    while (stretch := pipe.recv()) is not None:
        try:
            pipe.send(_vector(run, _samples(reader, stretch)))
        except AppError as error:
            pipe.send(Failed.of(error))


def load_embedding(folder: Path) -> Any:
    """Load a pipeline's embedding model; one thread is enough, and leaves the others the rest.

    Raises:
        DiarizationUnavailableError: torch or pyannote.audio is not installed.
        ModelDamagedError: The folder is incomplete or does not load.
    """
    try:
        import torch
        from pyannote.audio.pipelines.speaker_verification import PretrainedSpeakerEmbedding
    except ImportError as cause:
        raise not_installed(cause) from cause
    torch.set_num_threads(1)
    try:
        return PretrainedSpeakerEmbedding(str(folder / "embedding"))
    except Exception as cause:
        raise _damaged(folder, cause) from cause


def voice_model(folder: Path) -> VoiceModel:
    """Return what the pipeline's files say of its vectors.

    Raises:
        ModelDamagedError: They do not read, or do not say when two are of one voice.
    """
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415  comes with huggingface-hub

    try:
        weights = (folder / "embedding" / WEIGHTS).read_bytes()
        settings = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        clustering = settings["params"]["clustering"]
        threshold = float(clustering["threshold"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as cause:
        raise _damaged(folder, cause) from cause
    same_above = alike_at(clustering.get("method"), threshold)
    return VoiceModel(hashlib.sha256(weights).hexdigest(), same_above)


def _damaged(folder: Path, cause: Exception) -> ModelDamagedError:
    reason = str(cause).strip().partition("\n")[0]
    return ModelDamagedError(
        f"The voices model in {folder} does not load: {reason}",
        remedy="Copy the pipeline's folder again, with config.yaml and all that it names.",
    )


def _samples(reader: AudioReader, stretch: SpokenStretch) -> Samples:
    """Return the stretch, shape (n,); of a long one its middle."""
    span = stretch.span
    skipped_ms = max(0, span.duration_ms - LONGEST_MS) // 2
    start_ms, end_ms = span.start_ms + skipped_ms, span.end_ms - skipped_ms
    return samples_of(reader.session_pcm(stretch.track, start_ms, end_ms))


def _vector(run: Any, samples: Samples) -> Vector | None:
    """Return None for what is too short or holds no sound."""
    import torch

    if len(samples) < run.min_num_samples or np.square(samples).mean() < LEFT_BELOW:
        return None
    numbers = run(torch.from_numpy(samples[np.newaxis, np.newaxis]))[0]
    return vector_of(numbers.tolist()) if math.isfinite(float(numbers.sum())) else None
