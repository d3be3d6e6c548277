"""Files of evidence, each under the SHA-256 of its content: the same content lies there once."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.audio_files.durable import make_folder, sync_folder
from app.domain.errors import EvidenceError
from app.evidence_files.pictures import make_thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.evidence import Evidence
    from app.domain.home import Home
    from app.domain.ids import IncidentId

BLOCK_BYTES = 1 << 20
SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
DRAFT = ".incoming-"  # what a kill may leave behind; the check names it
THUMBNAILS = ".thumbnails"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of evidence: ``file`` as the record names it, its hash (hex) and size."""

    file: str
    sha256: str
    bytes: int


class EvidenceFiles:
    """Adds files and finds them again; never deletes one, since an undo may ask for it."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def folder(self, incident_id: IncidentId) -> Path:
        """Return the folder that the record's ``file`` paths start from."""
        return self._home.incident_dir(incident_id) / "evidence"

    def thumbnails(self, incident_id: IncidentId) -> Path:
        """Return the folder of the small pictures, which can be made anew."""
        return self.folder(incident_id) / THUMBNAILS

    def path_of(self, evidence: Evidence) -> Path | None:
        """Return where the file lies, or should; None for a mere link."""
        if evidence.file is None:
            return None
        return self.folder(evidence.incident_id) / evidence.file

    def add(
        self, incident_id: IncidentId, content: bytes | Path, *, suffix: str = ""
    ) -> StoredFile:
        """Store bytes, or a copy of a file; durable when this returns.

        ``suffix`` such as ``.png`` is that of the file's name by default.

        Raises:
            EvidenceError: The file is missing, empty or unreadable, or the disk is full.
        """
        wanted = suffix or (content.suffix if isinstance(content, Path) else "")
        ending = wanted.lower() if SUFFIX.fullmatch(wanted.lower()) else ""
        with _opened(content) as source, self._drafting(incident_id) as draft:
            digest, size = _copy(source, draft)
            return StoredFile(self._settle(incident_id, draft, digest, ending), digest, size)

    def intact(self, evidence: Evidence) -> Path:
        """Return where the file lies, once it was read and found to be what was put on record.

        Raises:
            EvidenceError: It is a link, or the file is missing, unreadable or another one.
        """
        path = self.path_of(evidence)
        if path is None:
            raise EvidenceError("It is a link, which has no file.", remedy="Follow it.")
        flaw = flaw_of(path, evidence.sha256 or "")
        if flaw:
            raise EvidenceError(
                f"The file {evidence.name or evidence.file} is {flaw}.",
                remedy="Add the file again, as it was: it takes its old place.",
            )
        return path

    def thumbnail(self, evidence: Evidence) -> Path:
        """Return a small PNG of a picture, made if it is not there yet.

        Raises:
            EvidenceError: It is no picture, a broken or huge one, or not what was put on record.
        """
        path = self.intact(evidence)
        small = self.thumbnails(evidence.incident_id) / f"{evidence.sha256}.png"
        if not small.exists():
            make_thumbnail(path, small)
        return small

    def all_files(self, incident_id: IncidentId) -> list[str]:
        """Return what lies in the folder, small pictures apart, as the record would name it."""
        folder = self.folder(incident_id)
        found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in found if path.parts[0] != THUMBNAILS)

    def _settle(self, incident_id: IncidentId, draft: Path, digest: str, ending: str) -> str:
        """Give the draft its name, unless the content is there already; return that."""
        folder = self.folder(incident_id)
        shelf = folder / digest[:2]
        # A file that was damaged since is none to rely on: the new copy takes its place.
        known = next((p for p in shelf.glob(f"{digest}*") if sha256_of(p) == digest), None)
        if known is None:
            shelf.mkdir(exist_ok=True)
            sync_folder(folder)
            known = shelf / f"{digest}{ending}"
            draft.replace(known)
            sync_folder(shelf)
        return known.relative_to(folder).as_posix()

    @contextmanager
    def _drafting(self, incident_id: IncidentId) -> Iterator[Path]:
        folder = self.folder(incident_id)
        draft: Path | None = None
        try:
            make_folder(folder)
            descriptor, name = tempfile.mkstemp(prefix=DRAFT, dir=folder)
            os.close(descriptor)
            draft = Path(name)
            yield draft
        except OSError as cause:
            raise EvidenceError(
                f"Evidence cannot be stored in {folder}: {cause.strerror or cause}.",
                remedy="Free some disk space, or check the folder's permissions.",
            ) from cause
        finally:
            if draft is not None:
                draft.unlink(missing_ok=True)


def moved_with_its_hash(file: str, old: str, new: str) -> str:
    """Return the name that a file gets when its content, and so its hash, has changed."""
    return file.replace(f"{old[:2]}/{old}", f"{new[:2]}/{new}")


def flaw_of(path: Path, sha256: str) -> str:
    """Return ``missing``, ``unreadable`` or ``changed``; empty where a file is as it was."""
    if not path.is_file():
        return "missing"
    found = sha256_of(path)
    if found == sha256:
        return ""
    return "changed" if found else "unreadable"


def sha256_of(path: Path) -> str:
    """Return the hash (hex) of a file, empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextmanager
def _opened(content: bytes | Path) -> Iterator[BinaryIO]:
    if isinstance(content, bytes):
        yield BytesIO(content)
        return
    if not content.is_file():
        reason = "is no file" if content.exists() else "is not there"
        raise EvidenceError(f"{content} {reason}.", remedy="Check the name.")
    try:
        file = content.open("rb")
    except OSError as cause:
        raise _unreadable(content.name, cause) from cause
    with file:
        yield file


def _copy(source: BinaryIO, draft: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with draft.open("wb") as target:
        while block := _read(source):
            digest.update(block)
            target.write(block)
            size += len(block)
        target.flush()
        os.fsync(target.fileno())
    if size == 0:
        raise EvidenceError("There is nothing in it.", remedy="Choose another file or picture.")
    return digest.hexdigest(), size


def _read(source: BinaryIO) -> bytes:
    try:
        return source.read(BLOCK_BYTES)
    except OSError as cause:  # else it would pass for a full disk
        raise _unreadable("The file", cause) from cause


def _unreadable(name: str, cause: OSError) -> EvidenceError:
    return EvidenceError(
        f"{name} cannot be read: {cause.strerror or cause}.",
        remedy="Check its permissions, or copy it elsewhere first.",
    )
