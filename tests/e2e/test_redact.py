"""After a redaction, nothing of what was said is left in the data folder: no bytes, no sound."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import FolderLock
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.ids import TrackId
from app.domain.sessions import TrackLabel
from app.storage.database import open_database
from tests.command_line import Hotwash
from tests.e2e.killed_redaction import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

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
PICTURE = b"\x89PNG\0\0picture"


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

    def pcm(self, label: str) -> bytes:
        (track,) = (t for t in self.show()["sessions"][0]["tracks"] if t["label"] == label)
        folder = self.folder / "audio" / self.session
        audio = TrackAudio(TrackId(track["id"]), folder, TrackLabel(label))
        return FolderAudioReader().pcm(audio, 0, track["duration_ms"])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demonstration, attached and transcribed, and the secret told in it."""
    hotwash = Hotwash(tmp_path_factory.mktemp("prepared") / "home", NO_SOUND)
    incident = hotwash.json("new", "Checkout")["id"]
    files = (DEMO / "bridge.flac", DEMO / "room.flac")
    hotwash.json("attach", incident, *files, "--start", "2026-03-12T14:46:00Z")
    return _tell(hotwash, incident)


@pytest.fixture
def told(prepared: Told, tmp_path: Path) -> Iterator[Told]:
    shutil.copytree(prepared.home, tmp_path / "home")
    yield replace(prepared, hotwash=Hotwash(tmp_path / "home", NO_SOUND))
    log = (tmp_path / "home" / "hotwash.log").read_text()
    assert " ERROR " not in log, log


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


def test_before_a_redaction_the_words_are_in_every_kind_of_file(told: Told) -> None:
    names = {name for name, _words in left_in(told.home)}

    note = told.evidence("log_query").relative_to(told.home).as_posix()
    assert {"hotwash.db", "hotwash.log", note} <= names
    assert any("before" in name for name in names)
    assert any("damaged" in name for name in names)
    assert any("exports" in name for name in names)


def test_after_a_redaction_no_file_holds_any_of_the_words(told: Told) -> None:
    done = told.redact()

    assert left_in(told.home) == []
    assert set(done) == {"redactions", "segments", "texts", "files", "removed", "left"}
    exports = f"incidents/{told.incident}/exports"
    assert done["removed"] == [f"{exports}/report.{form}" for form in ("json", "md", "pdf")]
    shot = told.evidence("screenshot")
    assert [place["path"] for place in done["left"]] == [shot.relative_to(told.home).as_posix()]
    assert done["segments"] == 1
    assert shot.read_bytes() == PICTURE


def test_the_stretch_is_silent_on_both_tracks_and_the_rest_is_untouched(told: Told) -> None:
    before = {label: told.pcm(label) for label in ("bridge", "room")}
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))

    told.redact()

    margin = 2 * 16 * 200
    for label, samples in before.items():
        after = told.pcm(label)
        assert after[start - margin : end + margin] == bytes(end - start + 2 * margin)
        assert after[: start - margin] == samples[: start - margin]
        assert after[end + margin :] == samples[end + margin :]
    assert any(before["bridge"][start:end])


def test_verification_accepts_the_redaction_and_still_finds_tampering(told: Told) -> None:
    told.redact()
    verified = told.hotwash.json("verify", told.incident)
    assert (verified["ok"], verified["gaps"]) == (True, [])

    folder = told.folder / "audio" / told.session
    path = folder / "bridge-000002.wav"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    (problem,) = FolderArchive().verify(folder).problems
    assert (problem.path, problem.reason) == (path, "changed")


def test_the_record_says_what_was_redacted_and_by_whom(told: Told) -> None:
    told.redact()

    shown = told.show()
    (redaction,) = shown["redactions"]
    assert (redaction["by"], redaction["reason"]) == ("Priya", REASON)
    assert len(redaction["track_ids"]) == 2
    assert shown["edits"][-1]["label"] == "redact 1 span"
    (segment,) = (s for s in shown["segments"] if s["id"] == told.segment["id"])
    assert segment["redacted"] is True
    assert segment["text"] == segment["original_text"] == "[redacted]"
    assert [word["text"] for word in segment["words"]] == ["[redacted]"]
    (entry,) = (e for e in shown["entries"] if e["id"] == told.entry)
    assert entry["text"] == "They told the [redacted] to everybody"
    assert entry["sources"][0]["quote"] == "[redacted]"
    assert shown["messages"][0]["text"] == "so the [redacted]*!"
    assert shown["scope"]["users"] == "whoever has [redacted]"
    told.check_evidence()


def test_every_step_can_be_undone_and_done_again_without_bringing_words_back(told: Told) -> None:
    told.redact()
    redacted = told.show()

    steps = 0
    while told.hotwash.json("undo", told.incident)["edit"]:
        steps += 1
        assert left_in(told.home) == []
    assert steps >= 5
    assert told.show()["redactions"] == redacted["redactions"]
    for _step in range(steps):
        assert told.hotwash.json("redo", told.incident)["edit"]
    again = told.show()
    assert (again["entries"], again["segments"]) == (redacted["entries"], redacted["segments"])
    assert left_in(told.home) == []


def test_search_finds_nothing_of_it_and_the_rest_still(told: Told) -> None:
    assert told.hotwash.json("search", "hunter2")["hits"]

    told.redact()

    assert told.hotwash.json("search", "hunter2")["hits"] == []
    assert told.hotwash.json("search", "rollback", "finished")["hits"]


def test_a_new_transcript_does_not_bring_the_words_back(told: Told) -> None:
    told.redact()

    told.hotwash.json("transcribe", told.incident)

    shown = told.show()
    assert [s["id"] for s in shown["segments"] if s["redacted"]] == [told.segment["id"]]
    assert not [s for s in shown["segments"] if "restarting" in s["text"]]
    assert left_in(told.home) == []


def test_exports_made_afterwards_hold_the_mark_and_the_method(told: Told, tmp_path: Path) -> None:
    told.redact()

    for form in ("pdf", "md", "json"):
        path = tmp_path / f"report.{form}"
        told.hotwash.json("export", told.incident, "--format", form, "--out", path)
    with pdfplumber.open(tmp_path / "report.pdf") as pdf:
        printed = " ".join(" ".join((page.extract_text() or "").split()) for page in pdf.pages)
    for text in (printed, (tmp_path / "report.md").read_text()):
        assert "hunter2" not in text.casefold()
        assert "redacted" in text
        assert "1 stretch was redacted" in text
        assert f"Priya ({REASON})" in text
    assert "hunter2" not in (tmp_path / "report.json").read_text().casefold()


def test_a_backup_still_opens_with_the_rest_of_its_words(told: Told, tmp_path: Path) -> None:
    told.redact()

    (backup,) = told.home.glob("*.before-*")
    shutil.copy(backup, tmp_path / "hotwash.db")
    database = open_database(tmp_path / "hotwash.db")
    with database.reading() as connection:
        texts = connection.exec_driver_sql("SELECT text FROM segment").scalars().all()
    database.close()
    assert "[redacted]" in texts
    assert "The rollback finished at 14:26." in texts


def test_another_program_may_have_the_database_open(told: Told) -> None:
    other = open_database(told.home / "hotwash.db")
    with other.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM segment").scalar_one()
    before = other.data_version()

    told.redact()

    assert other.data_version() != before
    assert left_in(told.home) == []
    with other.reading() as connection:
        texts = connection.exec_driver_sql("SELECT text FROM segment").scalars().all()
    other.close()
    assert "[redacted]" in texts


@pytest.mark.parametrize("step", STEPS)
def test_what_a_kill_cuts_off_the_same_command_completes(told: Told, step: str) -> None:
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")
    script = "tests.e2e.killed_redaction"
    command = [sys.executable, "-m", script, str(told.home), step, *words]
    killed = subprocess.run(command, cwd=ROOT, env=os.environ | NO_SOUND, check=False)
    assert killed.returncode == -signal.SIGKILL
    claims = told.show()["redactions"]
    assert bool(claims) == (step in {"after the record", "after the purge"})

    done = told.redact()

    assert len(done["redactions"]) == len(told.show()["redactions"]) == 1
    assert left_in(told.home) == []
    assert told.hotwash.json("verify", told.incident)["ok"]
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))
    assert not any(told.pcm("bridge")[start:end])
    told.check_evidence()


def test_words_of_a_segment_and_a_stretch_of_the_clock_are_one_step(told: Told) -> None:
    (other,) = (
        s for s in told.show()["segments"] if s["text"].startswith("The rollback finished")
    )
    clock = f"{told.session}@0:20.8-0:23.6"

    done = told.hotwash.json(
        "redact", told.incident, f"{other['id']}[3:5]", clock, "--reason", REASON, "--yes"
    )

    assert len(done["redactions"]) == 2
    shown = told.show()
    texts = {s["id"]: s["text"] for s in shown["segments"]}
    assert texts[other["id"]] == "The rollback finished [redacted]"
    assert shown["edits"][-1]["label"] == "redact 2 spans"
    assert not any("error rate went up" in text for text in texts.values())


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["seg-none", "--reason", REASON, "--yes"], 1, "no segment"),
        (["{segment}[90:91]", "--reason", REASON, "--yes"], 1, "words with times"),
        (["{session}@9:00-9:01", "--reason", REASON, "--yes"], 1, "over before that"),
        (["{session}@0:05-0:04", "--reason", REASON, "--yes"], 1, "start < end"),
        (["{segment}", "--reason", "they said hunter2", "--yes"], 1, "repeats words"),
        (["{segment}", "--reason", " ", "--yes"], 1, "needs a reason"),
        (["{segment}", "--reason", REASON], 2, "--yes"),
        (["{segment}"], 2, "--reason"),
    ],
)
def test_a_refusal_changes_nothing(told: Told, words: list[str], code: int, says: str) -> None:
    before = told.show()
    places = {"segment": told.segment["id"], "session": told.session}

    given = [word.format(**places) for word in words]
    assert says in told.hotwash.refusal("redact", told.incident, *given, code=code)

    assert told.show() == before


def test_a_session_that_is_being_written_is_refused(told: Told) -> None:
    lock = FolderLock(told.folder / "audio" / told.session)
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")
    assert "Stop that recording" in told.hotwash.refusal(*words, code=1)
    lock.release()
    told.redact()


def test_words_that_are_redacted_already_are_not_counted_anew(told: Told) -> None:
    (other,) = (
        s for s in told.show()["segments"] if s["text"].startswith("The rollback finished")
    )
    words = ("redact", told.incident, f"{other['id']}[1:3]", "--reason", REASON, "--yes")
    first = told.hotwash.json(*words)

    assert "redacted already" in told.hotwash.refusal(*words, code=1)
    only_the_mark = f"{other['id']}[1:2]"
    again = told.hotwash.json("redact", told.incident, only_the_mark, "--reason", "x", "--yes")

    assert again["redactions"] == first["redactions"]
    assert told.hotwash.json("verify", told.incident)["ok"]


def test_the_same_words_said_elsewhere_are_named_for_their_audio(told: Told) -> None:
    segments = told.show()["segments"]
    (one,) = (s for s in segments if s["text"] == "The connection pool is at 100%.")
    elsewhere = [s for s in segments if "the connection pool" in s["text"].casefold()]
    more = ("--reason", REASON, "--yes")

    done = told.hotwash.json("redact", told.incident, one["id"], *more)

    named = [place["path"] for place in done["left"] if place["path"].startswith("seg-")]
    texts = {s["id"]: s["text"] for s in told.show()["segments"]}
    assert named == [s["id"] for s in elsewhere if texts[s["id"]] != s["text"] and s != one]
    assert all("the connection pool is" not in text.casefold() for text in texts.values())


def test_a_session_that_is_being_transcribed_is_refused(told: Told) -> None:
    lock = FolderLock(told.folder, f"{told.session}.recognition.lock")
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")
    assert "is being transcribed" in told.hotwash.refusal(*words, code=1)
    lock.release()
    assert told.show()["redactions"] == []


def test_another_incident_that_holds_the_words_is_named_and_left_as_it_is(told: Told) -> None:
    other = told.hotwash.json("new", "Another")["id"]
    told.hotwash.json("log", other, "/fact the root password is hunter2-tröt")

    done = told.redact()

    assert f"incident {other}" in [place["path"] for place in done["left"]]
    (entry,) = told.hotwash.json("show", other)["entries"]
    assert entry["text"] == "the root password is hunter2-tröt"
