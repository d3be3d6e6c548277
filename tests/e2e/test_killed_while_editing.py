"""kill -9 in the middle of edits: the database is whole, and every acknowledged edit is there."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import BRIDGE, INCIDENT, a_segment, a_session, a_track, an_incident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.ids import IncidentId
    from app.domain.record import Record
    from tests.proof.recorded import KeepFigure

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "e2e" / "script_of_edits.py"
KILLS, PROVED_KILLS, KILLS_PER_HOME = 5, 100, 10
LONGEST_S = 1.5


@contextlib.contextmanager
def opened(home: Path) -> Iterator[SqlRecordStore]:
    database = open_database(home / "hotwash.db")
    assert database.notice is None
    with contextlib.closing(SqlRecordStore(database)) as store:
        yield store


def a_home(folder: Path) -> Path:
    """Return a data folder with an incident in which something was said."""
    with opened(folder) as store:
        parts = (an_incident(), a_session(), a_track(TrackLabel.BRIDGE))
        changes = [Change(None, part) for part in parts]
        store.commit(INCIDENT, changes, by="test", label="set up", undoable=False)
        said = [a_segment(f"said {n}", n * 4_000, n * 4_000 + 3_000) for n in range(20)]
        final = RecognitionPass.FINAL
        store.add_segments(BRIDGE, said, made_in=final, cursor_ms=80_000)
    return folder


def edit_until_killed(home: Path, seed: str, seconds: float) -> list[dict[str, object]]:
    """Run the script, kill it so long after its first step; return what was acknowledged."""
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), str(home), INCIDENT, seed],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as script:
        assert script.stdout is not None
        first = script.stdout.readline()
        time.sleep(seconds)  # any moment will do
        script.send_signal(signal.SIGKILL)
        rest = script.stdout.read().splitlines(keepends=True)
    assert script.returncode == -signal.SIGKILL
    return [json.loads(line) for line in (first, *rest) if line.endswith("\n")]


def is_whole(path: Path) -> None:
    """Look at the database as SQLite does, before the program has opened it again."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # it raises where the index does not hold exactly the words of the segments
        connection.execute(
            "INSERT INTO segment_fts(segment_fts, rank) VALUES('integrity-check', 1)"
        )
        (segments,) = connection.execute("SELECT count(*) FROM segment").fetchone()
        (indexed,) = connection.execute("SELECT count(*) FROM segment_fts_docsize").fetchone()
        assert segments == indexed


def standing(store: SqlRecordStore) -> dict[str, bool]:
    """Return every step of every incident, and whether it stands."""
    records = [store.record(incident.id) for incident in store.incidents()]
    return {step.id: not step.undone for record in records for step in record.operations}


def without_history(record: Record) -> Record:
    return replace(record, operations=())


def all_undone_and_done_again(store: SqlRecordStore, incident_id: IncidentId) -> None:
    before = store.record(incident_id)
    undone = 0
    while store.undo(incident_id, by="test") is not None:
        undone += 1
    for _ in range(undone):
        assert store.redo(incident_id, by="test") is not None
    after = store.record(incident_id)
    assert without_history(after) == without_history(before)
    assert [(s.id, s.undone) for s in after.operations] == [
        (s.id, s.undone) for s in before.operations
    ]


def kill_and_look(home: Path, number: int, chance: random.Random) -> int:
    """Kill one run; return how many steps it had acknowledged."""
    with opened(home) as store:
        expected = standing(store)
    told = edit_until_killed(home, f"run {number}", chance.uniform(0, LONGEST_S))
    for line in told:
        expected[str(line["step"])] = bool(line["stands"])
    is_whole(home / "hotwash.db")
    with opened(home) as store:
        found = standing(store)
        lost = [step for step in expected if step not in found]
        assert lost == []
        # The step that was under way may be there without having been acknowledged
        differing = [step for step in found if found[step] != expected.get(step)]
        assert len(differing) <= 1, differing
        all_undone_and_done_again(store, INCIDENT)
    return len(told)


def test_a_few_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    home, chance = a_home(tmp_path / "home"), random.Random(8)  # noqa: S311  no secret
    acknowledged = sum(kill_and_look(home, number, chance) for number in range(KILLS))

    assert acknowledged > KILLS, "the script did something"


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(
    tmp_path: Path, proof_figure: KeepFigure
) -> None:
    chance, acknowledged, home = random.Random(), 0, tmp_path  # noqa: S311  no secret
    for number in range(PROVED_KILLS):
        if number % KILLS_PER_HOME == 0:
            home = a_home(tmp_path / f"home-{number}")
        acknowledged += kill_and_look(home, number, chance)

    bar = f"every step acknowledged before {PROVED_KILLS} kills is there, the database whole"
    proof_figure("kill -9 while editing: steps kept", acknowledged, "steps", bar)
