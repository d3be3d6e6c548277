"""How long ``show --json`` of a long incident takes.

The bar is for the incident that ``check`` is measured on, as a whole command from its start. The
same with twelve timed words in each segment, as recognition leaves them, is measured inside the
program, with the same bar, and as a whole command, which nobody promised anything of.

Beside it the plain library reads the same rows with ``sqlite3`` and spells them with ``json``,
without making a record of them.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.collection import without_collection
from app.domain.record import LIST_PARTS, SINGLE_PARTS, Change
from app.domain.transcript import RecognitionPass
from app.services.record_json import record_bytes
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.bench.figures import Figure
from tests.bench.rules import a_large_record
from tests.builders import INCIDENT, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
DATABASE = "hotwash.db"
BAR_S = 1.0
TIMES, TIMES_QUICK = 7, 3
PATIENCE_S = 60
NOTHING_COMPILED = "PYTHONDONTWRITEBYTECODE"


def measure(*, quick: bool = False) -> list[Figure]:
    """Time all three in turns, and return the medians."""
    times = TIMES_QUICK if quick else TIMES
    ours, plain, whole, worded = (list[float]() for _ in range(4))
    with tempfile.TemporaryDirectory() as folder:
        checked, long = Path(folder) / "checked", Path(folder) / "long"
        with _a_store(checked) as store:
            fill(store)
        with _a_store(long) as store:
            fill(store, with_words=True)
            shown(store)  # what is built once is not what is measured
            run_command(checked)
            for _ in range(times):
                whole.append(_seconds(lambda: run_command(checked)))
                ours.append(_seconds(lambda: shown(store)))
                plain.append(_seconds(lambda: plainly_spelled(long / DATABASE)))
                worded.append(_seconds(lambda: run_command(long)))
    return [
        _figure("show_json_20000_segments_2000_entries_as_a_command", whole),
        _figure("show_json_with_12_timed_words_a_segment", ours, plain),
        replace(_figure("the_same_as_a_command", worded, plain), bar=None, ok=None),
    ]


@contextlib.contextmanager
def _a_store(home: Path) -> Iterator[SqlRecordStore]:
    home.mkdir()
    with contextlib.closing(SqlRecordStore(open_database(home / DATABASE))) as store:
        yield store


def fill(store: SqlRecordStore, *, with_words: bool = False) -> None:
    """Put the long incident on record: each entry is a step."""
    record = a_large_record(entries=2_000, segments=20_000)
    parts = (
        part
        for name in LIST_PARTS
        if name not in {"segments", "entries"}
        for part in getattr(record, name)
    )
    singles = (getattr(record, name) for name in SINGLE_PARTS)
    things = [record.incident, *parts, *(single for single in singles if single is not None)]
    store.commit(INCIDENT, [Change(None, thing) for thing in things], by="Priya", label="import")
    said = list(record.segments)
    if with_words:
        said = [replace(s, words=words_of(s.text, s.start_ms, s.end_ms)) for s in said]
    final = RecognitionPass.FINAL
    store.add_segments(said[0].track_id, said, made_in=final, cursor_ms=said[-1].end_ms)
    for entry in record.entries:
        store.commit(INCIDENT, [Change(None, entry)], by="Priya", label="promote to fact")


def shown(store: SqlRecordStore) -> bytes:
    """Do what the command does, without starting a program for it."""
    with without_collection():
        return record_bytes(store.record(INCIDENT))


def plainly_spelled(path: Path) -> str:
    """Fetch every row and spell it, with the standard library alone."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows: dict[str, list[dict[str, Any]]] = {}
        for (table,) in connection.execute(tables).fetchall():
            columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            nested = [column["name"] for column in columns if column["type"] == "JSON"]
            rows[table] = [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]  # noqa: S608  a table of ours
            for row in rows[table]:
                row.update({name: json.loads(row[name]) for name in nested if row[name]})
    return json.dumps(rows, ensure_ascii=False, indent=1)


def run_command(home: Path) -> None:
    """Run ``hotwash show --json`` in a process of its own.

    It keeps its modules compiled, as on a person's machine, even where this process must not.
    """
    kept = {name: value for name, value in os.environ.items() if name != NOTHING_COMPILED}
    subprocess.run(
        [sys.executable, "-m", "app", "show", INCIDENT, "--json", "--home", str(home)],
        cwd=ROOT,
        env=kept,
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_S,
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _figure(name: str, values: list[float], plain: list[float] | None = None) -> Figure:
    value = statistics.median(values)
    baseline = statistics.median(plain) if plain else None
    return Figure(
        name,
        round(value, 3),
        "s",
        baseline=baseline and round(baseline, 3),
        ratio=baseline and round(value / baseline, 2),
        bar=f"at most {BAR_S} s",
        ok=value <= BAR_S,
    )
