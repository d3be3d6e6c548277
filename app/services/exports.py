"""Use case: write a document of the record."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from app.audio_files.durable import sync_folder
from app.domain.errors import ExportError
from app.services.record_json import record_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.domain.ids import IncidentId
    from app.domain.ports import RecordStore
    from app.domain.record import Record


class DocumentWriter(Protocol):
    """Makes one kind of document."""

    def write(self, record: Record, path: Path, *, overwrite: bool) -> None:
        """Write the document; the path holds all of it or what was there before.

        Raises:
            ExportError: It cannot be written there.
        """


class JsonDocument:
    """The whole record, with its schema version."""

    def write(self, record: Record, path: Path, *, overwrite: bool) -> None:
        """Write the record as JSON."""
        refuse_to_overwrite(path, overwrite=overwrite)
        write_atomically(path, record_bytes(record))


class Exports:
    """Writes documents; formats are names such as ``pdf``."""

    def __init__(self, store: RecordStore, writers: Mapping[str, DocumentWriter]) -> None:
        self._store = store
        self._writers = writers

    @property
    def formats(self) -> list[str]:
        """The formats there are."""
        return sorted(self._writers)

    def write(
        self,
        incident_id: IncidentId,
        *,
        format: str,  # noqa: A002  the command line calls it so
        path: Path,
        overwrite: bool = False,
    ) -> Path:
        """Write the incident's document and return where it is.

        Raises:
            ExportError: There is no such format or folder, the file exists, or it cannot be
                written.
        """
        writer = self._writers.get(format)
        if writer is None:
            raise ExportError(
                f"There is no format “{format}”.", remedy=f"Choose {', '.join(self.formats)}."
            )
        _refuse_missing_folder(path)
        writer.write(self._store.record(incident_id), path, overwrite=overwrite)
        return path


def _refuse_missing_folder(path: Path) -> None:
    """Refuse before anything is made: a folder that is not there was more likely mistyped."""
    if not path.parent.is_dir():
        raise ExportError(
            f"There is no folder {path.parent}.",
            remedy="Make it first, or choose a folder that is there.",
        )


def refuse_to_overwrite(path: Path, *, overwrite: bool) -> None:
    """Refuse a path that is taken.

    Raises:
        ExportError: The file exists, and ``overwrite`` is not set.
    """
    if path.exists() and not overwrite:
        raise ExportError(
            f"{path} exists already.",
            remedy="Choose another name; an export replaces it with --force.",
        )


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a half.

    Raises:
        ExportError: The folder is missing or cannot be written, or the disk is full.
    """
    with drafted(path) as file:
        file.write(content)


@contextlib.contextmanager
def drafted(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes the path's place when the context ends well.

    Raises:
        ExportError: The folder is missing or cannot be written, or the disk is full.
    """
    draft: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        draft = Path(name)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        draft = None
        sync_folder(path.parent)
    except OSError as cause:
        raise ExportError(
            f"{path} cannot be written: {cause.strerror or cause}.",
            remedy="Choose another folder, or free some disk space.",
        ) from cause
    finally:
        if draft is not None:  # also on Ctrl-C
            draft.unlink(missing_ok=True)
