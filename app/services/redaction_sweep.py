"""Takes words out of every file of the data folder that is neither audio nor the database."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from app.audio_files.durable import sync_folder, write_atomically
from app.audio_files.folder_lock import FolderInUseError
from app.audio_files.format import (
    JOURNAL_FILE,
    PACKED_SUFFIX,
    PACKING,
    PART_SUFFIX,
    RESERVE_FILE,
    SEALED_SUFFIX,
    SESSION_FILE,
)
from app.audio_files.session_folder import UNFINISHED
from app.domain.errors import StorageError
from app.domain.raw_redaction import FILLER, found_in
from app.evidence_files.files import moved_with_its_hash
from app.services.opening import clear_incoming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.ports import AudioArchive
    from app.domain.record_rewriter import RecordRewriter
    from app.domain.redacting import SoughtWords
    from app.domain.redaction_plan import RedactionPlan

PENDING_FILE = "redaction.pending"  # which evidence had which hash, until the record knows
AUDIO_SUFFIXES = (SEALED_SUFFIX, SEALED_SUFFIX + PART_SUFFIX, PACKED_SUFFIX)
SHORTEST_CERTAIN = 8  # bytes
LARGEST_BYTES = 512 * 1024 * 1024
NOT_SEARCHED = "it is no text, so it cannot be searched: look at it"
HOLDS = "it is no text and holds the words: replace or remove it"
TOO_LARGE = "it is too large to be searched: look at it"
NAMED = "its name holds the words: rename it"
NOT_AS_RECORDED = "its journal holds the words, and is not as it was recorded: it was left so"
CUT_OFF = "it was cut off while it was attached and may hold the same audio: remove it"
BEING_RECORDED = "it is being recorded: give the command again once it is over"


@dataclass(slots=True)
class Sweep:
    """What became of the files; paths are relative to the data folder, with ``/``."""

    files: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)


def backups_in(home: Home) -> list[Path]:
    """Return the copies that were made of the database before it was migrated."""
    found = home.root.glob(f"{home.database.name}.before-*")
    return sorted(path for path in found if not path.name.endswith(("-wal", "-shm", "-journal")))


def sweep(
    home: Home,
    plan: RedactionPlan,
    *,
    archive: AudioArchive,
    rewriter: RecordRewriter,
    at: str,
    by: str,
) -> Sweep:
    """Take the words out of copies, logs, evidence and journals; remove whole documents.

    Can be called again after it was cut off; what is done stays so.
    """
    work = _Work(home, plan, Sweep())
    clear_incoming(home)
    _remove_exports(work)
    for path in sorted(work.own.glob(f"audio/*{UNFINISHED}")):
        work.leave(path, CUT_OFF)
    _reword_journals(work, archive, at, by)
    for path in backups_in(home):
        try:
            if rewriter.rewrite_copy(path, plan):
                work.done.files.append(work.name(path))
        except StorageError:  # it is damaged, and searched like any file below
            _overwrite(work, path, plan.sought, by_force=True)
    for path in _other_files(home):
        sought = work.sought_in(path)
        if sought is not None:
            _clean(work, path, sought)
    _note_hashes(work)
    return work.done


def is_pending(home: Home, incident_id: IncidentId) -> bool:
    """Whether a redaction was begun and did not come to its end."""
    return (home.incident_dir(incident_id) / PENDING_FILE).exists()


def begin(home: Home, incident_id: IncidentId) -> None:
    """Note that a redaction is under way; what was noted before stays."""
    path = home.incident_dir(incident_id) / PENDING_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, b"{}", mode=0o600)


def finish(home: Home, incident_id: IncidentId) -> None:
    """Note that it is done."""
    (home.incident_dir(incident_id) / PENDING_FILE).unlink(missing_ok=True)


@dataclass(slots=True)
class _Work:
    home: Home
    plan: RedactionPlan
    done: Sweep

    @property
    def own(self) -> Path:
        return self.home.incident_dir(self.plan.incident_id)

    def name(self, path: Path) -> str:
        return path.relative_to(self.home.root).as_posix()

    def leave(self, path: Path, why: str) -> None:
        self.done.left.append((self.name(path), why))

    def sought_in(self, path: Path) -> SoughtWords | None:
        """Return what is sought in a file; None for another incident's that is none of ours."""
        parts = path.relative_to(self.home.root).parts
        if parts[0] != "incidents" or path.is_relative_to(self.own):
            return self.plan.sought
        return self.plan.also if self.plan.also.seeks else None


def _remove_exports(work: _Work) -> None:
    """Documents are compressed inside and can be made anew: they go as a whole."""
    folder = work.home.exports_dir(work.plan.incident_id)
    for path in sorted(folder.rglob("*")):
        if path.is_file() or path.is_symlink():
            if not path.is_symlink():
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                    _sync(file)
            path.unlink()
            work.done.removed.append(work.name(path))


def _reword_journals(work: _Work, archive: AudioArchive, at: str, by: str) -> None:
    for folder in sorted(work.home.root.glob("incidents/*/audio/*")):
        sought = work.sought_in(folder)
        if sought is None or not (folder / SESSION_FILE).exists():
            continue
        try:
            if not archive.reword(folder, sought.blank, at=at, by=by):
                work.leave(folder / JOURNAL_FILE, NOT_AS_RECORDED)
        except FolderInUseError:
            work.leave(folder, BEING_RECORDED)


def _other_files(home: Home) -> Iterator[Path]:
    """Yield what is neither audio, nor a model, nor a database that is well."""
    database = home.database.name
    backups = set(backups_in(home))
    skipped = {database + suffix for suffix in ("", "-wal", "-shm", "-journal")}
    for path in sorted(home.root.rglob("*")):
        if path.is_relative_to(home.models) or path.is_symlink() or not path.is_file():
            continue
        in_session = path.parent.parent.name == "audio"
        audio = in_session and path.name.endswith(AUDIO_SUFFIXES)
        audio = audio or path.parent.name == PACKING  # another session's, at this moment
        told = in_session and path.name in {JOURNAL_FILE, SESSION_FILE, RESERVE_FILE}
        own_database = path.parent == home.root and path.name in skipped
        if not (audio or told or own_database or path in backups):
            yield path


def _clean(work: _Work, path: Path, sought: SoughtWords) -> None:
    if path.stat().st_size > LARGEST_BYTES:
        work.leave(path, TOO_LARGE)
        return
    damaged_database = path.name.startswith(f"{work.home.database.name}.")
    _overwrite(work, path, sought, by_force=damaged_database)
    if sought.holds(path.name):
        work.leave(path, NAMED)


def _overwrite(work: _Work, path: Path, sought: SoughtWords, *, by_force: bool) -> None:
    """Write over the words, in their place; what is no text only ``by_force``."""
    content = path.read_bytes()
    spans = found_in(content, sought)
    if b"\0" in content and not by_force:
        # A few bytes are met by chance in any picture.
        if any(end - start >= SHORTEST_CERTAIN for start, end in spans):
            work.leave(path, HOLDS)
        elif path.is_relative_to(work.own):
            work.leave(path, NOT_SEARCHED)
        return
    if not spans:
        return
    if path.is_relative_to(work.own / "evidence"):
        _remember_hash(work, path, hashlib.sha256(content).hexdigest())
    with path.open("r+b") as file:
        for start, end in spans:
            file.seek(start)
            file.write(FILLER * (end - start))
        _sync(file)
    work.done.files.append(work.name(path))


def _remember_hash(work: _Work, path: Path, sha256: str) -> None:
    known = _pending(work)
    known.setdefault(work.name(path), sha256)
    write_atomically(work.own / PENDING_FILE, json.dumps(known).encode(), mode=0o600)


def _note_hashes(work: _Work) -> None:
    """Say what the hashes of changed evidence were and are, also of a run that was cut off."""
    for name, old in _pending(work).items():
        path = work.home.root / name
        if path.exists():
            new = hashlib.sha256(path.read_bytes()).hexdigest()
            work.done.hashes[old] = new
            _move_with_its_hash(work, path, old, new)


def _move_with_its_hash(work: _Work, path: Path, old: str, new: str) -> None:
    """Let no file keep the hash of words that are gone as its name; noted before it is done."""
    moved = work.home.root / moved_with_its_hash(work.name(path), old, new)
    if moved != path:
        known = _pending(work) | {work.name(moved): old}
        write_atomically(work.own / PENDING_FILE, json.dumps(known).encode(), mode=0o600)
        moved.parent.mkdir(exist_ok=True)
        path.replace(moved)
        sync_folder(moved.parent)
        sync_folder(path.parent)


def _pending(work: _Work) -> dict[str, str]:
    path = work.own / PENDING_FILE
    known: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
    return known


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
