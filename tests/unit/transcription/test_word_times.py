from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import Span
from app.domain.transcript import Word
from transcription.word_times import joined_words, spread_words


def a_word(text: str, start_ms: int, end_ms: int, probability: float = 0.9) -> Word:
    return Word(text, start_ms, end_ms, probability)


def test_a_clock_time_is_one_word() -> None:
    pieces = [
        a_word(" at", 0, 300),
        a_word(" 14", 300, 400, 0.97),
        a_word(":02.", 400, 900, 0.95),
    ]

    assert joined_words(pieces, language="en") == [
        a_word("at", 0, 300),
        a_word("14:02.", 300, 900, 0.95),
    ]


def test_languages_without_spaces_keep_their_words() -> None:
    pieces = [a_word("障", 0, 300), a_word("害", 300, 500)]

    assert joined_words(pieces, language="ja") == pieces


def test_words_that_alignment_left_no_room_share_their_neighbours() -> None:
    words = [
        a_word("roll", 1_000, 1_000),
        a_word("back", 1_000, 1_400),
        a_word("now", 1_400, 1_700),
    ]

    assert spread_words(words, Span(900, 2_000)) == [
        a_word("roll", 1_000, 1_200),
        a_word("back", 1_200, 1_400),
        a_word("now", 1_400, 1_700),
    ]


def test_words_beyond_the_speech_are_drawn_into_it() -> None:
    words = [a_word("hello", 0, 500), a_word("there", 500, 5_000)]

    assert spread_words(words, Span(100, 1_000)) == [
        a_word("hello", 100, 500),
        a_word("there", 500, 1_000),
    ]


times = st.integers(min_value=-500, max_value=6_000)
aligned = st.lists(st.builds(a_word, st.text("abc", min_size=1, max_size=9), times, times))


@given(aligned, st.integers(0, 2_000), st.integers(1, 3_000))
def test_words_are_always_in_order_inside_the_speech_and_have_length(
    words: list[Word], start_ms: int, length_ms: int
) -> None:
    speech = Span(start_ms, start_ms + length_ms)

    placed = spread_words(words, speech)

    assert [word.text for word in placed] == [word.text for word in words][: speech.duration_ms]
    at_ms = speech.start_ms
    for word in placed:
        assert at_ms <= word.start_ms < word.end_ms <= speech.end_ms
        at_ms = word.end_ms
