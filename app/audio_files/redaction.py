"""The one rewrite of sealed audio: stretches that become silence, on the record of the journal.

First the journal says which frames go and what the file's hash is then; only after that is the
file overwritten, in its place, so that the samples lie nowhere else either. Whoever is killed
between the two leaves a file that the journal explains, and the next call goes on from there.
A file system that copies on write, and a disk that moves blocks about, keep old blocks for a
while; no program can reach those.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
from typing import TYPE_CHECKING

from app.audio_files.folder_state import FolderState, folder_state
from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Redacted
from app.audio_files.session_clocks import SessionClocks
from app.audio_files.wav import HEADER_BYTES
from app.domain.errors import AudioNotStoredError, AudioUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.audio_files.track_clock import TrackClock
    from app.audio_files.track_files import TrackFile
    from app.domain.times import Span


def silence(
    session_dir: Path, stretches: Sequence[Span], *, at: str, by: str, reason: str
) -> tuple[str, ...]:
    """Make the stretches silent on every track; return the names of the files that changed.

    What is silent already stays as it is, so this can be called again.

    Raises:
        FolderInUseError: A recorder writes there.
        AudioUnreadableError: A file does not read.
        AudioNotStoredError: The disk is full or cannot be written.
    """
    with contextlib.closing(Journal(session_dir)) as journal:
        before = folder_state(session_dir, journal.found.lines)
        finished = finish_redactions(before)
        if lines := _lines(before, stretches, (at, by, reason)):
            journal.append(*lines)
        changed = finish_redactions(folder_state(session_dir, [*journal.found.lines, *lines]))
        return tuple(sorted({*finished, *changed}))


def foresee_silence(session_dir: Path, stretches: Sequence[Span]) -> tuple[str, ...]:
    """Return the names of the files that ``silence`` would change; changes nothing.

    Raises:
        AudioUnreadableError: A file does not read.
    """
    before = folder_state(session_dir, read_journal(session_dir).lines)
    unfinished = (file.name for file, _lines in _unfinished(before))
    return tuple(sorted({*unfinished, *(line.file for line in _lines(before, stretches))}))


def finish_redactions(state: FolderState) -> list[str]:
    """Do what the journal says and a kill prevented; return the names of those files.

    A file that is then still not as the journal says was changed by somebody: verification
    tells so. The folder's lock is the caller's.

    Raises:
        AudioUnreadableError: A file does not read.
        AudioNotStoredError: The disk cannot be written.
    """
    changed = []
    for file, lines in _unfinished(state):
        for line in lines:
            first_frame = line.start_frame - file.start_frame
            _overwrite(state.folder / file.name, first_frame, _frames(line))
        changed.append(file.name)
    return changed


def _unfinished(state: FolderState) -> Iterator[tuple[TrackFile, list[Redacted]]]:
    """Yield the files that are not as the journal says they are to be, with all that it says."""
    redacted: dict[str, list[Redacted]] = {}
    for line in state.lines:
        if isinstance(line, Redacted):
            redacted.setdefault(line.file, []).append(line)
    for file in state.files:
        lines, path = redacted.get(file.name), state.folder / file.name
        if lines and path.exists() and _sha256(_read(path)) != lines[-1].new_sha256:
            yield file, lines


def _lines(
    state: FolderState, stretches: Sequence[Span], words: tuple[str, str, str] = ("", "", "")
) -> list[Redacted]:
    """Return what the journal is to say of all files; ``words`` are when, by whom and why."""
    clocks = SessionClocks(state.lines)
    return [
        line
        for file in sorted(state.files, key=lambda file: file.name)
        for line in _lines_for(
            state.folder / file.name,
            file,
            [_on_track(clocks.of(file.track_id), stretch) for stretch in stretches],
            words,
        )
    ]


def _on_track(clock: TrackClock, stretch: Span) -> tuple[int, int]:
    """Return the frames of a track that a stretch of the session takes in, rounded outwards."""
    start, end = stretch.start_ms * FRAMES_PER_MS, stretch.end_ms * FRAMES_PER_MS
    if clock.is_plain:
        return start, end
    first, last = clock.track_frames([start, end])
    return math.floor(first), math.ceil(last)


def _lines_for(
    path: Path,
    file: TrackFile,
    stretches: Sequence[tuple[int, int]],
    words: tuple[str, str, str],
) -> list[Redacted]:
    """Return what the journal is to say of a file: a line for each stretch that is not silent."""
    if file.frames is None or not path.exists():
        return []
    file_end = file.start_frame + file.frames
    content: bytearray | None = None
    lines = []
    for first_frame, last_frame in stretches:
        start = max(file.start_frame, first_frame)
        end = min(file_end, last_frame)
        if start >= end:
            continue
        content = content or _read(path)
        old = _sha256(content)
        first = HEADER_BYTES + (start - file.start_frame) * FRAME_BYTES
        length = min(len(content) - first, (end - start) * FRAME_BYTES)
        content[first : first + length] = bytes(max(0, length))
        if (new := _sha256(content)) != old:
            lines.append(Redacted(file.name, start, end, old, new, *words))
    return lines


def _frames(line: Redacted) -> int:
    return line.end_frame - line.start_frame


def _overwrite(path: Path, first_frame: int, frames: int) -> None:
    try:
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            start = HEADER_BYTES + first_frame * FRAME_BYTES
            file.seek(start)
            file.write(bytes(max(0, min(size - start, frames * FRAME_BYTES))))
            file.flush()
            os.fsync(file.fileno())
    except OSError as cause:
        raise AudioNotStoredError(path, cause) from cause


def _read(path: Path) -> bytearray:
    try:
        return bytearray(path.read_bytes())
    except OSError as cause:
        raise AudioUnreadableError(path, str(cause.strerror)) from cause


def _sha256(content: bytes | bytearray) -> str:
    return hashlib.sha256(content).hexdigest()
