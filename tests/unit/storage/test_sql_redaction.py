"""Words that go out of a database are in none of its bytes; everything else stays."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.cuts import Cut
from app.domain.errors import StorageError
from app.domain.ids import IncidentId
from app.domain.record import Change
from app.domain.redaction_plan import RedactionPlan, plan_redaction
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from app.domain.transcript import RecognitionPass
from app.storage.database import Database, open_database
from app.storage.record_store import SqlRecordStore
from app.storage.redaction import SqlRedaction
from tests.builders import (
    BRIDGE,
    INCIDENT,
    SESSION,
    a_segment,
    a_session,
    a_source,
    a_track,
    an_entry,
    an_incident,
)
from tests.record_builders import a_message, a_redaction, an_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = IncidentId("inc-b")
SAID = "the root password is tulip9"
DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "hotwash.db")
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> SqlRecordStore:
    store = SqlRecordStore(database)
    parts = (an_incident(), a_session(), a_track(TrackLabel.ROOM), a_track(TrackLabel.BRIDGE))
    other = an_incident(id=OTHER, title="Another")
    for incident_id, things in ((INCIDENT, parts), (OTHER, (other,))):
        changes = [Change(None, thing) for thing in things]
        store.commit(incident_id, changes, by="test", label="set up", undoable=False)
    segments = [a_segment(SAID, 1_000, 2_000), a_segment("all is well again", 5_000, 6_000)]
    store.add_segments(BRIDGE, segments, made_in=RecognitionPass.FINAL, cursor_ms=6_000)
    entry = an_entry(SAID, sources=(a_source(segments[0]),))
    store.commit(INCIDENT, [Change(None, entry)], by="Ann", label=f"promote {SAID}")
    foreign = a_message(f"{SAID}, says Bob Miller", incident_id=OTHER)
    store.commit(OTHER, [Change(None, foreign)], by="Ann", label="import")
    return store


def a_plan(redaction: SqlRedaction, *also: str) -> RedactionPlan:
    cut = Cut(SESSION, Span(1_000, 2_000), BRIDGE)
    return plan_redaction(INCIDENT, [cut], also, redaction.states(INCIDENT))


def everything_in(path: Path) -> bytes:
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-journal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def carry_out(redaction: SqlRedaction, *also: str) -> None:
    plan = a_plan(redaction, *also)
    redaction.rewrite(plan, [a_redaction()], hashes={}, by="Priya", label="redact 1 span")
    redaction.purge()


def test_rows_history_labels_and_index_hold_none_of_it(
    store: SqlRecordStore, database: Database
) -> None:
    store.commit(OTHER, [], by="x", label="y")
    carry_out(SqlRedaction(database), SAID)

    assert b"tulip" not in everything_in(database.path)
    assert store.search("tulip9") == []
    assert [hit.snippet for hit in store.search("well")] == ["all is [well] again"]
    record = store.record(INCIDENT)
    assert record.operations[1].label == "promote [redacted]"
    assert record.operations[-1].label == "redact 1 span"


def test_another_incident_keeps_its_words_but_for_those_that_are_named(
    store: SqlRecordStore, database: Database
) -> None:
    carry_out(SqlRedaction(database))
    assert store.record(OTHER).messages[0].text == f"{SAID}, says Bob Miller"

    carry_out(SqlRedaction(database), "Bob Miller")
    assert store.record(OTHER).messages[0].text == f"{SAID}, says [redacted]"


def test_undo_and_redo_work_over_it_and_it_is_not_undone_itself(
    store: SqlRecordStore, database: Database
) -> None:
    carry_out(SqlRedaction(database))

    undone = store.undo(INCIDENT, by="Ann")
    assert undone is not None
    assert undone.label == "promote the [redacted]"
    assert store.undo(INCIDENT, by="Ann") is None
    assert store.redo(INCIDENT, by="Ann") is not None
    assert store.record(INCIDENT).entries[0].text == "the [redacted]"
    assert len(store.record(INCIDENT).redactions) == 1


def test_all_or_nothing(store: SqlRecordStore, database: Database) -> None:
    redaction, before = SqlRedaction(database), store.record(INCIDENT)
    twice = [a_redaction()] * 2

    with pytest.raises(Exception, match=r"id is taken|someone else"):
        redaction.rewrite(a_plan(redaction), twice, hashes={}, by="Priya", label="x")

    assert store.record(INCIDENT) == before


def test_hashes_of_evidence_change_in_the_history_as_well(
    store: SqlRecordStore, database: Database
) -> None:
    evidence = an_evidence()
    store.commit(INCIDENT, [Change(None, evidence)], by="Ann", label="attach")
    redaction = SqlRedaction(database)
    hashes = {(str(INCIDENT), str(evidence.sha256)): "f" * 64}

    redaction.rewrite(a_plan(redaction), [], hashes=hashes, by="Priya", label="x")

    assert store.record(INCIDENT).evidence[0].sha256 == "f" * 64
    assert store.undo(INCIDENT, by="Ann") is not None
    assert store.record(INCIDENT).evidence == ()


def test_a_later_pass_leaves_a_redacted_segment_and_drops_what_lies_over_it(
    store: SqlRecordStore, database: Database
) -> None:
    carry_out(SqlRedaction(database))

    store.restart_pass(BRIDGE, RecognitionPass.FINAL)
    again = [a_segment("hm", 1_100, 1_500), a_segment("all is well now", 5_000, 6_000)]
    store.add_segments(BRIDGE, again, made_in=RecognitionPass.FINAL, cursor_ms=7_000)
    store.finish_pass(BRIDGE, RecognitionPass.FINAL)

    texts = [segment.text for segment in store.record(INCIDENT).segments]
    assert texts == ["[redacted]", "all is well now"]


def test_a_step_that_was_begun_before_is_refused_and_brings_nothing_back(
    store: SqlRecordStore, database: Database
) -> None:
    (read, _other) = store.record(INCIDENT).segments
    carry_out(SqlRedaction(database))

    late = Change(read, replace(read, text=f"{SAID}!"))
    with pytest.raises(Exception, match="someone else"):
        store.commit(INCIDENT, [late], by="Ann", label="correct")


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_copy_of_an_older_schema_is_rewritten(tmp_path: Path, revision: str) -> None:
    copy = tmp_path / f"hotwash.db.before-0004-from-{revision}"
    shutil.copy(DATA / f"hotwash-{revision}.db", copy)
    with closing(sqlite3.connect(copy)) as plain:
        rows = plain.execute("SELECT id, session_id, start_ms, end_ms, text FROM segment")
        _id, session, start, end, text = rows.fetchall()[0]
        query = "SELECT incident_id FROM session WHERE id = ?"
        (incident,) = plain.execute(query, (session,)).fetchone()
        (before,) = plain.execute("SELECT count(*) FROM change").fetchone()
    database = open_database(tmp_path / "hotwash.db")
    redaction = SqlRedaction(database)
    states = redaction.states_in(copy, IncidentId(incident))
    cut = Cut(session, Span(start, end))

    changed = redaction.rewrite_copy(copy, plan_redaction(IncidentId(incident), [cut], (), states))

    database.close()
    assert changed >= 1
    assert text.encode() not in everything_in(copy)
    assert json.dumps(text).encode() not in everything_in(copy)
    with closing(sqlite3.connect(copy)) as plain:
        assert plain.execute("SELECT count(*) FROM change").fetchone() == (before,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_reader_that_stays_in_the_middle_is_told_of(
    store: SqlRecordStore, database: Database
) -> None:
    assert store.incidents()
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM segment").fetchone()
    with database.plain() as plain:
        plain.execute("PRAGMA busy_timeout = 50")
    redaction = SqlRedaction(database)
    redaction.rewrite(a_plan(redaction), [a_redaction()], hashes={}, by="P", label="x")

    with pytest.raises(StorageError, match=r"Another program"):
        redaction.purge()

    other.close()
    redaction.purge()
    assert b"root password is tulip" not in everything_in(database.path).replace(
        f"{SAID}, says Bob Miller".encode(), b""
    )
