"""What a word and a segment say of themselves."""

from dataclasses import replace

import pytest

from app.domain.transcript import HeardWord, SegmentFlag, Word, least_probability
from app.domain.word_marks import doubted_text, marked_text
from tests.builders import a_segment, a_spelled_segment, doubted


@pytest.mark.parametrize(
    ("text", "probability", "is_unsure"),
    [
        ("rollback", 0.49, True),
        ("rollback", 0.5, False),
        ("12:10.", 0.79, True),
        ("12:10.", 0.8, False),
        ("v4.22.0", 0.73, True),
        ("12:10.", None, False),
    ],
)
def test_more_is_asked_of_a_figure_than_of_a_word(
    text: str,
    probability: float | None,
    is_unsure: bool,  # noqa: FBT001  pytest's parameter
) -> None:
    assert Word(text, 0, 400, probability).is_unsure is is_unsure


def test_a_figure_that_the_glossary_spelled_away_is_one_still() -> None:
    word = Word("checkout-two", 0, 400, 0.7, (HeardWord("checkout2", 0, 400, 0.7),))
    assert word.is_unsure


def test_a_spelling_of_the_glossary_is_no_edit_and_a_persons_words_are_one() -> None:
    spelled = a_spelled_segment()
    assert spelled.respelled
    assert not spelled.edited
    assert replace(spelled, text="the cart is down").edited
    assert replace(spelled, text=spelled.original_text).edited


def test_a_line_that_a_person_has_rewritten_has_no_unsure_words_left() -> None:
    segment = doubted(a_segment("we saw 12 errors"), {"12": 0.4, "saw": 0.3})
    assert segment.unsure_words == 2
    assert replace(segment, text="We saw 20 errors.").unsure_words == 0


def test_in_a_terminal_marks_stand_behind_the_words_and_none_behind_a_persons() -> None:
    segment = doubted(a_spelled_segment("check out api lost 12 orders"), {"12": 0.4})
    marked = "checkout-api [heard: check out api] lost 12 [?] orders"
    assert marked_text(segment) == marked
    assert marked_text(replace(segment, text="It lost 20 orders.")) == "It lost 20 orders."
    assert marked_text(replace(segment, words=())) == segment.text


def test_words_of_which_no_probability_is_known_have_no_least_one() -> None:
    known, unknown = Word("a", 0, 1, 0.4), Word("b", 1, 2, None)
    assert least_probability([known, unknown]) == 0.4
    assert least_probability([unknown]) is None


@pytest.mark.parametrize("flag", SegmentFlag)
def test_a_doubtful_line_says_why_in_words(flag: SegmentFlag) -> None:
    told = doubted_text(a_segment("thank you", 0, 1_000, flag=flag))
    assert told.startswith("thank you  (doubtful: ")
    assert flag.value not in told


def test_a_line_without_a_flag_says_nothing_of_doubts() -> None:
    assert doubted_text(a_segment("we roll back", 0, 1_000)) == "we roll back"
