"""Who works with a model: any number use it, or one program fetches, adds or removes it.

A file beside the models is locked; the system drops the lock with the process, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from app.domain.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    USERS_AT_MOST = 64  # each locks a byte of its own

    def _share(fd: int) -> None:
        for place in range(USERS_AT_MOST):
            os.lseek(fd, place, os.SEEK_SET)
            with contextlib.suppress(OSError):  # another user's byte
                msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
                return
        raise BlockingIOError

    def _take(fd: int) -> None:
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, USERS_AT_MOST)
else:
    import fcntl

    def _share(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def _take(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def use(folder: Path) -> None:
    """Note that this process works with a model, until it ends.

    Raises:
        ModelError: Another program removes it, or puts it there.
    """
    try:
        fd = _opened(folder)
    except OSError:
        return  # a folder that is only read: there, nobody removes anything
    try:
        _share(fd)
    except OSError as cause:
        os.close(fd)
        raise ModelError(
            f"The model “{folder.name}” is being changed by another program.",
            remedy="Wait until it is done, then try again.",
        ) from cause


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Keep a model for this program alone, there or yet to come.

    Raises:
        ModelError: Another program works with it.
        OSError: The lock's file cannot be made.
    """
    fd = _opened(folder)
    try:
        try:
            _take(fd)
        except OSError as cause:
            raise ModelError(
                f"Another program works with the model “{folder.name}”: it is being used, "
                "fetched, added or removed.",
                remedy="Wait until that is done, or close the other program.",
            ) from cause
        yield
    finally:
        os.close(fd)


def _opened(folder: Path) -> int:
    return os.open(folder.with_name(f".{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
