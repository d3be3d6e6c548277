"""Taking words out of what a session's folder says of itself: markers' texts, devices' names.

The lines of the journal build on each other, so that the chain is made anew from the first line
that changes, and a last line says so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audio_files.durable import leaving_nothing, write_atomically
from app.audio_files.folder_lock import FolderLock
from app.audio_files.format import JOURNAL_FILE, SESSION_FILE
from app.audio_files.journal import chained, read_journal
from app.audio_files.journal_lines import Reworded, canonical, encode
from app.domain.engine_types import Rewording
from app.domain.errors import AudioNotStoredError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# The texts of each kind of line; everything else in them is a name or a number.
TEXTS = {
    "marker": ("text", "by"),
    "repaired": ("torn",),
    "redacted": ("reason", "by"),
    "reworded": ("by",),
}


def reword(session_dir: Path, change: Callable[[str], str], *, at: str, by: str) -> Rewording:
    """Change the texts, where the folder is as it was recorded.

    Raises:
        FolderInUseError: A recorder writes there.
        AudioNotStoredError: The disk is full or cannot be written.
    """
    lock = FolderLock(session_dir)
    try:
        found = _found(session_dir, change)
        if found.outcome is Rewording.CHANGED:
            _write(session_dir, found, at, by)
    except OSError as cause:
        raise AudioNotStoredError(session_dir / JOURNAL_FILE, cause) from cause
    else:
        return found.outcome
    finally:
        lock.release()


def foresee_rewording(session_dir: Path, change: Callable[[str], str]) -> Rewording:
    """Return what ``reword`` would do; changes nothing."""
    return _found(session_dir, change).outcome


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be written: ``session.json`` where names changed, the journal where lines did.

    ``numbers`` are those of the lines that changed, 0 for the hash that the journal begins with.
    """

    outcome: Rewording
    session: bytes = b""
    names_changed: bool = False
    numbers: tuple[int, ...] = ()
    lines: tuple[dict[str, Any], ...] = ()
    head: str = ""


def _found(session_dir: Path, change: Callable[[str], str]) -> _Found:
    session = (session_dir / SESSION_FILE).read_bytes()
    new_session = _reworded_session(session, change)
    content = read_journal(session_dir)
    begins_with = hashlib.sha256(new_session).hexdigest()
    journal = (session_dir / JOURNAL_FILE).read_bytes()[: content.size]
    lines = [json.loads(text) for text in journal.splitlines()]
    names_changed = session != new_session
    numbers = [0] if names_changed and content.begins_with != begins_with else []
    numbers += [n for n, line in enumerate(lines, start=1) if _reword_line(line, change)]
    if not numbers and not names_changed:
        return _Found(Rewording.UNCHANGED)
    known = {hashlib.sha256(session).hexdigest(), begins_with}  # the latter: killed half-way
    if not content.intact or content.begins_with not in known:
        return _Found(Rewording.NOT_AS_RECORDED)
    outcome = Rewording.CHANGED
    return _Found(outcome, new_session, names_changed, tuple(numbers), tuple(lines), content.head)


def _write(session_dir: Path, found: _Found, at: str, by: str) -> None:
    if found.numbers:
        told = Reworded(found.numbers, found.head, at, by)
        texts = [canonical(_plain(line)) for line in found.lines]
        texts.append(encode(told, len(found.lines) + 1))
        begins_with = hashlib.sha256(found.session).hexdigest()
        replace_leaving_nothing(session_dir / JOURNAL_FILE, _chain(texts, begins_with))
    if found.names_changed:
        replace_leaving_nothing(session_dir / SESSION_FILE, found.session)


def replace_leaving_nothing(path: Path, content: bytes) -> None:
    """Give a file new content in one step, and overwrite the blocks that held the old one."""
    with leaving_nothing(path):
        write_atomically(path, content)


def _reworded_session(session: bytes, change: Callable[[str], str]) -> bytes:
    fields = json.loads(session)
    changed = False
    for track in fields["tracks"]:
        device = change(track["device"])
        changed = changed or device != track["device"]
        track["device"] = device
    if not changed:
        return session
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def _reword_line(line: dict[str, Any], change: Callable[[str], str]) -> bool:
    changed = False
    for name in TEXTS.get(line["type"], ()):
        new = change(line[name])
        changed = changed or new != line[name]
        line[name] = new
    return changed


def _plain(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in {"prev", "hash"}}


def _chain(texts: list[str], begins_with: str) -> bytes:
    head, lines = begins_with, []
    for text in texts:
        line, head = chained(text, head)
        lines.append(line)
    return "".join(lines).encode()
