"""Whose turn it is to recognise a session: one program at a time, or words would be doubled."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, FolderLock, is_being_written
from app.domain.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@contextlib.contextmanager
def turn_of(home: Home, session: Session) -> Iterator[None]:
    """Keep the session's turn.

    Raises:
        BeingTranscribedError: Another program has it, or another part of this one.
    """
    turn = take_turn(home, session)
    if turn is None:
        raise BeingTranscribedError(session.id)
    try:
        yield
    finally:
        turn.release()


@contextlib.contextmanager
def at_rest(home: Home, session: Session) -> Iterator[None]:
    """See to it that nobody records or recognises the session while its audio is changed.

    Raises:
        FolderInUseError: It is being recorded.
        BeingTranscribedError: It is being transcribed.
    """
    folder = home.session_dir(session.incident_id, session.id)
    if not folder.is_dir():
        yield
        return
    if is_being_written(folder):
        raise FolderInUseError(folder)
    with turn_of(home, session):
        yield


class BeingTranscribedError(RecordError):
    """A session is being transcribed, so that words of it may come at any moment."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"Session “{session_id}” is being transcribed.",
            remedy="Wait until that is done, or stop it; nothing was changed.",
        )
