"""The team's spellings in the place of what was heard, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.glossary import Glossary, Term, TermKind
from app.domain.spelling import SpellingMap, as_heard
from app.domain.transcript import Segment, Word, heard_text_of, text_of
from tests.builders import a_segment

TERMS = Glossary(
    (
        Term("checkout", TermKind.SERVICE, ("check out",)),
        Term("checkout-api", TermKind.SERVICE, ("check out api", "check out a p i")),
        Term("DNS", TermKind.ACRONYM, ("dns", "d n s")),
    )
)
SPELLINGS = SpellingMap.of(TERMS)


def said(text: str) -> Segment:
    words = tuple(
        Word(word, 1_000 + n * 200, 1_150 + n * 200, 0.9 - n / 100)
        for n, word in enumerate(text.split())
    )
    return a_segment(text, 1_000, 9_000, words=words)


@pytest.mark.parametrize(
    ("heard", "spelled"),
    [
        ("the check out api is down", "the checkout-api is down"),
        ("Check out API, please.", "checkout-api, please."),
        ("check-out api", "checkout-api"),
        ("is it the check out api's queue?", "is it the checkout-api's queue?"),
        ("I check out now", "I checkout now"),
        ("check out a p i", "checkout-api"),
        ("dns and Dns", "DNS and DNS"),
        ("DNS", "DNS"),
        ("check outs api", "check outs api"),
        ("checks out api", "checks out api"),
        ("check, out api", "check, out api"),
        ("check (out api", "check (out api"),
        ("“check out” api", "“checkout” api"),
        ("check", "check"),
    ],
)
def test_a_spelling_takes_the_place_of_whole_words_the_longest_first(
    heard: str, spelled: str
) -> None:
    segment = SPELLINGS.respelled(said(heard))
    assert (segment.text, text_of(segment.words)) == (spelled, spelled)
    assert segment.original_text == heard_text_of(segment.words) == heard
    assert not segment.edited


def test_a_replacement_keeps_what_was_heard_and_is_as_sure_as_the_least_of_it() -> None:
    before = said("the check out api fails")
    _the, word, _fails = SPELLINGS.respelled(before).words
    assert [(h.text, h.start_ms, h.end_ms, h.probability) for h in word.heard] == [
        (w.text, w.start_ms, w.end_ms, w.probability) for w in before.words[1:4]
    ]
    assert (word.start_ms, word.end_ms) == (before.words[1].start_ms, before.words[3].end_ms)
    assert word.probability == before.words[3].probability


def test_what_a_person_wrote_is_not_spelled_by_a_machine() -> None:
    corrected = replace(said("we check in"), text="we check out api")
    assert SPELLINGS.respelled(corrected) is corrected


def test_one_replacement_is_taken_back_and_the_others_stay() -> None:
    segment = SPELLINGS.respelled(said("dns of the check out api"))
    back = as_heard(segment, {3})
    assert back.text == "DNS of the check out api"
    assert back.words[3:] == said("dns of the check out api").words[3:]
    assert as_heard(segment, {1}).text == segment.text


def test_a_corrected_line_is_left_to_the_person() -> None:
    corrected = replace(SPELLINGS.respelled(said("check out api")), text="the cart fails")
    assert corrected.edited
    assert as_heard(corrected) is corrected


WORDS = st.lists(
    st.sampled_from(
        ["check", "out", "api", "a", "p", "i", "dns", "Check", "out,", "“check", "API.", "is"]
    ),
    max_size=12,
)


@given(WORDS)
def test_taking_all_back_gives_exactly_what_was_recognised(words: list[str]) -> None:
    segment = said(" ".join(words))
    spelled = SPELLINGS.respelled(segment)
    assert as_heard(spelled) == segment
    assert SPELLINGS.respelled(spelled) == spelled
