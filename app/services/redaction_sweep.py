"""Takes words out of every file of the data folder that is neither audio nor the database."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from app.audio_files.durable import leaving_nothing, sync_folder, write_atomically
from app.domain.errors import StorageError
from app.domain.raw_redaction import FILLER, overwriting
from app.evidence_files.files import moved_with_its_hash
from app.services.opening import clear_incoming
from app.services.redaction_files import PENDING_FILE, Deed, FileStep

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.services.redaction_files import FileSearch


@dataclass(slots=True)
class Sweep:
    """What became of the files; paths are relative to the data folder, with ``/``.

    ``hashes`` are those of changed evidence: by incident and what they were, what they are;
    ``moved`` says under which path it lies since.
    """

    files: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    hashes: dict[tuple[str, str], str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    def note(self, home: Home, step: FileStep) -> None:
        """Take down what is done."""
        name = step.path.relative_to(home.root).as_posix()
        if step.deed is Deed.LEAVE:
            self.left.append((name, step.why))
        elif step.deed is Deed.REMOVE:
            self.removed.append(name)
        else:
            self.files.append(name)

    def follow(self) -> None:
        """Name what has moved as it is called now: its name was the hash of what is gone."""
        self.files = [self.moved.get(name, name) for name in self.files]
        self.left = [(self.moved.get(name, name), why) for name, why in self.left]


def sweep(search: FileSearch, *, at: str, by: str) -> Sweep:
    """Take the words out of copies, logs, evidence and journals; remove whole documents.

    Can be called again after it was cut off; what is done stays so.
    """
    work = _Work(search, at, by)
    clear_incoming(search.home)
    for step in search.steps():
        work.carry_out(step)
        work.done.note(search.home, step)
    work.note_hashes()
    work.done.follow()
    return work.done


def foresee_sweep(search: FileSearch) -> Sweep:
    """Return what ``sweep`` would do, by the names of now; changes nothing."""
    done = Sweep()
    for step in search.steps():
        done.note(search.home, step)
        if step.deed is Deed.OVERWRITE and _is_evidence(step.path):
            content = step.path.read_bytes()
            new = hashlib.sha256(overwriting(content, list(step.spans))).hexdigest()
            done.hashes[_owner(search.home, step.path), hashlib.sha256(content).hexdigest()] = new
    return done


def put_in_place(
    search: FileSearch, path: Path | None, content: bytes, *, at: str, by: str
) -> dict[tuple[str, str], str]:
    """Give a file of evidence another content; return the hashes that have changed.

    Those of files that an earlier call changed and the record does not know are among them.
    """
    work = _Work(search, at, by)
    if path is not None:
        work.replace(path, content)
    work.note_hashes()
    return work.done.hashes


def remove_exports(home: Home, incident_id: IncidentId) -> None:
    """Remove an incident's documents, which can be made anew."""
    for path in sorted(home.exports_dir(incident_id).rglob("*")):
        if path.is_file() or path.is_symlink():
            _remove(path)


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


@dataclass(frozen=True, slots=True)
class _Work:
    search: FileSearch
    at: str
    by: str
    done: Sweep = field(default_factory=Sweep)

    @property
    def _home(self) -> Home:
        return self.search.home

    @property
    def _pending_file(self) -> Path:
        return self._home.incident_dir(self.search.plan.incident_id) / PENDING_FILE

    def carry_out(self, step: FileStep) -> None:
        plan, archive = self.search.plan, self.search.archive
        if step.deed is Deed.REMOVE:
            _remove(step.path)
        elif step.deed is Deed.OVERWRITE:
            self._overwrite(step)
        elif step.deed is Deed.REWRITE_COPY:
            self._rewrite_copy(step.path)
        elif step.deed is Deed.REWORD:
            sought = plan.sought_of(_owner(self._home, step.path))
            archive.reword(step.path.parent, sought.blank, at=self.at, by=self.by)

    def _rewrite_copy(self, path: Path) -> None:
        plan = self.search.plan
        try:
            self.search.rewriter.rewrite_copy(path, plan)
        except StorageError:  # it is damaged where nothing was read: written over like any file
            words = self.search.search.words_in(path, plan.sought)
            self._overwrite(FileStep(path, Deed.OVERWRITE, words.spans))

    def replace(self, path: Path, content: bytes) -> None:
        """Give a file another content, and leave nothing of the old one."""
        self._remember(path, hashlib.sha256(path.read_bytes()).hexdigest())
        with leaving_nothing(path):
            write_atomically(path, content)

    def _overwrite(self, step: FileStep) -> None:
        """Write over the words, in their place."""
        if _is_evidence(step.path):
            self._remember(step.path, hashlib.sha256(step.path.read_bytes()).hexdigest())
        with step.path.open("r+b") as file:
            for start, end in step.spans:
                file.seek(start)
                file.write(FILLER * (end - start))
            _sync(file)

    def _remember(self, path: Path, sha256: str) -> None:
        known = self._pending()
        known.setdefault(self._name(path), sha256)
        write_atomically(self._pending_file, json.dumps(known).encode(), mode=0o600)

    def note_hashes(self) -> None:
        """Say what the hashes of changed evidence were and are, also of a run cut off."""
        for name, old in self._pending().items():
            path = self._home.root / name
            if path.exists():
                new = hashlib.sha256(path.read_bytes()).hexdigest()
                self.done.hashes[_owner(self._home, path), old] = new
                self._move_with_its_hash(path, old, new)

    def _move_with_its_hash(self, path: Path, old: str, new: str) -> None:
        """Let no file keep the hash of words that are gone as its name; noted beforehand."""
        moved = path.parents[1] / moved_with_its_hash(f"{path.parent.name}/{path.name}", old, new)
        if moved != path:
            self._remember(moved, old)
            moved.parent.mkdir(exist_ok=True)
            path.replace(moved)
            sync_folder(moved.parent)
            sync_folder(path.parent)
            self.done.moved[self._name(path)] = self._name(moved)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._home.root).as_posix()

    def _pending(self) -> dict[str, str]:
        path = self._pending_file
        known: dict[str, str] = json.loads(path.read_bytes()) if path.exists() else {}
        return known


def _is_evidence(path: Path) -> bool:
    return path.match("incidents/*/evidence/*/*")


def _owner(home: Home, path: Path) -> str:
    """Return whose a file of an incident is."""
    return path.relative_to(home.root).parts[1]


def _remove(path: Path) -> None:
    if not path.is_symlink():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            _sync(file)
    path.unlink()


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
