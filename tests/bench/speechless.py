"""Half an hour of silence, of noise, of music, of what a line sounds: not a word may go unmarked.

Besides the whole program, which hardly ever takes any of it for speech, the marks are measured by
themselves: stretches are given to the model as if its speech detector had been deceived. A
synthesiser that talks does deceive it; of that nothing is promised, but it is told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.domain.sessions import TrackLabel
from app.domain.times import Span
from tests.bench.figures import Figure
from tests.bench.hearing import heard_afterwards, heard_live
from tests.bench.material.recording import ROOT, Recording
from tests.bench.material.shaping import pcm_of
from tests.bench.material.sounds import DECEPTION, sound, sounds
from transcription.model_files import ModelFolder
from transcription.utterances import Utterance
from transcription.vad import CHUNK_MS, SAMPLE_RATE, SileroModel, SpeechProbabilities, samples_of
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from app.domain.engine_types import RecognizedSegment
    from app.domain.transcript import Segment
    from transcription.vad import Samples

MINUTES, MINUTES_QUICK = 30, 2
STRETCHES, STRETCHES_QUICK = 60, 10
SHORTEST_MS, LONGEST_MS = 500, 8_000
SEED = 2_026
MS = SAMPLE_RATE // 1_000


def measure(*, quick: bool = False) -> list[Figure]:
    """Have each sound recognised in both passes, and stretches of it by force."""
    minutes, count = (MINUTES_QUICK, STRETCHES_QUICK) if quick else (MINUTES, STRETCHES)
    return [
        figure for name in sounds() for figure in figures_of(name, minutes=minutes, count=count)
    ]


def figures_of(name: str, *, minutes: int, count: int) -> list[Figure]:
    """Return the figures of one sound."""
    pcm = pcm_of(sound(name, minutes=minutes, seed=SEED))
    recording = Recording(name, {TrackLabel.ROOM: pcm}, ())
    passes = (heard_afterwards(recording)[0], heard_live(recording))
    segments = [segment for heard in passes for segment in heard[TrackLabel.ROOM]]
    forced = heard_by_force(shipped_recognizer(), samples_of(pcm), count=count)
    return [
        _figure(f"{minutes} min of {name}, live and final", segments),
        _figure(f"{name} taken for speech {count} times", forced),
    ]


def heard_by_force(
    recognizer: WhisperRecognizer, samples: Samples, *, count: int
) -> list[RecognizedSegment]:
    """Recognise stretches of a sound anywhere, as utterances that they are not."""
    probabilities = SpeechProbabilities(SileroModel())
    voiced = np.concatenate([probabilities.push(samples), probabilities.finish()])
    dice = np.random.default_rng(SEED)
    found = []
    for _ in range(count):
        length_ms = int(dice.integers(SHORTEST_MS, LONGEST_MS))
        start_ms = int(dice.integers(0, len(samples) // MS - length_ms))
        span = Span(start_ms, start_ms + length_ms)
        heard = float(np.mean(voiced[start_ms // CHUNK_MS : span.end_ms // CHUNK_MS]))
        stretch = samples[start_ms * MS : span.end_ms * MS]
        found += recognizer.recognize(stretch, Utterance(span, span, heard))
    return found


def _figure(name: str, segments: list[Segment] | list[RecognizedSegment]) -> Figure:
    unmarked = sum(len(s.text.split()) for s in segments if s.flag is None)
    words = sum(len(s.text.split()) for s in segments)
    figure = Figure(f"{name}: words not marked, of {words}", unmarked, "words")
    if DECEPTION in name:
        return figure
    return replace(figure, bar="none", ok=unmarked == 0)


def shipped_recognizer() -> WhisperRecognizer:
    """Load the demonstration model."""
    folder = ModelFolder(ROOT / "no-models", ROOT / "resources" / "models")
    return WhisperRecognizer(folder.recognition_model())
