from app.domain.transcript import SegmentFlag
from transcription.doubts import Confidence, doubt, repeats_itself

SURE = Confidence(no_speech=0.01, log_probability=-0.1, compression=0.9)


def test_sure_words_are_not_flagged() -> None:
    assert doubt("We are declaring a SEV1.", SURE) is None


def test_words_over_silence_are_suspect() -> None:
    assert doubt("Thank you.", Confidence(0.8, -1.2, 0.6)) is SegmentFlag.SILENCE_SUSPECT


def test_a_silent_guess_that_the_model_is_sure_of_stays() -> None:
    assert doubt("Yes.", Confidence(0.8, -0.2, 0.6)) is None


def test_text_that_compresses_well_is_repeated() -> None:
    assert doubt("a b", Confidence(0.0, -0.2, 2.5)) is SegmentFlag.REPEATED


def test_unsure_words_have_low_confidence() -> None:
    assert doubt("Seleep.", Confidence(0.2, -1.3, 0.5)) is SegmentFlag.LOW_CONFIDENCE


def test_a_phrase_four_times_in_a_row_is_a_repetition() -> None:
    assert repeats_itself("roll back, roll back, roll back, roll back")
    assert repeats_itself("So no no No no.")


def test_a_phrase_three_times_is_what_people_say() -> None:
    assert not repeats_itself("no no no, roll back, roll back")
    assert not repeats_itself("the pool and the pool and the cache")
