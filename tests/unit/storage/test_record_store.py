from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import IncidentId, SessionId, SpeakerId, TrackId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
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
from tests.unit.storage.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FINAL = RecognitionPass.FINAL


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


def test_steps_on_different_fields_do_not_stand_in_each_others_way(store: SqlRecordStore) -> None:
    entry = an_entry("It began")
    keep(store, entry)
    theirs = replace(entry, owner_role="scribe")
    ours = replace(entry, customer_visible=True)

    store.commit(INCIDENT, [Change(entry, theirs)], by="a", label="role")
    store.commit(INCIDENT, [Change(entry, ours)], by="b", label="visible")

    assert store.record(INCIDENT).entries == (replace(theirs, customer_visible=True),)


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


def test_a_step_over_many_lines_takes_as_many_statements_as_one_over_few(
    store: SqlRecordStore,
) -> None:
    def statements(lines: int) -> int:
        fresh = [a_segment(start_ms=n * 9_000, end_ms=n * 9_000 + 8_000) for n in range(lines)]
        store.add_segments(BRIDGE, fresh, made_in=FINAL, cursor_ms=80_000)
        marked = [Change(line, replace(line, speaker_by_person=True)) for line in fresh]
        with counted_statements() as made:
            store.commit(INCIDENT, marked, by="Priya", label="say who said it")
            store.undo(INCIDENT, by="Priya")
            store.redo(INCIDENT, by="Priya")
        assert {line.id for line in store.record(INCIDENT).segments if line.speaker_by_person} >= {
            line.id for line in fresh
        }
        return len(made)

    assert statements(200) == statements(2)


def test_a_step_may_change_one_thing_twice(store: SqlRecordStore) -> None:
    first, second, third = (replace(a_speaker(), id=SpeakerId("spk-1"), role=r) for r in "abc")
    keep(store, first)

    steps = [Change(first, second), Change(second, third)]
    store.commit(INCIDENT, steps, by="Priya", label="give a speaker a role")
    assert store.record(INCIDENT).speakers == (third,)

    store.undo(INCIDENT, by="Priya")
    assert store.record(INCIDENT).speakers == (first,)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect what SQLAlchemy gives to the database, many rows of one statement as one."""
    made: list[str] = []

    def note(*told: Any) -> None:
        made.append(told[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(Engine, "before_cursor_execute", note)
