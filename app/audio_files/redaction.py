"""The one rewrite of sealed audio: stretches that become silence, on the record of the journal.

First the journal says which frames go and what the file's hash is then; only after that is the
file overwritten, in its place, so that the samples lie nowhere else either. Whoever is killed
between the two leaves a file that the journal explains, and the next call goes on from there.
Of a packed file a new FLAC is made, and the blocks of the old one are overwritten.
A file system that copies on write, and a disk that moves blocks about, keep old blocks for a
while; no program can reach those.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
from typing import TYPE_CHECKING

from app.audio_files.flac import flac_of
from app.audio_files.folder_state import FolderState, folder_state
from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Redacted
from app.audio_files.packing import finish_packing, store_packed
from app.audio_files.session_clocks import SessionClocks
from app.audio_files.stored_audio import wav_of
from app.audio_files.wav import HEADER_BYTES
from app.domain.errors import AudioNotStoredError

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
        finished = [*finish_packing(before), *finish_redactions(journal, before)]
        if lines := _lines(before, stretches, (at, by, reason)):
            journal.append(*lines)
        state = folder_state(session_dir, [*journal.found.lines, *lines])
        changed = finish_redactions(journal, state)
        return tuple(sorted({*finished, *changed}))


def foresee_silence(session_dir: Path, stretches: Sequence[Span]) -> tuple[str, ...]:
    """Return the names of the files that ``silence`` would change; changes nothing.

    Raises:
        AudioUnreadableError: A file does not read.
    """
    before = folder_state(session_dir, read_journal(session_dir).lines)
    unfinished = {file.stored_name for file, _lines, _wav in _unfinished(before)}
    silenced = {line.file for line in _lines(before, stretches)}
    changed = {file.stored_name for file in before.files if file.name in silenced}
    return tuple(sorted(unfinished | changed))


def finish_redactions(journal: Journal, state: FolderState) -> list[str]:
    """Do what the journal says and a kill prevented; return the names of those files.

    A WAV is overwritten in its place; a packed file is packed anew, without the stretches. One
    that is then still not as the journal says was changed by somebody: verification tells so.
    The folder's lock is the caller's.

    Raises:
        AudioUnreadableError: A file does not read.
        AudioNotStoredError: The disk cannot be written.
    """
    changed = []
    for file, lines, wav in _unfinished(state):
        if file.is_packed:
            _pack_anew(journal, state.folder, file, wav, lines)
        else:
            for line in lines:
                first_frame = line.start_frame - file.start_frame
                _overwrite(state.folder / file.name, first_frame, _frames(line))
        changed.append(file.stored_name)
    return changed


def _unfinished(state: FolderState) -> Iterator[tuple[TrackFile, list[Redacted], bytes]]:
    """Yield the files that are not as the journal says, all that it says, and them as WAVs."""
    redacted: dict[str, list[Redacted]] = {}
    for line in state.lines:
        if isinstance(line, Redacted):
            redacted.setdefault(line.file, []).append(line)
    for file in state.files:
        lines, path = redacted.get(file.name), state.folder / file.stored_name
        if not lines or not path.exists():
            continue
        wav = wav_of(state.folder, file)
        if _sha256(wav) != lines[-1].new_sha256:
            yield file, lines, wav


def _lines(
    state: FolderState, stretches: Sequence[Span], words: tuple[str, str, str] = ("", "", "")
) -> list[Redacted]:
    """Return what the journal is to say of all files; ``words`` are when, by whom and why."""
    clocks = SessionClocks(state.lines)
    return [
        line
        for file in sorted(state.files, key=lambda file: file.name)
        for line in _lines_for(
            state.folder,
            file,
            [_on_track(clocks.of(file.track_id), stretch) for stretch in stretches],
            words,
        )
    ]


def _pack_anew(
    journal: Journal, session_dir: Path, file: TrackFile, wav: bytes, lines: Sequence[Redacted]
) -> None:
    silent = bytearray(wav)
    for line in lines:
        _blank(silent, line.start_frame - file.start_frame, _frames(line))
    if silent != wav:  # else it differs elsewhere, and a new FLAC would not mend that
        store_packed(journal, session_dir, file, bytes(silent), flac_of(silent[HEADER_BYTES:]))


def _on_track(clock: TrackClock, stretch: Span) -> tuple[int, int]:
    """Return the frames of a track that a stretch of the session takes in, rounded outwards."""
    start, end = stretch.start_ms * FRAMES_PER_MS, stretch.end_ms * FRAMES_PER_MS
    if clock.is_plain:
        return start, end
    first, last = clock.track_frames([start, end])
    return math.floor(first), math.ceil(last)


def _lines_for(
    session_dir: Path,
    file: TrackFile,
    stretches: Sequence[tuple[int, int]],
    words: tuple[str, str, str],
) -> list[Redacted]:
    """Return what the journal is to say of a file: a line for each stretch that is not silent."""
    if file.frames is None or not (session_dir / file.stored_name).exists():
        return []
    file_end = file.start_frame + file.frames
    content: bytearray | None = None
    lines = []
    for first_frame, last_frame in stretches:
        start = max(file.start_frame, first_frame)
        end = min(file_end, last_frame)
        if start >= end:
            continue
        content = content or bytearray(wav_of(session_dir, file))
        old = _sha256(content)
        _blank(content, start - file.start_frame, end - start)
        if (new := _sha256(content)) != old:
            lines.append(Redacted(file.name, start, end, old, new, *words))
    return lines


def _blank(wav: bytearray, first_frame: int, frames: int) -> None:
    start = HEADER_BYTES + first_frame * FRAME_BYTES
    length = max(0, min(len(wav) - start, frames * FRAME_BYTES))
    wav[start : start + length] = bytes(length)


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


def _sha256(content: bytes | bytearray) -> str:
    return hashlib.sha256(content).hexdigest()
