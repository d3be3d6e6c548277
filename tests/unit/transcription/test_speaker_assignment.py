from __future__ import annotations

from dataclasses import replace

from app.domain.engine_types import SpeakerTurn
from app.domain.glossary import Glossary, Term
from app.domain.ids import SegmentId, SessionId, TrackId
from app.domain.speaker_assignment import LabelledSegment, label_segments
from app.domain.spelling import SpellingMap
from app.domain.times import Span
from app.domain.transcript import RecognitionPass, Segment, Word

ROOM = TrackId("trk-room")
BRIDGE = TrackId("trk-bridge")


def a_turn(label: str, start_ms: int, end_ms: int, track_id: TrackId = ROOM) -> SpeakerTurn:
    return SpeakerTurn(track_id, Span(start_ms, end_ms), label)


def a_segment(*words: tuple[str, int, int], text: str | None = None) -> Segment:
    said = " ".join(word[0] for word in words)
    return Segment(
        id=SegmentId("seg-1"),
        session_id=SessionId("ses-1"),
        track_id=ROOM,
        start_ms=words[0][1] if words else 0,
        end_ms=words[-1][2] if words else 1_000,
        text=said if text is None else text,
        original_text=said,
        made_in=RecognitionPass.FINAL,
        words=tuple(Word(*word, probability=0.9) for word in words),
    )


def told(labelled: list[LabelledSegment]) -> list[tuple[str | None, str]]:
    return [(one.label, one.segment.text) for one in labelled]


def test_a_segment_belongs_to_the_voice_that_says_its_words() -> None:
    segment = a_segment(("rolling", 0, 400), ("back", 400, 800))

    assert told(label_segments([segment], [a_turn("A", 0, 900), a_turn("B", 900, 2_000)])) == [
        ("A", "rolling back")
    ]


def test_a_segment_is_divided_where_the_voice_changes() -> None:
    segment = a_segment(
        ("roll", 0, 400), ("back?", 400, 900), ("yes,", 1_000, 1_400), ("now", 1_400, 1_900)
    )

    labelled = label_segments([segment], [a_turn("A", 0, 950), a_turn("B", 950, 2_000)])

    assert told(labelled) == [("A", "roll back?"), ("B", "yes, now")]
    first, second = (one.segment for one in labelled)
    assert first.id == segment.id
    assert second.id != segment.id
    assert (first.span, second.span) == (Span(0, 900), Span(1_000, 1_900))
    assert first.words + second.words == segment.words
    assert not second.edited


def test_each_part_keeps_what_was_heard_for_the_glossarys_spellings() -> None:
    segment = a_segment(("dns", 0, 400), ("fails?", 400, 900), ("yes,", 1_000, 1_900))
    spelled = SpellingMap.of(Glossary((Term("DNS", heard_as=("dns",)),))).respelled(segment)

    labelled = label_segments([spelled], [a_turn("A", 0, 950), a_turn("B", 950, 2_000)])

    first = labelled[0].segment
    assert (first.text, first.original_text) == ("DNS fails?", "dns fails?")
    assert not first.edited


def test_a_near_tie_keeps_the_voice_before() -> None:
    segment = a_segment(("one", 0, 500), ("two", 500, 1_500), ("three", 1_500, 2_500))
    turns = [a_turn("A", 0, 980), a_turn("B", 980, 1_500), a_turn("A", 1_500, 2_500)]

    assert told(label_segments([segment], turns)) == [("A", "one two three")]


def test_a_clear_lead_takes_the_word_over() -> None:
    segment = a_segment(("one", 0, 600), ("two", 600, 1_600), ("three", 1_600, 2_500))
    turns = [a_turn("A", 0, 800), a_turn("B", 800, 2_500)]

    assert told(label_segments([segment], turns)) == [("A", "one"), ("B", "two three")]


def test_a_short_word_of_another_voice_is_no_change() -> None:
    segment = a_segment(("we", 0, 400), ("uh", 400, 600), ("wait", 600, 1_200))
    turns = [a_turn("A", 0, 400), a_turn("B", 400, 600), a_turn("A", 600, 1_200)]

    assert told(label_segments([segment], turns)) == [("A", "we uh wait")]


def test_words_just_outside_a_turn_belong_to_it_and_far_ones_to_nobody() -> None:
    near = a_segment(("hello", 1_200, 1_500))
    far = a_segment(("hello", 5_000, 5_400))

    assert told(label_segments([near, far], [a_turn("A", 0, 1_000)])) == [
        ("A", "hello"),
        (None, "hello"),
    ]


def test_an_edited_segment_is_labelled_whole() -> None:
    segment = a_segment(
        ("a", 0, 500),
        ("b", 500, 900),
        ("c", 1_000, 1_500),
        ("d", 1_500, 2_500),
        text="other words",
    )
    turns = [a_turn("A", 0, 950), a_turn("B", 950, 2_600)]

    (labelled,) = label_segments([segment], turns)

    assert labelled == LabelledSegment(segment, "B")


def test_turns_of_another_track_say_nothing() -> None:
    segment = a_segment(("hello", 0, 500))

    assert told(label_segments([segment], [a_turn("A", 0, 1_000, BRIDGE)])) == [(None, "hello")]


def test_a_segment_without_words_is_labelled_by_its_span() -> None:
    assert told(label_segments([a_segment()], [a_turn("A", 0, 300), a_turn("B", 300, 900)])) == [
        ("B", "")
    ]


def test_a_segment_whose_voice_a_person_chose_stays_whole_and_gets_no_label() -> None:
    chosen = replace(a_segment(("roll", 0, 700), ("back", 700, 1_400)), speaker_by_person=True)

    labelled = label_segments([chosen], [a_turn("A", 0, 700), a_turn("B", 700, 1_400)])

    assert labelled == [LabelledSegment(chosen, None)]
