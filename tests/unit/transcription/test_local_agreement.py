from __future__ import annotations

from app.domain.engine_types import PartialText
from app.domain.times import Span
from transcription.local_agreement import STEP_MS, LocalAgreement


def heard_until(end_ms: int, start_ms: int = 1_000) -> Span:
    return Span(start_ms, end_ms)


def told(agreement: LocalAgreement, *hypotheses: str) -> list[str | None]:
    partials = [
        agreement.take(heard_until(2_000 + STEP_MS * number), hypothesis)
        for number, hypothesis in enumerate(hypotheses)
    ]
    return [partial and partial.text for partial in partials]


def test_only_words_that_two_hypotheses_agree_on_are_told() -> None:
    agreement = LocalAgreement()

    assert agreement.take(heard_until(2_000), "We are the caring") is None
    assert agreement.take(heard_until(2_500), "We are declaring a") == PartialText(1_000, "We are")


def test_a_full_stop_at_the_cut_and_a_capital_are_no_disagreement() -> None:
    assert told(LocalAgreement(), "Roll.", "Roll back.", "roll back the pool") == [
        None,
        "Roll",
        "roll back",
    ]


def test_nothing_is_told_again_that_stands_already() -> None:
    assert told(LocalAgreement(), "We are", "We are", "We are") == [None, "We are", None]


def test_words_that_were_told_stay_when_the_next_hypothesis_stops_short() -> None:
    assert told(LocalAgreement(), "a b c", "a b c", "a", "a b c d", "a b c d") == [
        None,
        "a b c",
        None,
        None,
        "a b c d",
    ]


def test_words_that_were_told_give_way_when_two_hypotheses_agree_on_others() -> None:
    assert told(LocalAgreement(), "we role", "we role", "we roll back", "we roll back") == [
        None,
        "we role",
        None,
        "we roll back",
    ]


def test_another_utterance_is_compared_with_nothing_before_it() -> None:
    agreement = LocalAgreement()
    told(agreement, "We are", "We are")

    assert agreement.take(heard_until(9_000, start_ms=8_000), "We are") is None


def test_a_hypothesis_is_due_when_enough_is_new() -> None:
    agreement = LocalAgreement()
    assert not agreement.is_due(heard_until(1_000 + STEP_MS - 1))
    assert agreement.is_due(heard_until(1_000 + STEP_MS))

    agreement.take(heard_until(3_000), "We")

    assert not agreement.is_due(heard_until(3_000 + STEP_MS - 1))
    assert agreement.is_due(heard_until(3_000 + STEP_MS))
    assert agreement.is_due(heard_until(9_000 + STEP_MS, start_ms=9_000)), "another utterance"
