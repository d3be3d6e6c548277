"""No word is lost or doubled where utterances meet: the real detector on speech as it comes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.unit.transcription.conftest import cut_at_random
from transcription.utterances import UtteranceCutter
from transcription.vad import (
    CHUNK_MS,
    SileroModel,
    SpeechProbabilities,
    VadOptions,
    samples_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.sessions import TrackLabel
    from transcription.utterances import Utterance
    from transcription.vad import Samples

RATE = 16_000
FRAME_MS = 96  # over which loudness is measured
WINDOW_MS = 3_000  # in which the quietest place is looked for
LONGEST_S = 8


@pytest.fixture(scope="module")
def silero() -> SileroModel:
    return SileroModel()


def a_conversation(chance: random.Random, sources: list[Samples]) -> Samples:
    """Join stretches of speech, cut off anywhere, with silence, noise and level as they come."""
    parts = []
    for _ in range(8):
        source = chance.choice(sources)
        at, size = chance.randrange(len(source)), round(chance.uniform(0.1, LONGEST_S) * RATE)
        parts.append(source[at : at + size] * np.float32(chance.uniform(0.2, 1.0)))
        parts.append(np.zeros(round(chance.choice([0, 0.05, 0.2, 0.35, 1.2]) * RATE), np.float32))
    samples = np.concatenate(parts)
    noise = np.random.default_rng(chance.randrange(1_000)).normal(0, 0.003, len(samples))
    return samples + noise.astype(np.float32)


def heard_twice_or_never(probabilities: Samples, found: list[Utterance], threshold: float) -> list:
    """Return the moments of speech, chunk by chunk, that do not lie in exactly one utterance."""
    spans = [utterance.audio for utterance in found]
    moments = (np.flatnonzero(probabilities >= threshold) * CHUNK_MS + CHUNK_MS // 2).tolist()
    return [at_ms for at_ms in moments if sum(s.start_ms <= at_ms < s.end_ms for s in spans) != 1]


@pytest.mark.parametrize("seed", range(10))
def test_all_speech_lies_in_exactly_one_utterance(
    silero: SileroModel, demo_pcm: dict[TrackLabel, bytes], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret depends on it
    samples = a_conversation(chance, [samples_of(pcm) for pcm in demo_pcm.values()])
    options = VadOptions(min_speech_ms=0, max_utterance_ms=chance.choice([2_000, 5_000, 20_000]))
    stream, cutter = SpeechProbabilities(silero), UtteranceCutter(options)
    parts, found = [], []
    for block in cut_at_random(samples, seed):
        parts.append(stream.push(block))
        found += cutter.push(parts[-1])
    parts.append(stream.finish())
    found += cutter.push(parts[-1]) + cutter.finish(len(samples) // 16)

    assert heard_twice_or_never(np.concatenate(parts), found, options.threshold) == []
    assert len(found) > 1
    assert all(u.audio.duration_ms <= options.max_utterance_ms for u in found)
    assert all(u.audio.start_ms <= u.speech.start_ms for u in found), "nothing before is cut off"


def test_where_nobody_breathes_the_cut_falls_in_the_quietest_place(
    silero: SileroModel, test_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from faster_whisper import decode_audio

    cuts: list[tuple[int, int]] = []
    divided = UtteranceCutter._divided

    def noted(cutter: UtteranceCutter, chunk: int) -> Utterance:
        utterance, breath = divided(cutter, chunk), cutter._breath
        if not breath:
            cuts.append((utterance.audio.end_ms, chunk * CHUNK_MS))
        return utterance

    monkeypatch.setattr(UtteranceCutter, "_divided", noted)
    louder = []
    for path in sorted((test_data / "speech" / "ami").glob("*.flac")):
        samples = decode_audio(str(path))[: 240 * RATE]
        cuts.clear()
        UtteranceCutter(VadOptions(max_utterance_ms=3_920)).push(
            SpeechProbabilities(silero).push(samples)
        )
        for at_ms, now_ms in cuts:
            here = loudness(samples, at_ms)
            around = [loudness(samples, ms) for ms in range(now_ms - WINDOW_MS, now_ms, CHUNK_MS)]
            louder.append(sum(other < here for other in around) / len(around))

    assert len(louder) >= 5
    assert np.median(louder) < 0.1, "nine tenths of what is around are louder"
    assert max(louder) < 0.5


def loudness(samples: Samples, at_ms: int) -> float:
    frame = samples[max(0, at_ms - FRAME_MS // 2) * 16 : (at_ms + FRAME_MS // 2) * 16]
    return float(np.sqrt(np.mean(frame**2)))
