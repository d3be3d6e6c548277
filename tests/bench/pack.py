"""What an evidence pack of a long call costs: four hours, two tracks, 300 entries that cite them.

The bar is for the whole export, the report included. Beside the check of the pack, the plain
library hashes the same file once.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap import build
from app.domain.evidence import Evidence, EvidenceKind
from app.domain.ids import EvidenceId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from tests.bench.figures import Figure
from tests.bench.rules import a_large_record
from tests.builders import INCIDENT, SESSION, a_session, a_track, words_of
from tests.machines import Machine, an_audio_session

if TYPE_CHECKING:
    from collections.abc import Callable

BAR_S = 60
HOURS, HOURS_QUICK = 4, 0.25
ENTRIES_PER_HOUR = 75
SEGMENT_MS = 3_000
FILES, FILE_BYTES = 20, 2_000_000
LEVEL = 65_521  # a prime: the pictures differ and are no repetition


def measure(*, quick: bool = False) -> list[Figure]:
    """Pack a long incident, and check the pack."""
    hours = HOURS_QUICK if quick else HOURS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _record(folder / "home", hours)
        program = build(Machine(folder / "home").home, actor="bench", offline=True)
        out = folder / "pack.zip"
        packing = _seconds(lambda: program.exports.write(INCIDENT, format="pack", path=out))
        checking = _seconds(lambda: program.verification.pack(out))
        hashing = _seconds(lambda: hashlib.sha256(out.read_bytes()).hexdigest())
        size = out.stat().st_size
        program.shutdown()
    is_long = not quick
    return [
        Figure(
            f"pack_of_{hours:g}_hours",
            round(packing, 1),
            "s",
            bar=f"at most {BAR_S} s" if is_long else None,
            ok=packing <= BAR_S if is_long else None,
        ),
        Figure("pack_size", round(size / 1e6), "MB"),
        Figure(
            "verify_pack",
            round(checking, 2),
            "s",
            round(hashing, 2),
            round(checking / hashing, 1),
        ),
    ]


def _record(home: Path, hours: float) -> None:
    """Put a call on record: what was said, what cites it, pictures, and the sound."""
    machine, seconds = Machine(home), round(hours * 3600)
    record = a_large_record(
        entries=round(hours * ENTRIES_PER_HOUR), segments=seconds * 1_000 // SEGMENT_MS
    )
    tracks = [
        a_track(label, duration_ms=seconds * 1_000)
        for label in (TrackLabel.ROOM, TrackLabel.BRIDGE)
    ]
    parts = (record.incident, a_session(), *tracks, *record.roles, *record.factors)
    machine.do(*(Change(None, part) for part in parts), undoable=False)
    said = [replace(s, words=words_of(s.text, s.start_ms, s.end_ms)) for s in record.segments]
    machine.store.add_segments(
        said[0].track_id, said, made_in=RecognitionPass.FINAL, cursor_ms=seconds * 1_000
    )
    machine.add(*record.entries)
    machine.add(*(_picture(machine, number) for number in range(FILES)))
    an_audio_session(machine, SESSION, tracks, seconds=seconds)
    machine.close()


def _picture(machine: Machine, number: int) -> Evidence:
    content = b"".join(
        (number * LEVEL + step).to_bytes(8, "big") for step in range(FILE_BYTES // 8)
    )
    sha256 = hashlib.sha256(content).hexdigest()
    path = machine.home.incident_dir(INCIDENT) / "evidence" / f"{number}.bin"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    kind = EvidenceKind.SCREENSHOT
    return Evidence(EvidenceId(f"evi-{number}"), INCIDENT, kind, file=path.name, sha256=sha256)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
