"""Getting bytes onto the disk so that a power cut leaves the old or the new, never a mixture."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sync_data(fd: int) -> None:
    """Wait until a file's bytes and its length are on the disk."""
    if sys.platform == "linux":
        os.fdatasync(fd)  # leaves the modification time for later, which halves the wait
    else:
        os.fsync(fd)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does that by itself."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Make a folder that no other user of this machine can look into, unless it is there.

    Those above it that are missing are made, too; the names of all of them are then safe.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in missing:
        sync_folder(path.parent)


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Give ``path`` this content in one step; ``mode`` holds from the first byte on."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with open(fd, "wb") as file:  # noqa: PTH123  the descriptor carries the mode
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def leaving_nothing(path: Path) -> Iterator[None]:
    """Overwrite, afterwards, the blocks of a file that is replaced meanwhile.

    Windows replaces no file that is open: there, the old blocks are only given back.
    """
    if sys.platform == "win32" or not path.exists():
        yield
        return
    with path.open("r+b") as old:
        yield
        overwrite(old)


def overwrite(file: BinaryIO) -> None:
    """Fill an open file with zeros, durably."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    file.write(bytes(size))
    file.flush()
    os.fsync(file.fileno())
