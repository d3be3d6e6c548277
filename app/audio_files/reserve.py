"""A little room on the disk, kept so that a recorder can still say that it is full."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from app.audio_files.format import RESERVE_FILE
from app.domain.errors import AudioNotStoredError

if TYPE_CHECKING:
    from pathlib import Path

# File systems give room by blocks of 4 KiB: some lines of the journal, and a file's new name.
RESERVE_BYTES = 32 * 1024


def keep_reserve(session_dir: Path) -> None:
    """Take the room, in a folder whose lock the caller holds.

    Raises:
        AudioNotStoredError: There is none.
    """
    path = session_dir / RESERVE_FILE
    try:
        with path.open("wb") as file:
            # No zeros: a file system that compresses would keep no room for them.
            file.write(os.urandom(RESERVE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as cause:
        release_reserve(session_dir)
        raise AudioNotStoredError(path, cause) from cause


def release_reserve(session_dir: Path) -> None:
    """Give the room back. Never raises."""
    with contextlib.suppress(OSError):
        (session_dir / RESERVE_FILE).unlink(missing_ok=True)
