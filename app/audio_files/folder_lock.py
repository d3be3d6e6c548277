"""One writer per folder: held by the recorder while it lives, released by its death."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from app.audio_files.durable import make_folder
from app.audio_files.format import LOCK_FILE
from app.domain.errors import AppError, AudioNotStoredError

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOOK_AGAIN_S = 0.05


class FolderInUseError(AppError):
    """Another process writes into the session's folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"A recorder is writing into {folder}.", remedy="Stop that recording first."
        )


def is_being_written(folder: Path) -> bool:
    """Whether somebody alive writes there, be it a recorder that hangs at the moment."""
    return is_held(folder, LOCK_FILE)


def is_held(folder: Path, name: str) -> bool:
    """Whether somebody alive has the lock of this name."""
    if not (folder / name).exists():
        return False
    try:
        FolderLock(folder, name).release()
    except FolderInUseError:
        return True
    except OSError:  # no right to write there, and nobody else is seen to
        return False
    return False


def lock_new_folder(folder: Path) -> FolderLock:
    """Make the folder, unless it is there, and take its lock.

    Raises:
        FolderInUseError: Somebody else has it.
        AudioNotStoredError: The disk is full, or the folder cannot be written.
    """
    try:
        make_folder(folder)
        return FolderLock(folder)
    except OSError as cause:
        raise AudioNotStoredError(folder / LOCK_FILE, cause) from cause


class FolderLock:
    """An advisory lock that the system drops when the process ends, however it ends."""

    def __init__(self, folder: Path, name: str = LOCK_FILE) -> None:
        """Take the lock named ``name`` in the folder.

        Raises:
            FolderInUseError: Somebody else has it.
        """
        self._fd = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._fd, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            os.close(self._fd)
            raise FolderInUseError(folder) from cause

    def release(self) -> None:
        """Let others write."""
        os.close(self._fd)


def wait_for_lock(folder: Path, name: str, *, patience_s: float) -> FolderLock:
    """Take the lock as soon as it is free; the system tells nobody that it became so.

    Raises:
        FolderInUseError: Somebody else has it for longer than that.
        OSError: The folder cannot be written.
    """
    ends = time.monotonic() + patience_s
    while True:
        try:
            return FolderLock(folder, name)
        except FolderInUseError:
            if time.monotonic() >= ends:
                raise
        time.sleep(LOOK_AGAIN_S)
