"""Writes a document whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

from contextlib import contextmanager


def write_whole(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file durably: a reader, or a power cut, sees all of it or nothing new.

    Raises:
        ExportError: The file exists and may not be replaced, or the disk refuses.
    """
    if path.exists() and not overwrite:
        raise _exists(path)
    try:
        with _temporary(path.parent) as (descriptor, temporary):
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _publish(temporary, path, overwrite=overwrite)
    except OSError as cause:
        raise _refused(path, cause) from cause


def make_room(folder: Path) -> None:
    """Make a folder for what stands beside a document; one that is there is used.

    Raises:
        ExportError: The disk refuses.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as cause:
        raise _refused(folder, cause) from cause


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[int, Path]]:
    """Make a file beside the target; it is gone afterwards, whatever happens."""
    descriptor, name = tempfile.mkstemp(prefix=".hotwash-", dir=folder)
    path = Path(name)
    try:
        yield descriptor, path
    finally:
        path.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path, *, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(path)
        return
    try:
        # A link refuses a name that exists; a rename would replace what came meanwhile.
        path.hardlink_to(temporary)
    except FileExistsError as cause:
        raise _exists(path) from cause
    except OSError:  # a file system without hard links
        temporary.replace(path)


def _refused(path: Path, cause: OSError) -> ExportError:
    return ExportError(
        f"{path} cannot be written: {cause.strerror or cause}.",
        remedy="Choose another folder, or free some disk space.",
    )


def _exists(path: Path) -> ExportError:
    return ExportError(
        f"{path} exists already.",
        remedy="Choose another name; an export replaces it with --force.",
    )
