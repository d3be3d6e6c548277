from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import MS_PER_MINUTE, Span
from transcription.track_parts import PART_MS, STRETCHES, division_ms, next_part

HOUR_MS = 60 * MS_PER_MINUTE
PART = Span(HOUR_MS, 2 * HOUR_MS)  # divided within its last five minutes


def from_end(*seconds: tuple[float, float]) -> list[Span]:
    """Return turns that begin and end so many seconds before the part does."""
    end_ms = PART.end_ms
    return [Span(end_ms - round(a * 1_000), end_ms - round(b * 1_000)) for a, b in seconds]


@pytest.mark.parametrize(
    ("minutes", "parts"), [(1, 1), (60, 1), (75, 1), (76, 2), (180, 3), (480, 7)]
)
def test_a_track_is_heard_in_parts_of_about_an_hour(minutes: int, parts: int) -> None:
    at_ms, end_ms, heard = 0, minutes * MS_PER_MINUTE, 0
    while at_ms < end_ms:
        at_ms = next_part(at_ms, end_ms, PART_MS).end_ms
        heard += 1

    assert heard == parts


@given(st.integers(1, 20 * HOUR_MS), st.integers(1_000, 2 * HOUR_MS))
def test_no_part_is_much_longer_than_meant_nor_reaches_beyond_the_track(
    length_ms: int, part_ms: int
) -> None:
    part = next_part(0, length_ms, part_ms)

    assert part.start_ms == 0
    assert part.end_ms <= length_ms
    assert part.duration_ms <= part_ms * STRETCHES + 1


def test_a_part_ends_in_the_last_pause_just_before_the_turn_that_follows() -> None:
    turns = from_end((290, 200), (190, 100), (95, 94.5), (94.2, 0))

    assert division_ms(turns, PART) == PART.end_ms - 95_500


def test_where_nobody_pauses_long_a_part_ends_in_the_longest_pause() -> None:
    turns = from_end((400, 200), (199.2, 100), (99.9, 0))

    assert division_ms(turns, PART) == PART.end_ms - 199_600


def test_where_nobody_pauses_a_part_ends_where_the_voice_changes() -> None:
    assert division_ms(from_end((400, 120), (120, 0)), PART) == PART.end_ms - 120_000


def test_a_voice_that_goes_on_all_the_time_is_cut_at_the_end() -> None:
    assert division_ms(from_end((400, 0)), PART) == PART.end_ms


@pytest.mark.parametrize("turns", [[], from_end((3_000, 2_000)), from_end((900, 60))])
def test_silence_at_the_end_is_left_to_the_next_part_but_for_half_a_second(
    turns: list[Span],
) -> None:
    """Who begins to speak there is heard with what follows."""
    assert division_ms(turns, PART) == PART.end_ms - 500


@given(st.sets(st.integers(PART.start_ms, PART.end_ms), max_size=40), st.data())
def test_no_turn_is_cut_and_every_part_goes_on(edges: set[int], data: st.DataObject) -> None:
    bounds = sorted(edges)
    turns = [Span(*pair) for pair in itertools.pairwise(bounds) if data.draw(st.booleans())]

    at_ms = division_ms(turns, PART)

    assert PART.start_ms + PART.duration_ms // 2 < at_ms <= PART.end_ms
    cut = [turn for turn in turns if turn.start_ms < at_ms < turn.end_ms]
    assert not cut
