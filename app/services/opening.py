"""Use case: open a bundle that was made here or on another machine.

Its files are written aside and reach their places only after the record is in the database: a
kill leaves either nothing, or an incident some of whose files are still to come. Opening the
bundle again brings them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.durable import sync_folder
from app.audio_files.folder_lock import FolderInUseError, FolderLock
from app.audio_files.format import JOURNAL_FILE, NO_HASH, SESSION_FILE
from app.audio_files.journal import parse_journal
from app.audio_files.journal_lines import Packed
from app.domain.doubles import Double, doubles
from app.domain.errors import BundleError, StorageError
from app.domain.events import RecordChanged, WorkProgressed
from app.domain.field_merge import Conflict
from app.domain.sessions import Session
from app.services.bundle.container import ContainerError
from app.services.bundle.manifest import AUDIO, EVIDENCE
from app.services.bundle.reading import Bundle, reading_bundle
from app.services.security_track import refuse_security

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.merging import Merge
    from app.domain.ports import EventBus, RecordStore

STAGE = "open the bundle"
LOCK = "open.lock"


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a bundle did; the counts are of things in the record, and of files.

    ``conflicts`` are what was not taken over, ``doubles`` what was and contradicts what was here.
    """

    incident_id: IncidentId
    title: str
    new: int
    unchanged: int
    merged: int
    conflicts: tuple[Conflict, ...]
    doubles: tuple[Double, ...]
    sessions_added: int
    files: int


class Opening:
    """Brings a bundle's incident into this data folder, or what it has beyond the one here."""

    def __init__(self, store: RecordStore, bus: EventBus, *, home: Home) -> None:
        self._store = store
        self._bus = bus
        self._home = home

    def open(self, path: Path) -> Opened:
        """Check the bundle, then take in what is not here yet. Ids are kept.

        Raises:
            BundleError: It is not as it was packed, or must not be opened here.
            InvalidRecordError: An id in it is another incident's.
            StorageError: The disk is full or cannot be written.
        """
        with reading_bundle(path, self._bus) as bundle, self._incoming() as incoming:
            incident_id = bundle.copy.record.incident.id
            refuse_security(bundle.copy.record.incident.track, place="incident.track")
            try:
                targets = self._targets(bundle, incident_id)
                self._extract(bundle, incoming, targets)
                found = self._store.take_in(bundle.copy)
                self._move_in(incoming, targets)
            except OSError as cause:
                raise _not_written(self._home.root, cause) from cause
            conflicts = (*found.conflicts, *self._other_files(bundle, incident_id, targets))
        self._bus.publish(RecordChanged(incident_id, None))
        record = self._store.record(incident_id)
        came = {change.entity.id for change in found.changes if change.before is None}
        return Opened(
            incident_id=incident_id,
            title=record.incident.title,
            new=found.new,
            unchanged=found.unchanged,
            merged=found.merged,
            conflicts=conflicts,
            doubles=doubles(record, came),
            sessions_added=_sessions_added(found),
            files=len(targets),
        )

    @contextlib.contextmanager
    def _incoming(self) -> Iterator[Path]:
        """Give an empty folder inside the data folder; what a kill left in it before, goes."""
        folder = self._home.incoming
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FolderLock(folder, LOCK)
        except FolderInUseError as cause:
            raise BundleError(
                "Another program is opening a bundle at the moment.",
                remedy="Wait until it has ended, then open this one.",
            ) from cause
        except OSError as cause:
            raise _not_written(folder, cause) from cause
        try:
            _empty(folder)
            yield folder
        finally:
            _empty(folder)
            lock.release()

    def _targets(self, bundle: Bundle, incident_id: IncidentId) -> dict[str, Path]:
        """Return where the members go that are not here yet."""
        base = self._home.incident_dir(incident_id)
        targets = {}
        here: dict[str, bool] = {}
        for name in bundle.container.members:
            kind, _slash, rest = name.partition("/")
            if kind == AUDIO:
                folder = base / AUDIO / rest.split("/")[0]
                if folder.name not in here:
                    here[folder.name] = _has_audio(folder)
                if not here[folder.name]:
                    targets[name] = base / name
            elif kind == EVIDENCE and not (base / name).exists():
                targets[name] = base / name
        return targets

    def _extract(self, bundle: Bundle, incoming: Path, targets: dict[str, Path]) -> None:
        sizes = {name: bundle.container.members[name].size for name in targets}
        done, total = 0, sum(sizes.values())
        folders = set()
        for name in targets:
            draft = incoming / name
            draft.parent.mkdir(parents=True, exist_ok=True)
            folders.add(draft.parent)
            _copy_out(bundle, name, draft)
            done += sizes[name]
            self._bus.publish(WorkProgressed(STAGE, done, total))
        for folder in folders:
            sync_folder(folder)

    def _move_in(self, incoming: Path, targets: dict[str, Path]) -> None:
        """Give files their places: a session's in one step, evidence one by one."""
        moves: dict[Path, Path] = {}
        for name, target in targets.items():
            whole = name.startswith(f"{AUDIO}/")
            draft = incoming / name
            moves[draft.parent if whole else draft] = target.parent if whole else target
        for draft, target in moves.items():
            _make_folders(target.parent)
            draft.rename(target)
            sync_folder(target.parent)

    def _other_files(
        self, bundle: Bundle, incident_id: IncidentId, targets: dict[str, Path]
    ) -> Iterator[Conflict]:
        """Yield the files that are here otherwise; ours have stayed."""
        base = self._home.incident_dir(incident_id)
        for head in bundle.manifest.chain_heads:
            name = f"{AUDIO}/{head.session_id}/{JOURNAL_FILE}"
            if name not in targets:
                journal = (base / name).read_bytes() if (base / name).is_file() else b""
                knows_theirs = head.sha256.encode() in journal
                if journal and not knows_theirs and not _differ_by_packing(bundle, name, journal):
                    ours = hashlib.sha256(journal).hexdigest()
                    theirs = bundle.hashes[name]
                    yield Conflict("session", head.session_id, "audio", ours, theirs)
        for evidence in bundle.copy.record.evidence:
            name = f"{EVIDENCE}/{evidence.file}"
            if evidence.file and name in bundle.hashes and name not in targets:
                with (base / name).open("rb") as file:
                    ours = hashlib.file_digest(file, "sha256").hexdigest()
                if ours != bundle.hashes[name]:
                    yield Conflict("evidence", evidence.id, "file", ours, bundle.hashes[name])


def _differ_by_packing(bundle: Bundle, name: str, journal: bytes) -> bool:
    """Whether both journals tell of the same samples, in whatever form these lie."""
    try:
        other = bundle.container.read(name)
    except ContainerError:
        return False  # it has changed since it was checked, and is told of as different
    ours, theirs = (
        [line for line in parse_journal(data, NO_HASH).lines if not isinstance(line, Packed)]
        for data in (journal, other)
    )
    return ours[: len(theirs)] == theirs


def _has_audio(folder: Path) -> bool:
    """Whether a session is here already.

    Raises:
        BundleError: Something else is in its place.
    """
    if (folder / SESSION_FILE).exists():
        return True
    if folder.exists() and any(folder.iterdir()):
        raise BundleError(
            f"{folder} holds files and no recording.",
            remedy="Move that folder away, then open the bundle again.",
        )
    return False


def _copy_out(bundle: Bundle, name: str, draft: Path) -> None:
    """Write a member; it is compared again, since the bundle may change while it is read."""
    digest = hashlib.sha256()
    with draft.open("xb") as file:
        try:
            for block in bundle.container.blocks(name):
                digest.update(block)
                file.write(block)
        except ContainerError as cause:
            raise _changed_meanwhile(name) from cause
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != bundle.hashes[name]:
        raise _changed_meanwhile(name)


def _changed_meanwhile(name: str) -> BundleError:
    return BundleError(
        f"{name} has changed while the bundle was read.",
        remedy="Nothing was opened. Copy the bundle to this machine, then open it.",
    )


def _make_folders(folder: Path) -> None:
    """Make a folder durably, with those above it."""
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def clear_incoming(home: Home) -> None:
    """Let go of what an opening left that was killed; one that runs keeps its files."""
    if home.incoming.is_dir():
        with contextlib.suppress(FolderInUseError):
            lock = FolderLock(home.incoming, LOCK)
            _empty(home.incoming)
            lock.release()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _sessions_added(found: Merge) -> int:
    added = [change.after for change in found.changes if change.before is None]
    return sum(isinstance(entity, Session) for entity in added)


def _not_written(folder: Path, cause: OSError) -> StorageError:
    return StorageError(
        f"The bundle could not be written into {folder}: {cause.strerror or cause}.",
        remedy="Free some disk space, then open it again: that completes it.",
    )
