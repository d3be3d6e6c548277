from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.domain.engine_types import SpeakerTurn
from app.domain.glossary import Glossary, Term
from app.domain.ids import SegmentId, SessionId, TrackId
from app.domain.speaker_assignment import SHORTEST_PART_MS, LabelledSegment, labelled_parts
from app.domain.spelling import SpellingMap
from app.domain.times import Span
from app.domain.transcript import RecognitionPass, Segment, Word
from app.domain.voice_turns import VoiceTurns

ROOM = TrackId("trk-room")


def a_turn(label: str, start_ms: int, end_ms: int) -> SpeakerTurn:
    return SpeakerTurn(ROOM, Span(start_ms, end_ms), label)


def a_segment(*words: tuple[str, int, int], text: str | None = None) -> Segment:
    said = " ".join(word[0] for word in words)
    return Segment(
        id=SegmentId("seg-1"),
        session_id=SessionId("ses-1"),
        track_id=ROOM,
        start_ms=words[0][1] if words else 0,
        end_ms=max(words[-1][2], words[0][1] + 1) if words else 1_000,
        text=said if text is None else text,
        original_text=said,
        made_in=RecognitionPass.FINAL,
        words=tuple(Word(*word, probability=0.9) for word in words),
    )


def labelled(segment: Segment, turns: list[SpeakerTurn]) -> list[LabelledSegment]:
    return labelled_parts(segment, VoiceTurns(turns))


def told(parts: list[LabelledSegment]) -> list[tuple[str | None, str]]:
    return [(one.label, one.segment.text) for one in parts]


def test_a_segment_belongs_to_the_voice_that_says_its_words() -> None:
    segment = a_segment(("rolling", 0, 400), ("back", 400, 800))

    assert told(labelled(segment, [a_turn("A", 0, 900), a_turn("B", 900, 2_000)])) == [
        ("A", "rolling back")
    ]


def test_a_segment_is_divided_where_the_voice_changes() -> None:
    segment = a_segment(
        ("roll", 0, 400), ("back?", 400, 900), ("yes,", 1_000, 1_400), ("now", 1_400, 1_900)
    )

    parts = labelled(segment, [a_turn("A", 0, 950), a_turn("B", 950, 2_000)])

    assert told(parts) == [("A", "roll back?"), ("B", "yes, now")]
    first, second = (one.segment for one in parts)
    assert first.id == segment.id
    assert second.id != segment.id
    assert (first.span, second.span) == (Span(0, 900), Span(1_000, 1_900))
    assert first.words + second.words == segment.words
    assert not second.edited


def test_each_part_keeps_what_was_heard_for_the_glossarys_spellings() -> None:
    segment = a_segment(("dns", 0, 400), ("fails?", 400, 900), ("yes,", 1_000, 1_900))
    spelled = SpellingMap.of(Glossary((Term("DNS", heard_as=("dns",)),))).respelled(segment)

    parts = labelled(spelled, [a_turn("A", 0, 950), a_turn("B", 950, 2_000)])

    first = parts[0].segment
    assert (first.text, first.original_text) == ("DNS fails?", "dns fails?")
    assert not first.edited


def test_a_near_tie_keeps_the_voice_before() -> None:
    segment = a_segment(("one", 0, 500), ("two", 500, 1_500), ("three", 1_500, 2_500))
    turns = [a_turn("A", 0, 980), a_turn("B", 980, 1_500), a_turn("A", 1_500, 2_500)]

    assert told(labelled(segment, turns)) == [("A", "one two three")]


def test_a_clear_lead_takes_the_word_over() -> None:
    segment = a_segment(("one", 0, 600), ("two", 600, 1_600), ("three", 1_600, 2_500))
    turns = [a_turn("A", 0, 800), a_turn("B", 800, 2_500)]

    assert told(labelled(segment, turns)) == [("A", "one"), ("B", "two three")]


def test_a_short_word_of_another_voice_is_no_change() -> None:
    segment = a_segment(("we", 0, 400), ("uh", 400, 600), ("wait", 600, 1_200))
    turns = [a_turn("A", 0, 400), a_turn("B", 400, 600), a_turn("A", 600, 1_200)]

    assert told(labelled(segment, turns)) == [("A", "we uh wait")]


def test_words_just_outside_a_turn_belong_to_it_and_far_ones_to_nobody() -> None:
    turns = [a_turn("A", 0, 1_000)]

    assert told(labelled(a_segment(("hello", 1_200, 1_500)), turns)) == [("A", "hello")]
    assert told(labelled(a_segment(("hello", 5_000, 5_400)), turns)) == [(None, "hello")]


def test_an_edited_segment_is_labelled_whole() -> None:
    segment = a_segment(
        ("a", 0, 500),
        ("b", 500, 900),
        ("c", 1_000, 1_500),
        ("d", 1_500, 2_500),
        text="other words",
    )
    turns = [a_turn("A", 0, 950), a_turn("B", 950, 2_600)]

    (whole,) = labelled(segment, turns)

    assert whole == LabelledSegment(segment, "B")


def test_a_segment_without_words_is_labelled_by_its_span() -> None:
    assert told(labelled(a_segment(), [a_turn("A", 0, 300), a_turn("B", 300, 900)])) == [("B", "")]


@st.composite
def talk(draw: st.DrawFn) -> tuple[Segment, list[SpeakerTurn]]:
    """Words in order, some of no length, and exclusive turns over them and beside them."""
    times = sorted(draw(st.lists(st.integers(0, 8_000), min_size=2, max_size=24)))
    words = [(f"w{n}", *pair) for n, pair in enumerate(zip(times[::2], times[1::2], strict=False))]
    edges = sorted(draw(st.sets(st.integers(0, 9_000), min_size=2, max_size=10)))
    labels = draw(st.lists(st.sampled_from("ABC"), min_size=len(edges), max_size=len(edges)))
    turns = [
        a_turn(label, *pair)
        for label, pair in zip(labels, itertools.pairwise(edges), strict=False)
        if draw(st.booleans())
    ]
    return a_segment(*words), turns


@given(talk())
def test_no_word_is_lost_doubled_or_moved_when_a_segment_is_divided(
    drawn: tuple[Segment, list[SpeakerTurn]],
) -> None:
    segment, turns = drawn

    parts = [one.segment for one in labelled(segment, turns)]

    assert [word for part in parts for word in part.words] == list(segment.words)
    assert " ".join(part.text for part in parts) == segment.text
    assert (parts[0].id, parts[0].start_ms) == (segment.id, segment.start_ms)
    assert parts[-1].end_ms >= segment.end_ms
    assert len({part.id for part in parts}) == len(parts)


@given(talk())
def test_neighbours_are_of_different_voices_and_every_voice_was_heard(
    drawn: tuple[Segment, list[SpeakerTurn]],
) -> None:
    segment, turns = drawn

    labels = [one.label for one in labelled(segment, turns)]

    assert all(before != after for before, after in itertools.pairwise(labels))
    assert set(labels) <= {turn.label for turn in turns} | {None}
    assert None not in labels[1:], "what nobody says goes with the words around it"


@given(talk())
def test_where_voices_change_a_long_word_is_whose_turn_it_lies_in(
    drawn: tuple[Segment, list[SpeakerTurn]],
) -> None:
    segment, turns = drawn
    parts = labelled(segment, turns)

    for part in parts if len(parts) > 1 else ():
        for word in part.segment.words:
            for turn in turns:
                if (
                    word.end_ms - word.start_ms >= SHORTEST_PART_MS
                    and turn.span.start_ms <= word.start_ms
                    and word.end_ms <= turn.span.end_ms
                ):
                    assert part.label == turn.label
