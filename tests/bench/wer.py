"""Word error rate, live and final, beside the plain library on the same model and machine.

Plain is the better of ``transcribe`` over whole tracks and ``transcribe`` for each utterance that
the library's own speech detector finds. Beside it: how many words that are right are marked as
doubtful, how far segments lie from what the script says, and how fast the final pass is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jiwer

from app.domain.sessions import TrackLabel
from tests.bench.figures import Figure
from tests.bench.hearing import heard_afterwards, heard_live
from tests.bench.material import bridge
from tests.bench.material.recording import another_bridge, demonstration
from transcription.model_files import ModelFolder
from transcription.vad import samples_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.engine_types import RecognitionModel
    from app.domain.transcript import Segment
    from tests.bench.hearing import Heard
    from tests.bench.material.recording import Line, Recording

    Texts = Mapping[TrackLabel, Sequence[str]]

ROOT = Path(__file__).parents[2]
FINAL_BAR, LIVE_BAR = 1.0, 1.25
MARKED_BAR = 0.02
SPAN_BAR_MS = 500
HALF_HOUR = bridge.Plan(seed=30, minutes=30)
UTTERANCES = {"condition_on_previous_text": False, "without_timestamps": True}


@dataclass(frozen=True, slots=True)
class Plain:
    """What the library makes of a recording by itself, in one of the two ways."""

    error_rate: float
    seconds: float


def measure(*, quick: bool = False) -> list[Figure]:
    """Recognise in all ways and compare; ``quick`` takes the demonstration's room track alone."""
    if quick:
        return compare(demonstration(TrackLabel.ROOM))
    recordings = (demonstration(), another_bridge(), bridge.kept(HALF_HOUR))
    return [figure for recording in recordings for figure in compare(recording)]


def compare(recording: Recording) -> list[Figure]:
    """Return the figures of one recording."""
    plain = _plain(recording)
    final, final_s = heard_afterwards(recording)
    live = heard_live(recording)
    return [
        _error_figure(recording, "final", final, plain, FINAL_BAR),
        _error_figure(recording, "live", live, plain, LIVE_BAR),
        _marked_figure(recording, final),
        *_position_figures(recording, final),
        Figure(
            f"{recording.name}: final pass, start to end",
            round(final_s / recording.seconds, 4),
            "s per s of audio",
            baseline=round(plain.seconds / recording.seconds, 4),
            ratio=round(final_s / plain.seconds, 2),
        ),
    ]


def _error_figure(
    recording: Recording, name: str, heard: Heard, plain: Plain, most: float
) -> Figure:
    rate = word_error_rate(recording.script, _texts(heard))
    return Figure(
        f"{recording.name}: word error rate, {name}",
        round(rate, 4),
        "",
        baseline=round(plain.error_rate, 4),
        ratio=round(rate / plain.error_rate, 3) if plain.error_rate else None,
        bar=f"no more than {most} times plain transcribe, whole tracks or utterances",
        ok=rate <= most * plain.error_rate,
    )


def _marked_figure(recording: Recording, heard: Heard) -> Figure:
    share = marked_share(recording.script, heard)
    return Figure(
        f"{recording.name}: words that are right and marked all the same",
        round(share, 4),
        "of those that are right",
        bar=None if recording.runs_on else f"at most {MARKED_BAR}",
        ok=None if recording.runs_on else share <= MARKED_BAR,
    )


def _position_figures(recording: Recording, heard: Heard) -> list[Figure]:
    """Tell how well the segments lie where each line is an utterance of its own."""
    if recording.runs_on:
        return []
    off_ms = max(_off_ms(line, heard[line.track]) for line in recording.script)
    return [
        Figure(
            f"{recording.name}: segment furthest from the script",
            off_ms / 1_000,
            "s",
            bar=f"within {SPAN_BAR_MS / 1_000} s",
            ok=off_ms <= SPAN_BAR_MS,
        )
    ]


def word_error_rate(script: Sequence[Line], texts: Texts) -> float:
    """Return the word error rate over all the tracks of ``texts``."""
    reference = [_said(script, label) for label in texts]
    return float(jiwer.wer(reference, [_normal(lines) for lines in texts.values()]))


def marked_share(script: Sequence[Line], heard: Heard) -> float:
    """Return how many of the words that are right are in a segment that is marked."""
    right = marked = 0
    for label, segments in heard.items():
        is_marked = [
            segment.flag is not None
            for segment in segments
            for _ in _normal([segment.text]).split()
        ]
        spoken = _normal([segment.text for segment in segments])
        for chunk in jiwer.process_words(_said(script, label), spoken).alignments[0]:
            if chunk.type == "equal":
                right += chunk.hyp_end_idx - chunk.hyp_start_idx
                marked += sum(is_marked[chunk.hyp_start_idx : chunk.hyp_end_idx])
    return marked / right if right else 1.0


def _said(script: Iterable[Line], label: TrackLabel) -> str:
    return _normal([line.text for line in script if line.track is label])


def _normal(lines: Iterable[str]) -> str:
    """Fold case and drop punctuation around words; written forms such as ``14:02`` stay."""
    words = (word.strip(".,?!").casefold() for line in lines for word in line.split())
    return " ".join(word for word in words if word)


def _texts(heard: Heard) -> dict[TrackLabel, list[str]]:
    return {label: [segment.text for segment in segments] for label, segments in heard.items()}


def _off_ms(line: Line, segments: Iterable[Segment]) -> int:
    """Return how far the line's segment lies from it, at the worse of both ends."""
    return min(
        max(abs(segment.start_ms - line.start_ms), abs(segment.end_ms - line.end_ms))
        for segment in segments
    )


def _plain(recording: Recording) -> Plain:
    from faster_whisper import WhisperModel

    model = ModelFolder(ROOT / "no-models", ROOT / "resources" / "models").recognition_model()
    whisper = WhisperModel(
        str(model.path), device="cpu", compute_type="int8", cpu_threads=model.threads
    )
    ways = []
    for way in (_whole_tracks, _utterances):
        began = time.perf_counter()
        texts = {label: way(whisper, model, pcm) for label, pcm in recording.pcm.items()}
        seconds = time.perf_counter() - began
        ways.append(Plain(word_error_rate(recording.script, texts), seconds))
    return min(ways, key=lambda way: way.error_rate)


def _whole_tracks(whisper: Any, model: RecognitionModel, pcm: bytes) -> list[str]:
    segments, _ = whisper.transcribe(samples_of(pcm), language=model.language)
    return [segment.text for segment in segments]


def _utterances(whisper: Any, model: RecognitionModel, pcm: bytes) -> list[str]:
    from faster_whisper.vad import get_speech_timestamps

    samples = samples_of(pcm)
    stamps: list[dict[str, Any]] = get_speech_timestamps(
        samples,
        min_silence_duration_ms=300,
        speech_pad_ms=120,
        max_speech_duration_s=model.max_utterance_ms / 1_000,
    )
    return [
        segment.text
        for stamp in stamps
        for segment in whisper.transcribe(
            samples[stamp["start"] : stamp["end"]], language=model.language, **UTTERANCES
        )[0]
    ]
