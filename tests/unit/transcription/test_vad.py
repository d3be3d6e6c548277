from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.domain.sessions import TrackLabel
from app.domain.times import Span
from tests.unit.transcription.conftest import cut_at_random
from transcription import vad
from transcription.utterances import Utterance, UtteranceCutter, first_chunk
from transcription.vad import (
    CHUNK_MS,
    CHUNK_SAMPLES,
    SileroModel,
    SpeechProbabilities,
    VadOptions,
    samples_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from transcription.vad import Samples

FULL = VadOptions(max_utterance_ms=12_000, min_speech_ms=0)


@pytest.fixture(scope="module")
def silero() -> SileroModel:
    return SileroModel()


@pytest.fixture(params=list(TrackLabel))
def demo_samples(request: pytest.FixtureRequest, demo_pcm: dict[TrackLabel, bytes]) -> Samples:
    return samples_of(demo_pcm[request.param])


def utterances(
    model: SileroModel,
    samples: Samples,
    options: VadOptions,
    *,
    from_ms: int = 0,
    seed: int = 1,
) -> list[Utterance]:
    stream = SpeechProbabilities(model, from_chunk=first_chunk(from_ms))
    cutter = UtteranceCutter(options, from_ms=from_ms)
    found: list[Utterance] = []
    for block in cut_at_random(samples[stream.begins_at_ms * 16 :], seed):
        found += cutter.push(stream.push(block))
    return found + cutter.push(stream.finish()) + cutter.finish(len(samples) // 16)


def test_a_stream_in_random_blocks_gives_the_probabilities_of_one_batch(
    silero: SileroModel, demo_samples: Samples
) -> None:
    from faster_whisper.vad import get_vad_model

    stream = SpeechProbabilities(silero)
    parts = [stream.push(block) for block in cut_at_random(demo_samples, 7)]
    streamed = np.concatenate([*parts, stream.finish()])
    missing = -len(demo_samples) % CHUNK_SAMPLES
    batch = get_vad_model()(np.pad(demo_samples, (0, missing))).ravel()

    # The last chunk apart: the library silences its last 64 samples in place.
    np.testing.assert_allclose(streamed[:-1], batch[:-1], atol=1e-5)
    assert len(streamed) == len(batch)


def test_utterances_are_those_of_faster_whisper(
    silero: SileroModel, demo_samples: Samples
) -> None:
    from faster_whisper.vad import get_speech_timestamps

    expected = get_speech_timestamps(
        demo_samples,
        threshold=0.5,
        neg_threshold=0.35,
        min_silence_duration_ms=300,
        speech_pad_ms=80,
        max_speech_duration_s=12,
    )
    found = utterances(silero, demo_samples, FULL)

    assert [utterance.audio for utterance in found] == [
        Span(stamp["start"] // 16, stamp["end"] // 16) for stamp in expected
    ]
    assert len(found) > 15


def test_real_meetings_give_the_utterances_of_faster_whisper(
    silero: SileroModel, test_data: Path
) -> None:
    from faster_whisper import decode_audio
    from faster_whisper.vad import get_speech_timestamps

    compared = 0
    for path in sorted((test_data / "speech" / "ami").glob("*.flac")):
        samples = decode_audio(str(path))
        samples = samples[: len(samples) // 16 * 16]
        expected = get_speech_timestamps(
            samples,
            threshold=0.5,
            neg_threshold=0.35,
            min_silence_duration_ms=300,
            speech_pad_ms=80,
            max_speech_duration_s=12,
        )
        found = utterances(silero, samples, FULL)
        assert [(u.audio.start_ms, u.audio.end_ms) for u in found] == [
            (stamp["start"] // 16, stamp["end"] // 16) for stamp in expected
        ], path.name
        compared += len(found)
    assert compared > 60


@pytest.mark.parametrize("max_ms", [12_000, 2_500])
def test_starting_again_at_any_utterance_gives_the_rest_exactly(
    silero: SileroModel,
    demo_samples: Samples,
    max_ms: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Anchors within reach of a test: otherwise the first is ten minutes into the track.
    monkeypatch.setattr(vad, "ANCHOR_CHUNKS", 1_000)
    monkeypatch.setattr(vad, "WARM_UP_CHUNKS", 200)
    options = VadOptions(max_utterance_ms=max_ms)
    whole = utterances(silero, demo_samples, options)

    for told in range(0, len(whole), 3):
        cursor_ms = whole[told].audio.end_ms
        rest = utterances(silero, demo_samples, options, from_ms=cursor_ms, seed=told)
        assert rest == whole[told + 1 :], f"from {cursor_ms} ms"


def test_starting_again_in_a_silence_gives_the_rest_exactly(
    silero: SileroModel, demo_samples: Samples
) -> None:
    options = VadOptions(max_utterance_ms=12_000)
    whole = utterances(silero, demo_samples, options)
    stream, cutter = SpeechProbabilities(silero), UtteranceCutter(options)
    told = 0

    for at in range(0, len(demo_samples), 16_000):
        told += len(cutter.push(stream.push(demo_samples[at : at + 16_000])))
        if at % 160_000 == 0:
            rest = utterances(silero, demo_samples, options, from_ms=cutter.cursor_ms)
            assert rest == whole[told:], f"from {cutter.cursor_ms} ms"


def test_memory_stays_flat_on_long_input(silero: SileroModel, demo_samples: Samples) -> None:
    stream = SpeechProbabilities(silero)
    cutter = UtteranceCutter(VadOptions())
    minute = demo_samples[: 60 * 16_000]

    def feed(minutes: int) -> int:
        for _ in range(minutes):
            cutter.push(stream.push(minute))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        early = feed(2)
        late = feed(12)
    finally:
        tracemalloc.stop()
    assert late - early < 200_000


SPEECH, SILENCE = 0.99, 0.01


def test_a_long_speech_is_divided_at_its_last_breath() -> None:
    options = VadOptions(max_utterance_ms=3_000)
    probabilities = [SPEECH] * 50 + [SILENCE] * 5 + [SPEECH] * 60 + [SILENCE] * 12
    cutter = UtteranceCutter(options)

    first, second = cutter.push(probabilities)

    assert first.speech == Span(0, 50 * CHUNK_MS)
    assert second.speech == Span(55 * CHUNK_MS, 115 * CHUNK_MS)
    assert first.audio.end_ms == second.audio.start_ms == 52 * CHUNK_MS + CHUNK_MS // 2


def test_a_long_speech_without_a_breath_is_divided_where_speech_is_least_likely() -> None:
    options = VadOptions(max_utterance_ms=3_000)
    probabilities = [SPEECH] * 70 + [0.6] + [SPEECH] * 60 + [SILENCE] * 12
    cutter = UtteranceCutter(options)

    found = cutter.push(probabilities)

    assert found[0].audio.end_ms == 70 * CHUNK_MS + CHUNK_MS // 2
    assert found[0].speech.end_ms == found[1].audio.start_ms
    assert all(one.audio.duration_ms <= 3_000 for one in found)


def test_a_click_is_no_utterance() -> None:
    cutter = UtteranceCutter(VadOptions())

    assert cutter.push([SILENCE] * 10 + [SPEECH] * 3 + [SILENCE] * 20) == []
    assert cutter.cursor_ms == 33 * CHUNK_MS - 80


def test_speech_that_the_end_cuts_off_is_still_told() -> None:
    cutter = UtteranceCutter(VadOptions())
    cutter.push([SILENCE] * 10 + [SPEECH] * 20)

    (last,) = cutter.finish(30 * CHUNK_MS - 5)

    assert last.speech == Span(10 * CHUNK_MS, 30 * CHUNK_MS - 5)
