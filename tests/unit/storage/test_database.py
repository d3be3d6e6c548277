from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from app.domain.errors import DatabaseDamagedError, NewerDatabaseError, StorageError
from app.domain.incident import Tags
from app.domain.record import Change
from app.services.record_json import record_document
from app.storage.database import HEAD, KNOWN, MIGRATIONS, Database, open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import INCIDENT, an_incident

if TYPE_CHECKING:
    from app.domain.record import Record

DATA = Path(__file__).parents[2] / "data"


def test_the_code_knows_exactly_the_migrations_there_are() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert script.get_current_head() == HEAD
    assert {revision.revision for revision in script.walk_revisions()} == KNOWN


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    database = open_database(tmp_path / "hotwash.db")
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, _type, _parents: "_fts" not in (name or "")},
        )
        differences = compare_metadata(context, SQLModel.metadata)
    database.close()

    assert differences == []


def test_a_newer_database_is_left_alone_and_named(tmp_path: Path) -> None:
    path = tmp_path / "hotwash.db"
    open_database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(NewerDatabaseError, match="newer version of Hotwash"):
        open_database(path)

    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_kept_aside_and_told(tmp_path: Path) -> None:
    path = tmp_path / "hotwash.db"
    path.write_bytes(b"this was once a database" * 200)

    database = open_database(path)
    usable = SqlRecordStore(database).incidents()
    database.close()

    assert usable == []
    assert isinstance(database.notice, DatabaseDamagedError)
    kept = list(tmp_path.glob("hotwash.db.damaged-*"))
    assert [file.read_bytes()[:24] for file in kept] == [b"this was once a database"]
    assert kept[0].name in str(database.notice)


def test_a_torn_page_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "hotwash.db"
    database = open_database(path)
    store = SqlRecordStore(database)
    store.commit(INCIDENT, [Change(None, an_incident())], by="x", label="open")
    with database.lock:
        database.engine.raw_connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 4] = os.urandom(4096 * 2)
    path.write_bytes(content)

    again = open_database(path)
    again.close()

    assert isinstance(again.notice, DatabaseDamagedError)
    assert len(list(tmp_path.glob("hotwash.db.damaged-*"))) == 1


def test_a_database_of_an_older_schema_is_copied_before_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hotwash.db"
    open_database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    monkeypatch.setattr("app.storage.database.KNOWN", KNOWN | {"0000"})

    with pytest.raises(Exception, match="0000"):  # alembic itself does not know 0000
        open_database(path)

    assert len(list(tmp_path.glob("hotwash.db.before-*-from-0000-*"))) == 1


def test_a_database_of_schema_0001_is_migrated_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "hotwash.db"
    shutil.copy(DATA / "hotwash-0001.db", path)
    before = path.read_bytes()

    store = SqlRecordStore(open_database(path))
    record = store.record(INCIDENT)
    found = [hit.segment_id for hit in store.search("rollback started")]
    undone = store.undo(INCIDENT, by="Priya")
    again = store.redo(INCIDENT, by="Priya")
    store.close()

    was = json.loads((DATA / "hotwash-0001.json").read_text(encoding="utf-8"))
    assert missing_from(record_document(record), was) == []
    assert found == [record.segments[0].id]
    assert undone is not None
    assert again is not None
    assert record.incident.tags == Tags()
    assert record.incident.severity_history == ()
    (kept,) = tmp_path.glob("hotwash.db.before-0006-from-0001-*")
    assert kept.stat().st_size == len(before)


def migrated(tmp_path: Path, schema: str) -> Record:
    """Return what is read of an older database, once it has lost nothing on its way."""
    path = tmp_path / "hotwash.db"
    shutil.copy(DATA / f"hotwash-{schema}.db", path)

    store = SqlRecordStore(open_database(path))
    record = store.record(INCIDENT)
    redone = store.redo(INCIDENT, by="Priya")
    undone = store.undo(INCIDENT, by="Priya")
    store.close()

    was = json.loads((DATA / f"hotwash-{schema}.json").read_text(encoding="utf-8"))
    assert missing_from(record_document(record), was) == []
    assert redone is not None
    assert undone == replace(redone, undone=True, undone_by="Priya")
    assert len(list(tmp_path.glob(f"hotwash.db.before-0006-from-{schema}-*"))) == 1
    return record


def test_a_database_of_schema_0002_is_migrated_and_nothing_is_lost(tmp_path: Path) -> None:
    assert migrated(tmp_path, "0002").redactions == ()


def test_a_database_of_schema_0003_is_migrated_and_nothing_is_lost(tmp_path: Path) -> None:
    record = migrated(tmp_path, "0003")
    assert [session.clock_events for session in record.sessions] == [()]
    assert [segment.bleed for segment in record.segments] == [False, False]


def test_a_database_of_schema_0004_is_migrated_and_nothing_is_lost(tmp_path: Path) -> None:
    record = migrated(tmp_path, "0004")
    assert [session.recognised for session in record.sessions] == [()]


def test_a_database_of_schema_0005_is_migrated_and_nothing_is_lost(tmp_path: Path) -> None:
    record = migrated(tmp_path, "0005")
    assert [voice.merged_into for voice in record.speakers] == [None]
    assert [s.text for s in record.segments if s.speaker_by_person] == ["is it down"]


def missing_from(now: Any, was: Any, place: str = "") -> list[str]:
    """Name what an older document says and the newer one does not; it may say more."""
    if isinstance(was, dict):
        lost = [f"{place}.{name}" for name in was if name not in now]
        parts = [missing_from(now[n], was[n], f"{place}.{n}") for n in was if n in now]
        return [*lost, *chain.from_iterable(parts)]
    if isinstance(was, list) and len(was) == len(now):
        pairs = enumerate(zip(now, was, strict=True))
        return [*chain.from_iterable(missing_from(a, b, f"{place}[{n}]") for n, (a, b) in pairs)]
    return [] if now == was else [place]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Path:
    """A real filesystem of 1 MiB; mounting it needs root or user namespaces."""
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


FILL = """
import sys
from pathlib import Path
from app.domain.errors import StorageError
from app.domain.record import Change
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import INCIDENT, an_entry, an_incident
folder = Path(sys.argv[1])
store = SqlRecordStore(open_database(folder / "hotwash.db"))
store.commit(INCIDENT, [Change(None, an_incident())], by="x", label="open")
kept = 0
try:
    while True:
        store.commit(INCIDENT, [Change(None, an_entry("x" * 2000))], by="x", label="fill")
        kept += 1
except StorageError as error:
    print("full:", error, "|", error.remedy)
(folder / "ballast").unlink()
assert len(store.record(INCIDENT).entries) == kept, "an acknowledged entry is gone"
store.commit(INCIDENT, [Change(None, an_entry("after"))], by="x", label="go on")
store.close()
print("kept", kept)
"""


def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(tiny_disk: Path) -> None:
    shell = (
        f"mount -t tmpfs -o size=2m tmpfs {tiny_disk} && "
        f"head -c 200000 /dev/zero > {tiny_disk}/ballast && "
        f"exec {sys.executable} -c '{FILL}' {tiny_disk}"
    )
    namespace = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]

    done = subprocess.run(
        [*namespace, "sh", "-c", shell], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "full: The data folder" in done.stdout
    assert "Free disk space" in done.stdout


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")

    with pytest.raises(StorageError, match="cannot be used") as told:
        open_database(tmp_path / "taken" / "hotwash.db")
    assert "--home" in told.value.remedy


def test_a_bug_in_our_own_sql_is_not_dressed_up_as_a_full_disk(tmp_path: Path) -> None:
    database: Database = open_database(tmp_path / "hotwash.db")
    with pytest.raises(Exception, match="no such table") as told, database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    database.close()
    assert not isinstance(told.value, StorageError)


READ_ONLY = """
import sys
from app.cli import run
sys.exit(run(["incidents", "--home", sys.argv[1]]))
"""


@pytest.mark.parametrize("made_before", [True, False])
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, *, made_before: bool) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if made_before:
        open_database(home / "hotwash.db").close()
    shell = (
        f"mount --bind {home} {home} && mount -o remount,ro,bind {home} && "
        f"exec {sys.executable} -c '{READ_ONLY}' {home}"
    )
    namespace = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]

    done = subprocess.run(
        [*namespace, "sh", "-c", shell], check=False, capture_output=True, text=True
    )

    told = " ".join(done.stderr.split())
    assert done.returncode == 3, told
    assert "cannot be used" in told
    assert "--home" in told
    assert "Traceback" not in told
