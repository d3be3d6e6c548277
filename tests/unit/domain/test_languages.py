from __future__ import annotations

import pytest

from app.domain.english_only import english_only_note
from app.domain.languages import (
    LANGUAGES,
    detected_sentence,
    language_code,
    language_name,
    refuse_language,
)
from app.domain.recognitions import Recognition, RecognitionPass, with_recognition
from tests.builders import a_record, a_session

LIVE, FINAL = RecognitionPass.LIVE, RecognitionPass.FINAL


def test_the_languages_are_those_that_the_library_knows() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    assert set(LANGUAGES) == set(_LANGUAGE_CODES)


@pytest.mark.parametrize(
    ("told", "code"),
    [("de", "de"), ("German", "de"), ("haitian creole", "ht"), ("klingon", None), ("", None)],
)
def test_a_servers_word_for_a_language_is_understood(told: str, code: str | None) -> None:
    assert language_code(told) == code


def test_a_code_nobody_knows_is_shown_as_it_is() -> None:
    assert (language_name("de"), language_name("tlh")) == ("German", "tlh")


def test_a_code_that_is_none_is_refused_and_none_is_allowed() -> None:
    refuse_language("")
    with pytest.raises(ValueError, match="en, de or fr"):
        refuse_language("german")


def test_what_is_detected_is_told_with_what_knows_english_only() -> None:
    assert detected_sentence("en", settled=True) == "The spoken language is English."
    assert detected_sentence("de", settled=False).startswith("It sounds like German so far. Check")


def test_checks_say_when_another_language_is_spoken() -> None:
    german = a_session(recognised=(Recognition(LIVE, "m", "en"), Recognition(FINAL, "m", "de")))

    assert english_only_note(a_record(sessions=(german,))).startswith("Spoken: German. ")
    for quiet in ((), (Recognition(FINAL, "m", "en"),), (Recognition(FINAL, "m"),)):
        assert english_only_note(a_record(sessions=(a_session(recognised=quiet),))) == ""


def test_a_pass_that_is_made_again_is_on_record_once() -> None:
    small = Recognition(FINAL, "small", "de")

    assert with_recognition([Recognition(FINAL, "base"), Recognition(LIVE, "tiny")], small) == (
        Recognition(LIVE, "tiny"),
        small,
    )
