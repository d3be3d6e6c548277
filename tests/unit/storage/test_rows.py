"""Rows become entities; one that is damaged is named."""

from __future__ import annotations

import contextlib
import gc
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import JSON

from app.domain.collection import without_collection
from app.domain.errors import InvalidRecordError
from app.domain.record import ENTITY_TYPES, Change
from app.domain.row_encoding import fields_of
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.storage.column_types import UtcDateTime
from app.storage.database import open_database
from app.storage.mapping import table_of
from app.storage.record_store import SqlRecordStore
from tests.builders import BRIDGE, INCIDENT, a_segment, a_session, a_track, an_entry, an_incident

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEGMENT = a_segment()
ENTRY = an_entry("The rollback started", occurred="14:21")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "hotwash.db"
    with contextlib.closing(SqlRecordStore(open_database(path))) as store:
        parts = (an_incident(), a_session(), a_track(TrackLabel.BRIDGE))
        store.commit(INCIDENT, [Change(None, part) for part in parts], by="x", label="open")
        store.commit(INCIDENT, [Change(None, ENTRY)], by="x", label="add")
        final = RecognitionPass.FINAL
        store.add_segments(BRIDGE, [a_segment(), SEGMENT], made_in=final, cursor_ms=80_000)
    return path


@pytest.fixture
def store(path: Path) -> Iterator[SqlRecordStore]:
    with contextlib.closing(SqlRecordStore(open_database(path))) as store:
        yield store


def damage(path: Path, statement: str, *values: object) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


@pytest.mark.parametrize("kind", ENTITY_TYPES.values(), ids=list(ENTITY_TYPES))
def test_fields_lie_in_rows_as_the_tables_declare_them(kind: Any) -> None:
    columns = {column.key: column.type for column in table_of(kind).columns}
    shape = fields_of(kind)

    assert set(shape.names) == columns.keys() - {"number"}
    assert shape.nested == {name for name, type_ in columns.items() if isinstance(type_, JSON)}
    assert shape.times == {
        name for name, type_ in columns.items() if isinstance(type_, UtcDateTime)
    }


def test_a_damaged_row_is_named_with_its_field(path: Path, store: SqlRecordStore) -> None:
    damage(path, "UPDATE segment SET start_ms = 'early' WHERE id = ?", SEGMENT.id)

    with pytest.raises(InvalidRecordError, match=f"Segment {SEGMENT.id}.start_ms"):
        store.record(INCIDENT)


def test_a_row_that_breaks_a_rule_of_its_kind_is_named(path: Path, store: SqlRecordStore) -> None:
    damage(path, "UPDATE segment SET confidence = 7 WHERE id = ?", SEGMENT.id)

    with pytest.raises(InvalidRecordError, match=f"Segment {SEGMENT.id}.*a share from 0 to 1"):
        store.record(INCIDENT)


@pytest.mark.parametrize(
    "words", ['[{"text": "roll', '[{"text": 3}]', '{"text": "roll"}', "null", None]
)
def test_damaged_words_are_named_with_their_segment(
    path: Path, store: SqlRecordStore, words: str | None
) -> None:
    damage(path, "UPDATE segment SET words = ? WHERE id = ?", words, SEGMENT.id)

    with pytest.raises(InvalidRecordError, match=rf"Segment {SEGMENT.id}\.words"):
        store.record(INCIDENT)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET after = '{\"id\": ' WHERE entity_id = ?",
        "UPDATE change SET after = '{\"id\": 1}' WHERE entity_id = ?",
        "UPDATE change SET after = NULL WHERE entity_id = ?",
    ],
)
def test_a_damaged_step_is_named_by_what_it_is_about(
    path: Path, store: SqlRecordStore, statement: str
) -> None:
    damage(path, statement, ENTRY.id)

    with pytest.raises(InvalidRecordError, match=f"history of entry {ENTRY.id}"):
        store.record(INCIDENT)
    with pytest.raises(InvalidRecordError, match=f"history of entry {ENTRY.id}"):
        store.undo(INCIDENT, by="x")


def test_a_step_on_a_kind_that_is_not_known_is_named(path: Path, store: SqlRecordStore) -> None:
    damage(path, "UPDATE change SET entity_type = 'spell' WHERE entity_id = ?", ENTRY.id)

    with pytest.raises(InvalidRecordError, match=f"history of spell {ENTRY.id}"):
        store.record(INCIDENT)


def test_the_collector_is_held_back_by_the_outermost_and_comes_back() -> None:
    with without_collection():
        with without_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_comes_back_after_a_failure() -> None:
    with pytest.raises(KeyError), without_collection():
        raise KeyError
    assert gc.isenabled()
