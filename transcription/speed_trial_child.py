"""Measures how fast a model is, in a process of its own: loads it and recognises a recording."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.domain.errors import AppError
from app.domain.times import iso_utc, now_utc
from transcription.child_process import end_with_the_parent
from transcription.messages import Failed
from transcription.model_speeds import Measurement
from transcription.utterances import UtteranceCutter
from transcription.vad import SAMPLE_RATE, SileroModel, SpeechProbabilities, VadOptions
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from app.domain.engine_types import RecognitionModel
    from transcription.utterances import Utterance
    from transcription.vad import Samples

BUDGET_S = 2.0  # of work, after the first utterance
SPEECH_S = 60  # as much of the recording is used at most
SAMPLES_PER_MS = SAMPLE_RATE // 1_000


def serve(pipe: Connection, model: RecognitionModel, speech: Path) -> None:
    """Send what was measured, or what failed."""
    end_with_the_parent(pipe)
    try:
        pipe.send(_measured(model, speech))
    except AppError as error:
        pipe.send(Failed.of(error))


def _measured(model: RecognitionModel, speech: Path) -> Measurement:
    from faster_whisper.audio import decode_audio

    recognizer = WhisperRecognizer(model)
    samples = decode_audio(str(speech))[: SPEECH_S * SAMPLE_RATE]
    first, *others = _utterances(samples, model.max_utterance_ms)
    audio_ms, seconds = _timed(recognizer, samples, first)
    if seconds < BUDGET_S:  # else it has warmed up for long enough to count
        audio_ms, seconds = 0, 0.0
        for utterance in others:
            more_ms, more_s = _timed(recognizer, samples, utterance)
            audio_ms, seconds = audio_ms + more_ms, seconds + more_s
            if seconds > BUDGET_S:
                break
    return Measurement(
        speed=round(audio_ms / 1_000 / seconds, 2),
        device=recognizer.compute.device,
        compute_type=recognizer.compute.compute_type,
        threads=model.threads,
        at=iso_utc(now_utc()),
    )


def _timed(
    recognizer: WhisperRecognizer, samples: Samples, utterance: Utterance
) -> tuple[int, float]:
    span = utterance.audio
    heard = samples[span.start_ms * SAMPLES_PER_MS : span.end_ms * SAMPLES_PER_MS]
    begun = time.perf_counter()
    recognizer.recognize(heard, utterance)
    return span.duration_ms, time.perf_counter() - begun


def _utterances(samples: Samples, max_utterance_ms: int) -> list[Utterance]:
    options = VadOptions(max_utterance_ms=max_utterance_ms)
    return UtteranceCutter(options).push(SpeechProbabilities(SileroModel()).push(samples))
