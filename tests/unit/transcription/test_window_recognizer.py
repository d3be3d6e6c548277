"""Several windows at once say what one utterance at a time says."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.domain.sessions import TrackLabel
from app.domain.times import Span
from tests.unit.transcription.conftest import samples_of_pcm
from transcription import spoken_language
from transcription.speech_windows import SpeechWindow, packed
from transcription.spoken_language import SpokenLanguage
from transcription.utterances import Utterance, UtteranceCutter
from transcription.vad import SileroModel, SpeechProbabilities, VadOptions
from transcription.whisper_recognizer import WhisperRecognizer
from transcription.window_recognizer import HeardWindow, WindowRecognizer

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel, RecognizedSegment
    from app.domain.transcript import Word

ALIGNMENT_STEP_MS = 20


@pytest.fixture
def one_by_one(demo_model: RecognitionModel) -> WhisperRecognizer:
    return WhisperRecognizer(demo_model)


def utterances_of(samples: np.ndarray) -> list[Utterance]:
    probabilities = SpeechProbabilities(SileroModel())
    cutter = UtteranceCutter(VadOptions(max_utterance_ms=12_000))
    found = cutter.push(probabilities.push(samples)) + cutter.push(probabilities.finish())
    return found + cutter.finish(len(samples) // 16)


def heard(samples: np.ndarray, window: SpeechWindow) -> HeardWindow:
    parts = tuple(
        samples[one.audio.start_ms * 16 : one.audio.end_ms * 16] for one in window.utterances
    )
    return HeardWindow(window, parts)


def words_of(segments: list[RecognizedSegment]) -> list[Word]:
    return [word for segment in segments for word in segment.words]


@pytest.mark.parametrize("label", list(TrackLabel))
def test_a_batch_changes_no_word_time_or_mark_of_the_demonstration(
    one_by_one: WhisperRecognizer, demo_pcm: dict[TrackLabel, bytes], label: TrackLabel
) -> None:
    samples = samples_of_pcm(demo_pcm[label])
    windows = [heard(samples, window) for window in packed(utterances_of(samples), most_ms=0)]

    together = WindowRecognizer(one_by_one).recognize(windows)

    alone = [
        segment
        for one in windows
        for segment in one_by_one.recognize(one.samples, one.window.utterances[0])
    ]
    assert len(alone) > 10
    assert [(s.span, s.text, s.flag) for s in together] == [
        (s.span, s.text, s.flag) for s in alone
    ]
    for one, other in zip(words_of(together), words_of(alone), strict=True):
        assert one.text == other.text
        # Sums of many numbers depend a little on how they are grouped.
        assert one.start_ms == pytest.approx(other.start_ms, abs=ALIGNMENT_STEP_MS)
        assert one.end_ms == pytest.approx(other.end_ms, abs=ALIGNMENT_STEP_MS)
        assert one.probability == pytest.approx(other.probability, abs=0.005)


def test_a_window_that_comes_out_poorly_is_done_as_it_would_be_alone(
    one_by_one: WhisperRecognizer, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    noise = np.random.default_rng(8).normal(0, 0.3, 16_000 * 2).astype(np.float32)
    silence = np.random.default_rng(3).normal(0, 0.01, 16_000 * 3).astype(np.float32)
    speech = samples_of_pcm(demo_pcm[TrackLabel.ROOM][904 * 32 : 3_864 * 32])
    audio = np.concatenate([noise, speech, silence])
    spans = [Span(0, 2_000), Span(2_000, 4_960), Span(4_960, 7_960)]
    windows = [heard(audio, SpeechWindow((Utterance(span, span),))) for span in spans]

    together = WindowRecognizer(one_by_one).recognize(windows)

    alone = [one_by_one.recognize(one.samples, one.window.utterances[0]) for one in windows]
    assert [segment.span for segment in together][1] == spans[1]
    assert together == [segment for segments in alone for segment in segments]


def test_utterances_that_share_a_window_keep_their_own_words_in_their_own_time(
    one_by_one: WhisperRecognizer, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    samples = samples_of_pcm(demo_pcm[TrackLabel.ROOM])[: 16_000 * 31]
    utterances = utterances_of(samples)
    windows = packed(utterances, most_ms=6_000)
    assert max(len(window.utterances) for window in windows) > 1

    segments = WindowRecognizer(one_by_one).recognize([heard(samples, one) for one in windows])

    assert [segment.span for segment in segments] == [one.speech for one in utterances]
    assert segments[0].text == "This is Priya, I am the incident commander."
    assert segments[1].text == "We are declaring a SEV1."
    for segment in segments:
        assert " ".join(word.text for word in segment.words) == segment.text
        assert segment.words[0].start_ms >= segment.span.start_ms
        assert segment.words[-1].end_ms <= segment.span.end_ms
        assert all(one.end_ms <= other.start_ms for one, other in pairwise(segment.words))


def test_a_language_nobody_set_is_english_where_the_model_knows_no_other(
    demo_model: RecognitionModel,
    demo_pcm: dict[TrackLabel, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spoken_language, "SETTLED_MS", 5_000)
    told: list[tuple[str, bool]] = []
    language = SpokenLanguage(None, lambda *heard: told.append(heard))
    recognizer = WhisperRecognizer(replace(demo_model, language=None), language)
    span = Span(904, 3_864)
    samples = samples_of_pcm(demo_pcm[TrackLabel.ROOM])
    window = heard(samples, SpeechWindow((Utterance(span, span),)))

    (segment, _) = WindowRecognizer(recognizer).recognize([window, window])

    assert segment.text == "This is Priya, I am the incident commander."
    assert told == [("en", False), ("en", True)]
    assert language.code == "en"
