"""Whose turn it is to recognise a session: one program at a time, or words would be doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock

if TYPE_CHECKING:
    from app.domain.home import Home
    from app.domain.sessions import Session


def take_turn(home: Home, session: Session) -> FolderLock | None:
    """Take the session's turn; None while another program, or another part of this one, has it.

    The system gives it back when this process ends, however it ends.
    """
    folder = home.incident_dir(session.incident_id)
    try:
        return FolderLock(folder, f"{session.id}.recognition.lock")
    except FolderInUseError:
        return None
