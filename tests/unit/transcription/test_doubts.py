from dataclasses import replace

import pytest

from app.domain.transcript import SegmentFlag
from transcription.doubts import Confidence, Sound, doubt, repeats_itself

SURE = Confidence(no_speech=0.01, log_probability=-0.1, compression=0.9)
A_VOICE = Sound(heard=0.9, duration_ms=3_000)


def test_sure_words_are_not_flagged() -> None:
    assert doubt("We are declaring a SEV1.", SURE, A_VOICE) is None


def test_words_over_silence_are_suspect() -> None:
    unsure = Confidence(0.8, -1.2, 0.6)
    assert doubt("Thank you.", unsure, A_VOICE) is SegmentFlag.SILENCE_SUSPECT


def test_a_silent_guess_that_the_model_is_sure_of_stays() -> None:
    assert doubt("Yes.", Confidence(0.8, -0.2, 0.6), A_VOICE) is None


def test_text_that_compresses_well_is_repeated() -> None:
    assert doubt("a b", Confidence(0.0, -0.2, 2.5), A_VOICE) is SegmentFlag.REPEATED


def test_unsure_words_have_low_confidence() -> None:
    assert doubt("Seleep.", Confidence(0.2, -1.3, 0.5), A_VOICE) is SegmentFlag.LOW_CONFIDENCE


@pytest.mark.parametrize(
    ("heard", "log_probability"), [(0.57, -0.52), (0.52, -0.41), (0.4, -0.1), (0.02, -0.05)]
)
def test_words_of_a_sound_that_is_hardly_a_voice_are_suspect(
    heard: float, log_probability: float
) -> None:
    """The first two are what a synthesiser made of chance notes, and the model of that."""
    confidence = replace(SURE, no_speech=0.0, log_probability=log_probability)
    found = doubt("I am back.", confidence, Sound(heard, 1_600))

    assert found is SegmentFlag.SILENCE_SUSPECT


def test_a_faint_voice_that_the_model_is_sure_of_stays() -> None:
    assert doubt("Yes, that is right.", SURE, Sound(heard=0.6, duration_ms=1_500)) is None


def test_an_unsure_model_alone_does_not_make_a_voice_suspect() -> None:
    unsure = replace(SURE, log_probability=-0.8)
    assert doubt("The queue is empty.", unsure, Sound(heard=0.67, duration_ms=1_500)) is None


def test_more_words_than_anybody_can_say_are_suspect() -> None:
    words = "Yes, that is right."
    assert doubt(words, SURE, Sound(0.9, duration_ms=499)) is SegmentFlag.SILENCE_SUSPECT
    assert doubt(words, SURE, Sound(0.9, duration_ms=500)) is None


def test_a_phrase_four_times_in_a_row_is_a_repetition() -> None:
    assert repeats_itself("roll back, roll back, roll back, roll back")
    assert repeats_itself("So no no No no.")


def test_a_phrase_three_times_is_what_people_say() -> None:
    assert not repeats_itself("no no no, roll back, roll back")
    assert not repeats_itself("the pool and the pool and the cache")
