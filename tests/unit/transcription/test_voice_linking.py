from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transcription.voice_linking import VoiceCentre, link_voices

MINUTE = 60_000


def centre(*embedding: float, heard_ms: int = MINUTE) -> VoiceCentre:
    return VoiceCentre(np.array(embedding, dtype=np.float32), heard_ms)


def test_a_voice_is_found_again_in_the_next_stretch_under_another_label() -> None:
    first = {"A": centre(1, 0), "B": centre(0, 1)}
    second = {"A": centre(0.1, 3), "B": centre(2, 0.1)}

    assert link_voices([first, second], alike_from=0.7) == {
        (0, "A"): (0, "A"),
        (0, "B"): (0, "B"),
        (1, "A"): (0, "B"),
        (1, "B"): (0, "A"),
    }


def test_a_voice_that_is_like_no_other_is_a_new_one() -> None:
    linked = link_voices([{"A": centre(1, 0)}, {"A": centre(1, 1.2)}], alike_from=0.7)

    assert linked[1, "A"] == (1, "A")


def test_two_voices_of_one_stretch_stay_two_however_alike_they_are() -> None:
    linked = link_voices(
        [{"A": centre(1, 0)}, {"A": centre(1, 0), "B": centre(1, 0.01)}], alike_from=0.7
    )

    assert linked[1, "A"] == (0, "A")
    assert linked[1, "B"] == (1, "B")


def test_the_voice_most_alike_is_taken_though_another_comes_first() -> None:
    linked = link_voices(
        [{"A": centre(1, 0)}, {"A": centre(1, 0.5), "B": centre(1, 0.1)}], alike_from=0.7
    )

    assert linked == {(0, "A"): (0, "A"), (1, "B"): (0, "A"), (1, "A"): (1, "A")}


def test_more_voices_than_there_are_people_are_joined_by_likeness() -> None:
    stretches = [{"A": centre(1, 0)}, {"A": centre(1, 1.2)}, {"A": centre(0, 1)}]

    linked = link_voices(stretches, alike_from=0.9, most=2)

    assert len(set(linked.values())) == 2
    assert linked[2, "A"] == linked[1, "A"] == (1, "A")


def test_a_long_voice_is_not_drawn_away_by_a_short_one() -> None:
    stretches = [
        {"A": centre(1, 0, heard_ms=60 * MINUTE)},
        {"A": centre(1, 0.9, heard_ms=1_000)},
        {"A": centre(1, 0)},
    ]

    linked = link_voices(stretches, alike_from=0.7)

    assert set(linked.values()) == {(0, "A")}


def test_a_voice_without_an_embedding_is_found_nowhere() -> None:
    stretches = [{"A": centre(0, 0)}, {"A": centre(0, 0)}, {"A": centre(np.nan, 1)}]

    linked = link_voices(stretches, alike_from=0.0, most=1)

    assert len(set(linked.values())) == 3


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from("ABCD"),
            st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.integers(1, MINUTE)),
            max_size=4,
        ),
        max_size=5,
    ),
    st.one_of(st.none(), st.integers(1, 4)),
)
def test_every_voice_is_told_once_and_those_of_a_stretch_stay_apart(
    drawn: list[dict[str, tuple[float, float, int]]], most: int | None
) -> None:
    stretches = [
        {label: centre(x, y, heard_ms=ms) for label, (x, y, ms) in voices.items()}
        for voices in drawn
    ]

    linked = link_voices(stretches, alike_from=0.5, most=most)

    assert set(linked) == {(n, label) for n, voices in enumerate(drawn) for label in voices}
    for number, voices in enumerate(drawn):
        assert len({linked[number, label] for label in voices}) == len(voices)
