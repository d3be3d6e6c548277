"""Comparing a session's files with its journal, and the journal with its own chain."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.audio_files.folder_state import FolderState, folder_state
from app.audio_files.format import JOURNAL_FILE, SESSION_FILE, read_session_info, session_hash
from app.audio_files.journal import read_journal
from app.audio_files.journal_lines import Redacted, Sealed
from app.audio_files.session_clocks import SessionClocks, clock_events, on_session
from app.domain.engine_types import AudioVerification, FileProblem
from app.domain.errors import AudioUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.audio_files.journal import JournalContent
    from app.audio_files.journal_lines import Line


def verify_folder(session_dir: Path) -> AudioVerification:
    """Read every sealed file again. An open part is no problem, nor is a gap."""
    try:
        journal = read_journal(session_dir)
    except AudioUnreadableError as unreadable:
        problem = FileProblem(unreadable.path, "unreadable")
        return AudioVerification(0, 0, (problem,), (), "")
    state = folder_state(session_dir, journal.lines)
    problems = _of_the_record(session_dir, journal)
    sealed = sealed_hashes(journal.lines)
    total = 0
    for name, sha256 in sealed.items():
        size, reason = _compare(session_dir / name, sha256)
        total += size
        if reason:
            problems.append(FileProblem(session_dir / name, reason))
    problems += _of_open_parts(state)
    problems += [FileProblem(path, "extra") for path in state.unexplained()]
    head = journal.head if journal.count else ""
    gaps = on_session(state.gaps, SessionClocks(journal.lines))
    events = clock_events(journal.lines)
    return AudioVerification(len(sealed), total, tuple(problems), gaps, head, events)


def sealed_hashes(lines: Iterable[Line]) -> dict[str, str]:
    """Return what each sealed file's hash must be now; empty for one that no file can have.

    A redaction counts only if it began from the file as it was sealed, or redacted before.
    """
    expected: dict[str, str] = {}
    for line in lines:
        if isinstance(line, Sealed):
            expected[line.file] = line.sha256
        elif isinstance(line, Redacted):
            began_well = expected.get(line.file) == line.old_sha256
            expected[line.file] = line.new_sha256 if began_well else ""
    return expected


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


def _compare(path: Path, sha256: str) -> tuple[int, str]:
    """Return the file's size and what is wrong with it, empty if nothing is."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except FileNotFoundError:
        return 0, "missing"
    except OSError:
        return 0, "unreadable"
    return size, "" if digest == sha256 else "changed"
