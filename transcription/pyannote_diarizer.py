"""Runs a pyannote.audio pipeline on one track. Everything here but the types is for the child."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.engine_types import SpeakerTurn
from app.domain.errors import (
    AppError,
    DiarizationUnavailableError,
    ModelDamagedError,
    ModelDownloadError,
    ModelError,
)
from app.domain.times import Span
from transcription.messages import Failed
from transcription.vad import SAMPLE_RATE, samples_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from app.domain.engine_types import TrackAudio
    from app.domain.ports import AudioReader
    from transcription.vad import Samples

INSTALL = (
    "Install it with “uv pip install --torch-backend=cpu 'hotwash[diarization]'” (without the "
    "option for a graphics card)."
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to diarise, and with what; ``pipeline`` is a folder if ``is_local``."""

    pipeline: str
    is_local: bool
    token: str
    threads: int
    track: TrackAudio
    speakers: tuple[int | None, int | None]


def serve(pipe: Connection, order: Order, make_reader: Callable[[], AudioReader]) -> None:
    """Send (step, share) as the work goes on, at last the turns or what failed."""
    # The libraries give advice to programmers; on a person's terminal it is noise.
    warnings.simplefilter("ignore")
    try:
        samples = _samples(make_reader(), order.track)
        run = load_pipeline(order)
        turns = _turns(run, samples, order, lambda step, share: pipe.send((step, share)))
    except AppError as error:
        pipe.send(Failed.of(error))
    else:
        pipe.send(turns)


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
        raise DiarizationUnavailableError(
            f"pyannote.audio cannot be used here: {cause}.", remedy=INSTALL
        ) from cause
    torch.set_num_threads(order.threads)
    try:
        pipeline = Pipeline.from_pretrained(order.pipeline, token=order.token or None)
    except Exception as cause:
        raise _not_loaded(order, str(cause)) from cause
    if pipeline is None:
        raise _not_loaded(order, "it is gated or does not exist")
    return pipeline


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


def _samples(reader: AudioReader, track: TrackAudio) -> Samples:
    """Return the whole track, shape (n,)."""
    parts = [samples_of(block) for block in reader.blocks(track)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _turns(
    run: Any, samples: Samples, order: Order, on_progress: Callable[[str, float], None]
) -> list[SpeakerTurn]:
    if not len(samples):
        return []
    import torch

    def hook(step: str, _artifact: Any, **progress: Any) -> None:
        total = progress.get("total")
        # Some steps count one batch too many.
        on_progress(step, min(1.0, progress.get("completed", 0) / total) if total else 1.0)

    least, most = order.speakers
    count = {"num_speakers": least} if least == most else {}
    bounds = count or {"min_speakers": least, "max_speakers": most}
    # In memory, so that neither ffmpeg nor torchcodec is needed.
    audio = {"waveform": torch.from_numpy(samples[np.newaxis]), "sample_rate": SAMPLE_RATE}
    try:
        output = run(audio, hook=hook, **bounds)
    except BrokenPipeError:
        raise  # the hook's: the parent is gone
    except Exception as cause:
        raise ModelError(
            f"The speaker pipeline failed on this audio: {str(cause).partition(chr(10))[0]}",
            remedy="Check the pipeline with another recording, or use another one.",
        ) from cause
    until_ms = len(samples) * 1_000 // SAMPLE_RATE
    return _in_milliseconds(output.exclusive_speaker_diarization, order.track, until_ms)


def _in_milliseconds(annotation: Any, track: TrackAudio, until_ms: int) -> list[SpeakerTurn]:
    """Return the turns in order; rounding must not make them overlap, nor outlast the track."""
    turns: list[SpeakerTurn] = []
    at_ms = 0
    for segment, _, label in annotation.itertracks(yield_label=True):
        start_ms = max(at_ms, round(segment.start * 1_000))
        end_ms = min(until_ms, round(segment.end * 1_000))
        if start_ms < end_ms:
            turns.append(SpeakerTurn(track.track_id, Span(start_ms, end_ms), str(label)))
            at_ms = end_ms
    return turns
