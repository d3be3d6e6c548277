"""A data folder in which a secret is everywhere, and what is left of it after a redaction."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.ids import TrackId
from app.domain.sessions import TrackLabel
from tests.command_line import Hotwash

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}
HEARD = "We tried restarting the workers, but it did not help."
SECRET = "The root password is Hunter2-Tröt, never write it down."
GONE = (
    "hunter2",
    "tröt",
    "root password",
    "restarting the workers",
    "tr\\u00f6t",
    "write it down",
)
REASON = "a credential was said"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0picture"


@dataclass(frozen=True)
class Told:
    """A data folder in which a secret is in every place where words are kept."""

    hotwash: Hotwash
    incident: str
    session: str
    segment: dict[str, Any]
    entry: str

    def evidence(self, kind: str) -> Path:
        """Return where the file of that kind lies."""
        (found,) = (e for e in self.show()["evidence"] if e["kind"] == kind)
        return self.folder / "evidence" / str(found["file"])

    def check_evidence(self) -> None:
        """Require that every file is as the record says, under the hash of what it holds now."""
        for found in self.show()["evidence"]:
            path = self.folder / "evidence" / found["file"]
            assert hashlib.sha256(path.read_bytes()).hexdigest() == found["sha256"] == path.stem
        assert self.hotwash.json("evidence", self.incident, "--check")["check"]["ok"]

    @property
    def home(self) -> Path:
        return self.hotwash.home

    @property
    def folder(self) -> Path:
        return self.home / "incidents" / self.incident

    def show(self) -> Any:
        return self.hotwash.json("show", self.incident)

    def redact(self, *more: str) -> Any:
        words = ("redact", self.incident, self.segment["id"], "--reason", REASON, "--yes", *more)
        return self.hotwash.json(*words, "--as", "Priya")

    def redact_until_killed(self, step: str, *more: str) -> None:
        """Redact in a process of its own that is killed at a step of ``killed_redaction``."""
        words = ("redact", self.incident, self.segment["id"], "--reason", REASON, "--yes", *more)
        script = "tests.e2e.killed_redaction"
        command = [sys.executable, "-m", script, str(self.home), step, *words]
        killed = subprocess.run(command, cwd=ROOT, env=os.environ | NO_SOUND, check=False)
        assert killed.returncode == -signal.SIGKILL

    def pcm(self, label: str) -> bytes:
        (track,) = (t for t in self.show()["sessions"][0]["tracks"] if t["label"] == label)
        folder = self.folder / "audio" / self.session
        audio = TrackAudio(TrackId(track["id"]), folder, TrackLabel(label))
        return FolderAudioReader().pcm(audio, 0, track["duration_ms"])


def prepare(home: Path) -> Told:
    """Attach and transcribe the demonstration, and tell the secret in it."""
    hotwash = Hotwash(home, NO_SOUND)
    incident = hotwash.json("new", "Checkout")["id"]
    files = (DEMO / "bridge.flac", DEMO / "room.flac")
    hotwash.json("attach", incident, *files, "--start", "2026-03-12T14:46:00Z")
    return _tell(hotwash, incident)


def _tell(hotwash: Hotwash, incident: str) -> Told:
    (segment,) = (s for s in hotwash.json("show", incident)["segments"] if s["text"] == HEARD)
    names = ("session_id", "track_id", "start_ms", "end_ms")
    span = {"type": "span"} | {name: segment[name] for name in names}

    def apply(document: Any) -> Any:
        return hotwash.json("apply", incident, "-", "--as", "Marcus", stdin=json.dumps(document))

    apply({"segments": [{"id": segment["id"], "text": SECRET}]})
    apply({"entries": [{"kind": "decision", "text": SECRET, "sources": [span]}]})
    entry = hotwash.json("show", incident)["entries"][0]
    apply({"entries": [{"id": entry["id"], "text": "They told the password to everybody"}]})
    apply(
        {
            "messages": [
                {
                    "source_id": "imp-1",
                    "at": "2026-03-12T14:47:00Z",
                    "text": "so the ROOT  password: is *Hunter2-Tröt*!",
                    "author": "ann",
                }
            ],
            "scope": {"users": "whoever has hunter2"},
            "learnings": {"lucky": ["Nobody saw “restarting the workers, but it did”"]},
        }
    )
    hotwash.run("undo", incident)
    hotwash.run("redo", incident)
    told = Told(hotwash, incident, segment["session_id"], segment, entry["id"])
    _spread(told)
    return told


def _spread(told: Told) -> None:
    """Put the words where files keep them."""
    for form in ("pdf", "md", "json"):
        path = told.folder / "exports" / f"report.{form}"
        path.parent.mkdir(exist_ok=True)
        told.hotwash.json("export", told.incident, "--format", form, "--out", path)
    with (told.home / "hotwash.log").open("a") as log:
        log.write(f"2026-03-12 WARNING app: {SECRET}\n")
    for name, content, kind in (
        ("note.txt", f"notes\n{SECRET}\nmore\n".encode(), "log_query"),
        ("shot.png", PICTURE, "screenshot"),
    ):
        path = told.home.parent / name
        path.write_bytes(content)
        told.hotwash.json("evidence", told.incident, "--add", path, "--kind", kind)
        path.unlink()
    database = told.home / "hotwash.db"
    with closing(sqlite3.connect(database)) as source:
        with closing(
            sqlite3.connect(f"{database}.before-0004-from-0003-20260312T144600Z")
        ) as copy:
            source.backup(copy)
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged = bytearray(database.read_bytes())
    damaged[:32] = b"x" * 32
    (told.home / "hotwash.db.damaged-20260312T144600000000Z").write_bytes(damaged)


def left_in(home: Path) -> list[tuple[str, str]]:
    """Name every file that holds any of the words, in whatever case."""
    return [
        (path.relative_to(home).as_posix(), words)
        for path in sorted(home.rglob("*"))
        if path.is_file()
        for content in [path.read_bytes().decode("utf-8", "replace").casefold()]
        for words in GONE
        if words in content
    ]
