"""What recognition writes, again and again, beside what people write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError
from app.domain.recognitions import Recognition
from app.domain.record import Change
from app.domain.transcript import RecognitionPass, Segment
from tests.builders import (
    BRIDGE,
    INCIDENT,
    SESSION,
    a_segment,
    a_speaker,
    a_spelled_segment,
    an_entry,
)
from tests.unit.storage.keeping import keep

if TYPE_CHECKING:
    from app.domain.ids import SpeakerId
    from app.storage.record_store import SqlRecordStore

LIVE, FINAL = RecognitionPass.LIVE, RecognitionPass.FINAL


def test_a_final_pass_replaces_what_only_the_glossary_has_changed(store: SqlRecordStore) -> None:
    live = a_spelled_segment(made_in=LIVE, start_ms=0, end_ms=2_000)
    final = a_spelled_segment(made_in=FINAL, start_ms=0, end_ms=2_000)
    store.add_segments(BRIDGE, [live], made_in=LIVE, cursor_ms=2_000)
    assert store.record(INCIDENT).segments == (live,)

    store.restart_pass(BRIDGE, FINAL)
    store.add_segments(BRIDGE, [final], made_in=FINAL, cursor_ms=2_000)
    store.finish_pass(BRIDGE, FINAL)

    assert store.record(INCIDENT).segments == (final,)


def test_words_that_stand_while_they_are_made_anew_are_known_to_reach_as_far(
    store: SqlRecordStore,
) -> None:
    store.add_segments(BRIDGE, [a_segment()], made_in=LIVE, cursor_ms=60_000)
    store.add_segments(BRIDGE, [], made_in=FINAL, cursor_ms=80_000)

    store.restart_pass(BRIDGE, FINAL)
    assert (store.cursor_ms(BRIDGE, LIVE), store.cursor_ms(BRIDGE, FINAL)) == (80_000, 0)

    store.add_segments(BRIDGE, [], made_in=FINAL, cursor_ms=80_000)
    store.restart_pass(BRIDGE, LIVE)
    assert (store.cursor_ms(BRIDGE, LIVE), store.cursor_ms(BRIDGE, FINAL)) == (0, 0)


def test_segments_and_the_cursor_are_stored_together(store: SqlRecordStore) -> None:
    twice = a_segment()
    store.add_segments(BRIDGE, [twice], made_in=LIVE, cursor_ms=80_000)

    with pytest.raises(InvalidRecordError):
        store.add_segments(BRIDGE, [twice], made_in=LIVE, cursor_ms=90_000)

    assert store.cursor_ms(BRIDGE, LIVE) == 80_000
    assert store.cursor_ms(BRIDGE, FINAL) == 0
    assert store.record(INCIDENT).segments == (twice,)


def test_a_final_pass_replaces_live_words_but_not_a_persons(store: SqlRecordStore) -> None:
    live = a_segment("the roll back started", made_in=LIVE, start_ms=0, end_ms=2_000)
    read = a_segment("and then", made_in=LIVE, start_ms=3_000, end_ms=5_000)
    corrected = a_segment(
        "And then it worked.",
        3_000,
        5_000,
        id=read.id,
        made_in=LIVE,
        original_text="and then",
        words=read.words,
    )
    better = a_segment("The rollback started.", start_ms=0, end_ms=2_000)
    over_corrected = a_segment("And then", start_ms=3_100, end_ms=4_900)
    store.add_segments(BRIDGE, [live, read], made_in=LIVE, cursor_ms=5_000)
    store.commit(INCIDENT, [Change(read, corrected)], by="Marcus", label="correct")

    store.restart_pass(BRIDGE, FINAL)
    store.add_segments(BRIDGE, [better, over_corrected], made_in=FINAL, cursor_ms=5_000)
    store.finish_pass(BRIDGE, FINAL)

    assert store.record(INCIDENT).segments == (better, corrected)


def test_a_final_pass_that_is_broken_off_leaves_each_stretch_its_words_once(
    store: SqlRecordStore,
) -> None:
    old = [a_segment(f"old {i}", start_ms=i * 1_000, end_ms=i * 1_000 + 900) for i in range(4)]
    store.add_segments(BRIDGE, old, made_in=FINAL, cursor_ms=4_000)

    store.restart_pass(BRIDGE, FINAL)
    assert [s.text for s in store.record(INCIDENT).segments] == [f"old {i}" for i in range(4)]
    new = [a_segment(f"new {i}", start_ms=i * 1_000, end_ms=i * 1_000 + 900) for i in range(2)]
    store.add_segments(BRIDGE, new, made_in=FINAL, cursor_ms=2_000)

    texts = [segment.text for segment in store.record(INCIDENT).segments]
    assert texts == ["new 0", "new 1", "old 2", "old 3"]
    assert store.cursor_ms(BRIDGE, FINAL) == 2_000


def labelled(store: SqlRecordStore) -> tuple[Segment, tuple[Segment, Segment], SpeakerId]:
    """Keep a segment and return it, the parts a diarization makes of it, and the first voice."""
    speaker, segment = a_speaker(), a_segment()
    keep(store, speaker, undoable=False)
    store.add_segments(BRIDGE, [segment], made_in=FINAL, cursor_ms=1)
    first = replace(segment, end_ms=78_000, speaker_id=speaker.id, text="The", original_text="The")
    return segment, (first, a_segment("rollback started.", 78_000, 79_900)), speaker.id


def test_segments_are_labelled_and_divided_at_once(store: SqlRecordStore) -> None:
    segment, (first, second), _ = labelled(store)

    store.label_segments([(segment, [first, second])])

    kept = store.record(INCIDENT).segments
    assert kept == (replace(first, words=first.words), second)


def test_what_a_person_typed_meanwhile_is_neither_overwritten_nor_divided(
    store: SqlRecordStore,
) -> None:
    segment, parts, voice = labelled(store)
    typed = replace(segment, text="A person typed this.")
    store.commit(INCIDENT, [Change(segment, typed)], by="Marcus", label="correct")

    store.label_segments([(segment, parts)])

    assert store.record(INCIDENT).segments == (replace(typed, speaker_id=voice),)
    store.undo(INCIDENT, by="Marcus")
    assert store.record(INCIDENT).segments == (replace(segment, speaker_id=voice),)


def test_a_voice_that_a_person_named_stays_through_passes(store: SqlRecordStore) -> None:
    segment, parts, voice = labelled(store)
    other = a_speaker("SPEAKER_07")
    keep(store, other, undoable=False)
    chosen = replace(segment, speaker_id=other.id, speaker_by_person=True)
    store.commit(INCIDENT, [Change(segment, chosen)], by="Marcus", label="reassign")

    store.label_segments([(segment, parts)])
    store.restart_pass(BRIDGE, FINAL)
    store.finish_pass(BRIDGE, FINAL)

    assert store.record(INCIDENT).segments == (chosen,)
    assert voice != other.id


def test_a_step_on_a_segment_that_recognition_replaced_does_not_block_undo(
    store: SqlRecordStore,
) -> None:
    segment = a_segment()
    store.add_segments(BRIDGE, [segment], made_in=FINAL, cursor_ms=1)
    entry = an_entry("earlier")
    keep(store, entry)
    typed = replace(segment, text="typed")
    store.commit(INCIDENT, [Change(segment, typed)], by="Marcus", label="correct")
    store.undo(INCIDENT, by="Marcus")
    store.restart_pass(BRIDGE, FINAL)
    store.finish_pass(BRIDGE, FINAL)

    assert store.record(INCIDENT).segments == ()
    assert store.redo(INCIDENT, by="Marcus") is not None
    assert store.undo(INCIDENT, by="Marcus") is not None
    assert store.undo(INCIDENT, by="Marcus") is not None
    assert store.record(INCIDENT).entries == ()


def test_a_live_pass_that_is_asked_for_takes_the_final_ones_place(store: SqlRecordStore) -> None:
    store.add_segments(BRIDGE, [a_segment("final")], made_in=FINAL, cursor_ms=1_000)

    store.restart_pass(BRIDGE, LIVE)
    store.add_segments(BRIDGE, [a_segment("live", made_in=LIVE)], made_in=LIVE, cursor_ms=1_000)

    assert [segment.text for segment in store.record(INCIDENT).segments] == ["live"]


def test_bleed_is_marked_anew_and_what_a_person_said_of_it_stands(store: SqlRecordStore) -> None:
    segments = [a_segment(f"line {n}", n * 1_000, n * 1_000 + 900) for n in range(4)]
    first, second, third, _fourth = segments
    store.add_segments(BRIDGE, segments, made_in=FINAL, cursor_ms=4_000)
    store.mark_bleed(BRIDGE, {first.id, second.id})
    (read,) = (s for s in store.record(INCIDENT).segments if s.id == first.id)
    denied = [Change(read, replace(read, bleed=False))]
    store.commit(INCIDENT, denied, by="Priya", label="no bleed")

    store.mark_bleed(BRIDGE, {first.id, third.id})

    after = store.record(INCIDENT).segments
    assert [segment.bleed for segment in after] == [False, False, True, False]
    assert [segment.text for segment in after] == [segment.text for segment in segments]
    store.undo(INCIDENT, by="Priya")
    store.mark_bleed(BRIDGE, {third.id})
    assert [s.bleed for s in store.record(INCIDENT).segments] == [False, False, True, False]


def test_the_mark_of_bleed_is_kept_in_both_parts_of_a_divided_segment(
    store: SqlRecordStore,
) -> None:
    segment = a_segment("one two", 0, 2_000)
    store.add_segments(BRIDGE, [segment], made_in=FINAL, cursor_ms=2_000)
    store.mark_bleed(BRIDGE, {segment.id})
    (read,) = store.record(INCIDENT).segments
    first = replace(read, end_ms=1_000, text="one", original_text="one", words=read.words[:1])
    second = a_segment("two", 1_000, 2_000, bleed=read.bleed)

    store.label_segments([(read, [first, second])])

    assert [(s.text, s.bleed) for s in store.record(INCIDENT).segments] == [
        ("one", True),
        ("two", True),
    ]


def test_a_model_takes_the_place_of_the_one_before_and_a_server_stays_on_record(
    store: SqlRecordStore,
) -> None:
    server = Recognition(LIVE, "whisper-1", "de", "asr.example.org")
    small = Recognition(LIVE, "small", "de")

    for one in (
        Recognition(LIVE, "base"),
        replace(server, language=None),
        server,
        small,
        Recognition(FINAL, "large-v3", "de"),
    ):
        store.note_recognition(SESSION, one)

    assert store.record(INCIDENT).session(SESSION).recognised == (
        server,
        small,
        Recognition(FINAL, "large-v3", "de"),
    )


def test_what_recognised_a_session_survives_a_persons_step_made_before(
    store: SqlRecordStore,
) -> None:
    read = store.record(INCIDENT).session(SESSION)
    store.note_recognition(SESSION, Recognition(LIVE, "small"))

    moved = replace(read, clock_offset_ms=60_000)
    store.commit(INCIDENT, [Change(read, moved)], by="Marcus", label="set the clock")

    kept = store.record(INCIDENT).session(SESSION)
    assert (kept.clock_offset_ms, kept.recognised) == (60_000, (Recognition(LIVE, "small"),))
