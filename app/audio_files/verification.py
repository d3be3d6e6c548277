"""Comparing a session's files with its journal, and the journal with its own chain."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.audio_files.folder_state import FolderState, folder_state
from app.audio_files.format import JOURNAL_FILE, SESSION_FILE, read_session_info, session_hash
from app.audio_files.journal import read_journal
from app.audio_files.session_clocks import SessionClocks, clock_events, on_session
from app.audio_files.stored_audio import wav_of
from app.domain.engine_types import AudioVerification, FileProblem
from app.domain.errors import AudioUnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from app.audio_files.journal import JournalContent
    from app.audio_files.track_files import TrackFile


def verify_folder(session_dir: Path) -> AudioVerification:
    """Read every sealed file again. An open part is no problem, nor is a gap."""
    try:
        journal = read_journal(session_dir)
    except AudioUnreadableError as unreadable:
        problem = FileProblem(unreadable.path, "unreadable")
        return AudioVerification(0, 0, (problem,), (), "")
    state = folder_state(session_dir, journal.lines)
    problems = _of_the_record(session_dir, journal)
    total = 0
    for file in state.sealed:
        size, reason = _compare(session_dir, file)
        total += size
        if reason:
            problems.append(FileProblem(session_dir / file.stored_name, reason))
    problems += _of_open_parts(state)
    problems += [FileProblem(path, "extra") for path in state.unexplained()]
    head = journal.head if journal.count else ""
    gaps = on_session(state.gaps, SessionClocks(journal.lines))
    events = clock_events(journal.lines)
    return AudioVerification(len(state.sealed), total, tuple(problems), gaps, head, events)


def _of_the_record(session_dir: Path, journal: JournalContent) -> list[FileProblem]:
    """Tell what is wrong with ``session.json`` and with the journal."""
    problems = []
    session_path, journal_path = session_dir / SESSION_FILE, session_dir / JOURNAL_FILE
    if not session_path.exists():
        problems.append(FileProblem(session_path, "missing"))
    elif journal.begins_with != session_hash(session_dir):
        problems.append(FileProblem(session_path, "changed"))
    else:
        try:
            read_session_info(session_dir)
        except AudioUnreadableError:
            problems.append(FileProblem(session_path, "unreadable"))
    if not journal_path.exists():
        problems.append(FileProblem(journal_path, "missing"))
    elif not journal.intact:
        problems.append(FileProblem(journal_path, "changed"))
    return problems


def _of_open_parts(state: FolderState) -> list[FileProblem]:
    """Tell which begun files are gone although the clock ran on in them."""
    return [
        FileProblem(state.folder / file.name, "missing")
        for file in state.unsealed
        if not any(path.exists() for path in file.candidates(state.folder))
        and state.last_clock_frame(file.track_id) > file.start_frame
    ]


def _compare(session_dir: Path, file: TrackFile) -> tuple[int, str]:
    """Return the file's size and what is wrong with it, empty if nothing is.

    A packed one must be the FLAC that was made, and decode to the WAV that was sealed.
    """
    try:
        with (session_dir / file.stored_name).open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            size = opened.tell()
        if digest != file.stored_sha256:
            return size, "changed"
        if file.is_packed:
            digest = hashlib.sha256(wav_of(session_dir, file)).hexdigest()
    except FileNotFoundError:
        return 0, "missing"
    except (OSError, AudioUnreadableError):
        return 0, "unreadable"
    return size, "" if digest == file.sha256 else "changed"
