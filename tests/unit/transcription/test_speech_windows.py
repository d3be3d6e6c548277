from __future__ import annotations

from app.domain.times import Span
from app.domain.transcript import Word
from transcription.speech_windows import packed
from transcription.utterances import Utterance


def said(start_ms: int, end_ms: int) -> Utterance:
    return Utterance(Span(start_ms + 100, end_ms - 100), Span(start_ms, end_ms))


def test_as_many_utterances_share_a_window_as_fit_into_it() -> None:
    spoken = [said(0, 9_000), said(20_000, 29_000), said(40_000, 53_000), said(60_000, 99_000)]

    windows = packed(spoken, most_ms=30_000)

    assert [len(window.utterances) for window in windows] == [2, 1, 1]
    assert [window.duration_ms for window in windows] == [18_000, 13_000, 39_000]
    assert [window.end_ms for window in windows] == [29_000, 53_000, 99_000]


def test_a_model_that_hears_one_utterance_at_a_time_gets_one() -> None:
    windows = packed([said(0, 1_000), said(2_000, 3_000)], most_ms=0)

    assert [window.utterances for window in windows] == [
        (said(0, 1_000),),
        (said(2_000, 3_000),),
    ]


def test_packing_goes_on_after_a_window_as_if_it_had_begun_there() -> None:
    spoken = [said(start, start + 700 + start % 11_000) for start in range(0, 600_000, 13_000)]
    windows = packed(spoken, most_ms=30_000)

    done = windows[:3]
    rest = [one for one in spoken if one.audio.start_ms >= done[-1].end_ms]

    assert packed(rest, most_ms=30_000) == windows[3:]


def test_words_go_to_the_utterance_in_which_their_middle_lies_in_their_order() -> None:
    (window,) = packed([said(5_000, 7_000), said(60_000, 63_000)], most_ms=30_000)
    words = [
        Word(" Roll", 100, 900, 0.9),
        Word(" back.", 900, 2_050, 0.9),
        Word(" Done", 1_980, 2_600, 0.9),
        Word(" now.", 1_900, 1_950, 0.9),  # the model's times may go back; its words do not
    ]

    first, second = window.divided(words)

    assert [(word.text, word.start_ms, word.end_ms) for word in first] == [
        (" Roll", 5_100, 5_900),
        (" back.", 5_900, 7_050),
    ]
    assert [(word.text, word.start_ms) for word in second] == [
        (" Done", 59_980),
        (" now.", 59_900),
    ]
