"""What a model is told to expect, in tokens of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.engine_types import RecognitionModel
from app.resources import resources_dir
from transcription.hotwords import BUDGET, hotwords_within
from transcription.model_files import ModelFolder
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from pathlib import Path


def letters(text: str) -> int:
    return len(text)


def test_as_many_as_fit_are_told_in_their_order_and_a_long_one_is_passed_over() -> None:
    assert hotwords_within(["abc", "much too long", "de", "f"], letters, budget=8) == "abc, de"
    assert hotwords_within(["abc", "de", "f"], letters, budget=10) == "abc, de, f"


def test_where_none_fits_nothing_is_told() -> None:
    assert hotwords_within([], letters) is None
    assert hotwords_within(["a" * (BUDGET + 1)], letters) is None


def test_the_demonstration_models_card_lets_it_be_told_no_words(tmp_path: Path) -> None:
    model = ModelFolder(tmp_path, resources_dir() / "models").recognition_model()
    assert not model.takes_hotwords
    with pytest.raises(ValueError, match="was not made to be told words"):
        replace(model, hotwords=("checkout-api",))


def test_a_model_that_says_nothing_of_it_is_told_words(tmp_path: Path) -> None:
    assert RecognitionModel("small", tmp_path, hotwords=("checkout-api",)).takes_hotwords


def test_the_words_are_counted_by_the_models_own_tokenizer(demo_model: RecognitionModel) -> None:
    spellings = tuple(f"payments-worker-{number}" for number in range(60))
    model = replace(demo_model, takes_hotwords=True, hotwords=spellings)

    recognizer = WhisperRecognizer(model)

    told = recognizer.hotwords or ""
    tokenizer = recognizer.whisper.hf_tokenizer
    tokens = len(tokenizer.encode(f" {told}", add_special_tokens=False).ids)
    assert BUDGET - 20 < tokens <= BUDGET
    assert told.split(", ") == list(spellings[: told.count(",") + 1])
