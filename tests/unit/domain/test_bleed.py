from app.domain.bleed import bled_segments
from app.domain.times import Span
from tests.builders import ROOM, a_segment


def test_an_utterance_that_the_loudspeakers_said_for_the_most_part_is_bleed() -> None:
    whole = a_segment("one", 1_000, 3_000, track_id=ROOM)
    mostly = a_segment("two", 4_000, 6_000, track_id=ROOM)
    partly = a_segment("three", 8_000, 10_000, track_id=ROOM)
    apart = a_segment("four", 20_000, 21_000, track_id=ROOM)
    heard = (Span(0, 2_000), Span(2_000, 5_600), Span(8_000, 9_500), Span(21_000, 22_000))

    assert bled_segments([whole, mostly, partly, apart], heard) == {whole.id, mostly.id}


def test_the_stretches_in_an_utterance_count_together() -> None:
    segment = a_segment("one", 1_000, 3_000, track_id=ROOM)
    apart = (Span(1_000, 1_900), Span(2_100, 3_000))

    assert bled_segments([segment], apart) == {segment.id}
    assert bled_segments([segment], apart[:1]) == frozenset()


def test_without_bleed_nothing_is_marked() -> None:
    assert bled_segments([a_segment()], ()) == frozenset()
    assert bled_segments([], (Span(0, 1),)) == frozenset()
