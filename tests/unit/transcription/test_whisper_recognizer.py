from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.domain.sessions import TrackLabel
from app.domain.times import Span
from app.domain.transcript import SegmentFlag
from transcription import spoken_language
from transcription.spoken_language import SpokenLanguage
from transcription.utterances import Utterance
from transcription.vad import samples_of
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel

OPENING = Utterance(Span(1_024, 3_744), Span(904, 3_864))


@pytest.fixture
def recognizer(demo_model: RecognitionModel) -> WhisperRecognizer:
    return WhisperRecognizer(demo_model)


def opening(demo_pcm: dict[TrackLabel, bytes]) -> np.ndarray:
    span = OPENING.audio
    return samples_of(demo_pcm[TrackLabel.ROOM][span.start_ms * 32 : span.end_ms * 32])


def test_aligning_words_invents_no_sentence(
    recognizer: WhisperRecognizer, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    (segment,) = recognizer.recognize(opening(demo_pcm), OPENING)

    assert segment.text == "This is Priya, I am the incident commander."
    assert segment.span == OPENING.speech
    assert [word.text for word in segment.words][:3] == ["This", "is", "Priya,"]


def test_words_found_in_silence_are_kept_and_flagged(recognizer: WhisperRecognizer) -> None:
    noise = np.random.default_rng(3).normal(0, 0.01, 16_000 * 3).astype(np.float32)
    utterance = Utterance(Span(100, 2_900), Span(0, 3_000))

    found = recognizer.recognize(noise, utterance)

    assert found, "what plain transcription drops is evidence"
    assert found[0].flag is SegmentFlag.SILENCE_SUSPECT


def test_the_same_audio_gives_the_same_text_however_unsure(
    recognizer: WhisperRecognizer,
) -> None:
    noise = np.random.default_rng(8).normal(0, 0.3, 16_000 * 2).astype(np.float32)
    utterance = Utterance(Span(0, 2_000), Span(0, 2_000))

    assert recognizer.recognize(noise, utterance) == recognizer.recognize(noise, utterance)


def test_the_language_is_heard_where_none_is_set_and_noise_does_not_count(
    demo_model: RecognitionModel,
    demo_pcm: dict[TrackLabel, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spoken_language, "SETTLED_MS", 5_000)
    told: list[tuple[str, bool]] = []
    language = SpokenLanguage(None, lambda *heard: told.append(heard))
    recognizer = WhisperRecognizer(replace(demo_model, language=None), language)
    noise = np.random.default_rng(3).normal(0, 0.01, 16_000 * 3).astype(np.float32)

    recognizer.recognize(noise, Utterance(Span(100, 2_900), Span(0, 3_000)))
    assert told == []
    for _ in range(2):  # 2.7 s each
        recognizer.recognize(opening(demo_pcm), OPENING)

    assert told == [("en", False), ("en", True)]
    assert language.code == "en"
