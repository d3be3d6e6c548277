"""Beginning and ending a session's folder, and moving finished tracks into it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.durable import make_folder, sync_folder
from app.audio_files.folder_lock import FolderInUseError, FolderLock
from app.audio_files.format import (
    ATTACH_LOCK,
    INCOMING_SESSION_FILE,
    SESSION_FILE,
    write_session_info,
)
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Ended, Opened, Sealed
from app.audio_files.writer import TrackWriter
from app.domain.errors import AudioNotStoredError
from app.domain.sessions import Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.audio_files.format import SessionInfo
    from app.domain.engine_types import TrackAudio

INCOMING_PREFIX = ".incoming-"
UNFINISHED = ".unfinished"  # so earlier versions named what a killed attachment had left


@contextlib.contextmanager
def attaching(session_dir: Path) -> Iterator[None]:
    """Make the folder and hold it while files are attached to it: nobody removes it.

    Raises:
        AudioNotStoredError: The folder cannot be made or written.
    """
    try:
        make_folder(session_dir)
        lock = FolderLock(session_dir, ATTACH_LOCK)
    except OSError as cause:
        raise AudioNotStoredError(session_dir, cause) from cause
    try:
        yield
    finally:
        lock.release()
        (session_dir / ATTACH_LOCK).unlink(missing_ok=True)


def remove_unfinished(session_dir: Path) -> bool:
    """Remove what a program left that died while it attached files; return whether it did.

    That was the beginning of a copy, and never a recording: whoever attached has the file. A
    folder that is being attached to, or holds a session, stays; so does sound of which nothing
    says that it is such a copy, as where a session's description was lost.
    """
    begun = session_dir / INCOMING_SESSION_FILE
    if (session_dir / SESSION_FILE).exists() or session_dir.suffix == UNFINISHED:
        return False
    try:
        if not begun.exists() and any(map(_may_be_kept, session_dir.iterdir())):
            return False
        FolderLock(session_dir, ATTACH_LOCK).release()
        for path in session_dir.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path != begun:  # it goes last: were this killed, it tells the next start
                path.unlink()
        shutil.rmtree(session_dir)
    except (FolderInUseError, OSError):  # the next start tries again
        return False
    return True


def _may_be_kept(path: Path) -> bool:
    return path.name != ATTACH_LOCK and not path.name.startswith(INCOMING_PREFIX)


def create_session(session_dir: Path, info: SessionInfo) -> None:
    """Make a session's folder, for tracks that are then attached to it.

    Until ``end_session`` nobody else sees a session there: were this process killed, half of
    what was to be attached would look like a recording.

    Raises:
        AudioNotStoredError: The folder cannot be made or written.
    """
    write_session_info(session_dir, info, INCOMING_SESSION_FILE)
    Journal(session_dir).close()


def end_session(session_dir: Path) -> None:
    """Say in the journal that nothing will follow, and let others see the session.

    Raises:
        AudioNotStoredError: The disk is full or gone.
        FolderInUseError: A recorder writes there.
    """
    with contextlib.closing(Journal(session_dir)) as journal:
        journal.append(Ended())
        try:
            (session_dir / INCOMING_SESSION_FILE).rename(session_dir / SESSION_FILE)
            sync_folder(session_dir)
        except OSError as cause:
            raise AudioNotStoredError(session_dir / SESSION_FILE, cause) from cause


@contextlib.contextmanager
def incoming_track(target: TrackAudio) -> Iterator[TrackWriter]:
    """Write a whole track aside; it moves into the session when the context ends well.

    When the context is left by an exception, nothing of the track remains.

    Raises:
        AudioNotStoredError: The disk is full or gone.
        FolderInUseError: A recorder writes into the session.
    """
    # Held all along, so that no recovery takes the draft for the remains of a crash.
    with contextlib.closing(Journal(target.session_dir)) as journal:
        draft = _make_draft(target.session_dir)
        try:
            yield from _drafted(draft, target)
            _move_in(draft, target.session_dir, journal)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _make_draft(session_dir: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=INCOMING_PREFIX, dir=session_dir))
    except OSError as cause:
        raise AudioNotStoredError(session_dir / INCOMING_PREFIX, cause) from cause


def _drafted(draft: Path, target: TrackAudio) -> Iterator[TrackWriter]:
    with contextlib.closing(Journal(draft)) as journal:
        writer = TrackWriter(draft, journal, target.track_id, target.label)
        with contextlib.closing(writer):
            yield writer


def _move_in(draft: Path, session_dir: Path, journal: Journal) -> None:
    """Take the draft's sealed files over: names first, so that the journal never lies."""
    lines = [line for line in read_journal(draft).lines if isinstance(line, Opened | Sealed | Gap)]
    names = [line.file for line in lines if isinstance(line, Sealed)]
    try:
        for name in names:
            (draft / name).rename(session_dir / name)
        sync_folder(session_dir)
        journal.append(*lines)
    except (OSError, AudioNotStoredError) as cause:
        for name in names:
            (session_dir / name).unlink(missing_ok=True)
        if isinstance(cause, OSError):
            raise AudioNotStoredError(journal.path, cause) from cause
        raise


def remove_empty_session(session_dir: Path) -> None:
    """Take back ``create_session``, if no track was attached since.

    Raises:
        AudioNotStoredError: The folder cannot be written.
        FolderInUseError: A recorder writes there.
    """
    with contextlib.closing(Journal(session_dir)) as journal:
        if journal.found.count:
            return
    shutil.rmtree(session_dir, ignore_errors=True)
