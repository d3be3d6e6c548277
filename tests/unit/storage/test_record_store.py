from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import IncidentId, SessionId, SpeakerId, TrackId
from app.domain.record import Change, Entity
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass, Segment
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import (
    BRIDGE,
    INCIDENT,
    START,
    a_decision,
    a_gap,
    a_marker,
    a_segment,
    a_session,
    a_source,
    a_speaker,
    a_track,
    an_action,
    an_entry,
    an_incident,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIVE, FINAL = RecognitionPass.LIVE, RecognitionPass.FINAL


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    store = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    keep(store, an_incident(), a_session(), a_track(TrackLabel.BRIDGE), undoable=False)
    yield store
    store.close()


def keep(store: SqlRecordStore, *entities: Entity, undoable: bool = True) -> None:
    changes = [Change(None, entity) for entity in entities]
    store.commit(INCIDENT, changes, by="Marcus", label="keep", undoable=undoable)


def test_everything_comes_back_as_it_was_given(store: SqlRecordStore) -> None:
    speaker, segment, marker = a_speaker(), a_segment(), a_marker()
    entry = an_entry("The rollback started", occurred="14:21", sources=(a_source(segment),))
    decision, action = a_decision(entry), an_action(entry_id=entry.id)

    keep(store, speaker, marker, entry, decision, action)
    store.add_segments(BRIDGE, [segment], made_in=FINAL, cursor_ms=80_000)
    record = store.record(INCIDENT)

    assert record.incident == an_incident()
    assert record.sessions == (a_session(),)
    assert record.tracks == (a_track(TrackLabel.BRIDGE),)
    assert record.speakers == (speaker,)
    assert record.segments == (segment,)
    assert record.markers == (marker,)
    assert record.entries == (entry,)
    assert record.decisions == (decision,)
    assert record.actions == (action,)


def test_nested_parts_come_back_too(store: SqlRecordStore) -> None:
    session = a_session(gaps=(a_gap(),))

    store.commit(INCIDENT, [Change(a_session(), session)], by="hotwash", label="gap")

    assert store.record(INCIDENT).sessions == (session,)


def test_what_is_kept_is_there_after_closing(tmp_path: Path) -> None:
    first = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    keep(first, an_incident())
    first.close()

    second = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    assert second.incidents() == [an_incident()]
    second.close()


def test_undo_and_redo_survive_a_restart(store: SqlRecordStore, tmp_path: Path) -> None:
    entry = an_entry()
    keep(store, entry)
    store.close()

    again = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    undone = again.undo(INCIDENT, by="Priya")
    assert again.record(INCIDENT).entries == ()
    redone = again.redo(INCIDENT, by="Priya")
    assert again.record(INCIDENT).entries == (entry,)
    again.close()
    assert undone is not None
    assert (undone.undone, undone.undone_by) == (True, "Priya")
    assert redone is not None
    assert redone.undone is False


def test_undo_goes_back_step_by_step_and_stops_at_what_only_keeps_books(
    store: SqlRecordStore,
) -> None:
    first, second = an_entry("first"), an_entry("second")
    keep(store, first)
    keep(store, second)

    store.undo(INCIDENT, by="x")
    assert store.record(INCIDENT).entries == (first,)
    store.undo(INCIDENT, by="x")
    assert store.record(INCIDENT).entries == ()
    assert store.undo(INCIDENT, by="x") is None
    assert store.record(INCIDENT).sessions == (a_session(),)


def test_redo_does_again_what_was_undone_last_and_nothing_that_new_work_took_the_place_of(
    store: SqlRecordStore,
) -> None:
    keep(store, an_entry("given up"))
    store.undo(INCIDENT, by="x")
    keep(store, an_entry("instead"))
    store.undo(INCIDENT, by="x")

    store.redo(INCIDENT, by="x")

    assert [entry.text for entry in store.record(INCIDENT).entries] == ["instead"]
    assert store.redo(INCIDENT, by="x") is None


def test_nothing_is_redone_once_something_new_was_done(store: SqlRecordStore) -> None:
    keep(store, an_entry("first"))
    store.undo(INCIDENT, by="x")
    keep(store, an_entry("second"))

    assert store.redo(INCIDENT, by="x") is None
    assert [entry.text for entry in store.record(INCIDENT).entries] == ["second"]


def test_a_step_that_fails_changes_nothing(store: SqlRecordStore) -> None:
    stray = a_session(id=SessionId("ses-stray"), incident_id=IncidentId("inc-none"))

    with pytest.raises(InvalidRecordError, match="refers to nothing"):
        keep(store, an_entry("half"), stray)

    assert store.record(INCIDENT).entries == ()
    assert len(store.record(INCIDENT).operations) == 1


def test_a_change_to_what_someone_else_changed_is_refused(store: SqlRecordStore) -> None:
    entry = an_entry("as read")
    keep(store, entry)
    theirs, ours = an_entry("theirs", id=entry.id), an_entry("ours", id=entry.id)
    store.commit(INCIDENT, [Change(entry, theirs)], by="a", label="edit")

    with pytest.raises(InvalidRecordError, match="changed by someone else"):
        store.commit(INCIDENT, [Change(entry, ours)], by="b", label="edit")

    assert store.record(INCIDENT).entries == (theirs,)


def test_an_unknown_incident_is_an_error_with_a_remedy(store: SqlRecordStore) -> None:
    with pytest.raises(NotFoundError, match="inc-none") as told:
        store.record(IncidentId("inc-none"))
    assert told.value.remedy


def test_a_track_is_found_without_reading_the_record(store: SqlRecordStore) -> None:
    assert store.track(BRIDGE) == (INCIDENT, a_track(TrackLabel.BRIDGE))
    with pytest.raises(NotFoundError, match="trk-none"):
        store.track(TrackId("trk-none"))


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


def test_search_finds_all_words_in_any_order_and_follows_edits(store: SqlRecordStore) -> None:
    pool = a_segment("The connection pool was exhausted.")
    other = a_segment("The connection was slow.", start_ms=0, end_ms=1_000)
    store.add_segments(BRIDGE, [pool, other], made_in=FINAL, cursor_ms=80_000)

    hits = store.search("pool connection")
    assert [hit.segment_id for hit in hits] == [pool.id]
    assert hits[0].said_at == START.replace(minute=47, second=17)
    assert "[pool]" in hits[0].snippet

    edited = a_segment(
        "The thread count was high.", id=pool.id, original_text=pool.text, words=pool.words
    )
    store.commit(INCIDENT, [Change(pool, edited)], by="Marcus", label="correct")
    assert store.search("pool") == []
    assert [hit.segment_id for hit in store.search("thread")] == [pool.id]


@pytest.mark.parametrize("typed", ["", "  ", '"', "a OR", "NEAR(", "pool*", "😀", "-x:y"])
def test_whatever_is_typed_into_search_is_only_words(store: SqlRecordStore, typed: str) -> None:
    assert store.search(typed) == []


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
    chosen = replace(segment, speaker_id=other.id)
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


def test_steps_on_different_fields_do_not_stand_in_each_others_way(store: SqlRecordStore) -> None:
    entry = an_entry("It began")
    keep(store, entry)
    theirs = replace(entry, owner_role="scribe")
    ours = replace(entry, customer_visible=True)

    store.commit(INCIDENT, [Change(entry, theirs)], by="a", label="role")
    store.commit(INCIDENT, [Change(entry, ours)], by="b", label="visible")

    assert store.record(INCIDENT).entries == (replace(theirs, customer_visible=True),)


def test_a_live_pass_that_is_asked_for_takes_the_final_ones_place(store: SqlRecordStore) -> None:
    store.add_segments(BRIDGE, [a_segment("final")], made_in=FINAL, cursor_ms=1_000)

    store.restart_pass(BRIDGE, LIVE)
    store.add_segments(BRIDGE, [a_segment("live", made_in=LIVE)], made_in=LIVE, cursor_ms=1_000)

    assert [segment.text for segment in store.record(INCIDENT).segments] == ["live"]


def test_another_programs_writing_is_noticed_and_our_own_is_not(
    store: SqlRecordStore, tmp_path: Path
) -> None:
    before = store.data_version()
    keep(store, an_entry())
    assert store.data_version() == before

    other = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    keep(other, an_entry())
    other.close()
    assert store.data_version() != before


def test_many_threads_write_without_losing_a_step(store: SqlRecordStore) -> None:
    threads = [
        threading.Thread(target=lambda: [keep(store, an_entry()) for _ in range(10)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.record(INCIDENT).entries) == 40


def test_the_database_is_set_to_lose_nothing(store: SqlRecordStore, tmp_path: Path) -> None:
    with store._database.reading() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with sqlite3.connect(tmp_path / "hotwash.db") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


def test_what_is_too_long_is_refused_but_what_an_older_version_stored_is_read_and_undone(
    store: SqlRecordStore, tmp_path: Path
) -> None:
    before = store.record(INCIDENT)
    with pytest.raises(InvalidRecordError, match=r"entry\.text"):
        keep(store, an_entry("fits"), an_entry("x" * 2_000_000))
    assert store.record(INCIDENT) == before

    entry = an_entry("fits")
    keep(store, entry)
    long = "x" * 2_000_000 + "\x01"
    with sqlite3.connect(tmp_path / "hotwash.db") as older:
        older.execute("UPDATE entry SET text = ? WHERE id = ?", (long, entry.id))
    older.close()
    (kept,) = store.record(INCIDENT).entries
    assert kept.text == long
    shorter = Change(kept, replace(kept, text="short"))
    store.commit(INCIDENT, [shorter], by="Marcus", label="shorten")
    store.undo(INCIDENT, by="Marcus")
    assert store.record(INCIDENT).entries[0].text == long


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
