"""Use case: pack an incident into one file."""

from __future__ import annotations

import contextlib
import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderLock
from app.audio_files.folder_state import folder_state
from app.audio_files.format import JOURNAL_FILE, SESSION_FILE
from app.audio_files.journal import read_journal
from app.domain.encoding import json_bytes, to_json_values
from app.domain.errors import BundleError, ExportError
from app.domain.events import ProblemArose
from app.services.bundle.container import BLOCK, ContainerError, ContainerWriter
from app.services.bundle.manifest import (
    AUDIO,
    BOOKS,
    EVIDENCE,
    MANIFEST,
    RECORD,
    BundledFile,
    ChainHead,
    Manifest,
    is_plain_id,
    is_safe_path,
    manifest_bytes,
)
from app.services.record_json import record_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from app.domain.home import Home
    from app.domain.merging import Copy
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.sessions import Session
    from app.services.export_run import ExportRun

STAGE = "the bundle"


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to pack; ``sha256`` is what it should have, empty where nothing says."""

    name: str
    path: Path
    size: int
    sha256: str = ""


class BundleDocument:
    """Writes bundles; one of the formats of ``Exports``."""

    def __init__(self, store: RecordStore, bus: EventBus, *, home: Home) -> None:
        self._store = store
        self._bus = bus
        self._home = home

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        """Write the record with its audio and its evidence; tells what is missing of them.

        Raises:
            ExportError: It cannot be written there.
            BundleError: A file is not as it was recorded, or a recording is not in order.
            FolderInUseError: A session of it is being recorded.
        """
        with self._held(record):
            copy = self._store.copy(record.incident.id)
            found = self._sources(copy.record)
            try:
                with path.open("w+b") as file:
                    self._pack(copy, file, found, run)
            except ContainerError as cause:
                raise BundleError(
                    f"{cause.name}: {cause}.", remedy="Export it again; nothing was written."
                ) from cause
        if missing := found[2]:
            self._bus.publish(ProblemArose(_without(missing)))

    @contextlib.contextmanager
    def _held(self, record: Record) -> Iterator[None]:
        """Keep recorders and redactions out of the sessions while they are read."""
        with contextlib.ExitStack() as held:
            for session in record.sessions:
                folder = self._home.session_dir(record.incident.id, session.id)
                if (folder / SESSION_FILE).is_file():
                    held.callback(_lock(folder).release)
            yield

    def _sources(self, record: Record) -> tuple[list[_Source], list[ChainHead], list[str]]:
        """Return the files to pack, by name; the chains' heads; what is not there."""
        sources: list[_Source] = []
        heads: list[ChainHead] = []
        missing: list[str] = []
        for session in record.sessions:
            folder = self._home.session_dir(record.incident.id, session.id)
            if not is_plain_id(session.id) or not (folder / SESSION_FILE).is_file():
                missing.append(f"{AUDIO}/{session.id}")
                continue
            files, head = _audio(folder, session)
            sources += files
            heads.append(ChainHead(session.id, head))
        evidence = self._home.incident_dir(record.incident.id) / EVIDENCE
        wanted = {e.file: e.sha256 or "" for e in record.evidence if e.file is not None}
        for file, sha256 in wanted.items():
            name = f"{EVIDENCE}/{PurePosixPath(file)}"
            path = evidence / file
            if is_safe_path(name) and path.is_file() and _sha256(path) == sha256:
                sources.append(_Source(name, path, path.stat().st_size, sha256))
            else:
                missing.append(name)
        by_name = {source.name: source for source in sources}
        return [by_name[name] for name in sorted(by_name)], heads, sorted(set(missing))

    def _pack(
        self,
        copy: Copy,
        file: BinaryIO,
        found: tuple[list[_Source], list[ChainHead], list[str]],
        run: ExportRun,
    ) -> None:
        sources, heads, missing = found
        writer = ContainerWriter(file)
        record = record_bytes(copy.record)
        books = json_bytes(to_json_values(copy.books))
        files = [_add(writer, RECORD, record), _add(writer, BOOKS, books)]
        done, total = 0, sum(source.size for source in sources)
        for source in sources:
            with source.path.open("rb") as opened:
                sha256 = writer.add(source.name, opened, source.size)
            if source.sha256 not in ("", sha256):
                raise _changed(source.path)
            files.append(BundledFile(source.name, source.size, sha256))
            done += source.size
            run.tell(STAGE, done, total)
        about = copy.record.incident
        manifest = Manifest(
            incident_id=about.id,
            title=about.title,
            record_sha256=files[0].sha256,
            chain_heads=tuple(heads),
            missing=tuple(missing),
            files=tuple(files),
        )
        _add(writer, MANIFEST, manifest_bytes(manifest))
        writer.close()


def _add(writer: ContainerWriter, name: str, data: bytes) -> BundledFile:
    return BundledFile(name, len(data), writer.add(name, io.BytesIO(data), len(data)))


def _lock(folder: Path) -> FolderLock:
    try:
        return FolderLock(folder)
    except OSError as cause:
        raise ExportError(
            f"{folder} cannot be used: {cause.strerror or cause}.",
            remedy="Make the data folder writable.",
        ) from cause


def _audio(folder: Path, session: Session) -> tuple[list[_Source], str]:
    """Return a session's files and the head of its chain.

    Raises:
        BundleError: They are not what was recorded, or a crash left them in disorder.
    """
    journal = read_journal(folder)
    state = folder_state(folder, journal.lines)
    open_parts = [
        part for part in state.unsealed if any(p.exists() for p in part.candidates(folder))
    ]
    if open_parts or journal.torn or (not state.ended and not journal.lines):
        raise BundleError(
            f"The recording {session.id} was cut off and is not in order yet.",
            remedy="Start Hotwash once, which puts it in order, then export again.",
        )
    sha256 = hashlib.sha256((folder / SESSION_FILE).read_bytes()).hexdigest()
    if not journal.intact or (journal.count and journal.begins_with != sha256):
        raise _changed(folder / JOURNAL_FILE)
    wanted = {SESSION_FILE: sha256, JOURNAL_FILE: ""}
    wanted |= {file.stored_name: file.stored_sha256 for file in state.sealed}
    sources = []
    for name, expected in wanted.items():
        path = folder / name
        if not path.is_file():
            raise _changed(path)
        sources.append(
            _Source(f"{AUDIO}/{session.id}/{name}", path, path.stat().st_size, expected)
        )
    return sources, journal.head


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _changed(path: Path) -> BundleError:
    return BundleError(
        f"{path} is missing or not as it was recorded.",
        remedy="See “hotwash verify”, put the file back from a backup, then export again.",
    )


def _without(missing: list[str]) -> BundleError:
    return BundleError(
        f"The bundle was written without what is not there: {', '.join(missing)}.",
        remedy="Put the files back from a backup and export again, if they are to go with it.",
    )
