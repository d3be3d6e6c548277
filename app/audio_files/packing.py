"""Sealed files as FLAC: the same samples in a third to a half of the room.

The FLAC is written aside, on the disk, decoded from there and compared with the WAV. Then the
journal says so, the FLAC takes its place, and the WAV is overwritten and goes: a redaction that
comes later must not find that the same samples lie elsewhere. Whoever is killed at any step
leaves the WAV or a FLAC that was compared, and ``finish_packing`` goes on from there. What the
chain knows a file by stays the hash of its WAV.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audio_files.durable import leaving_nothing, overwrite, sync_folder, write_atomically
from app.audio_files.flac import flac_of
from app.audio_files.folder_state import folder_state
from app.audio_files.format import FILE_FRAMES, PACKING
from app.audio_files.journal import Journal, glance_at_journal
from app.audio_files.journal_lines import Packed
from app.audio_files.stored_audio import FROM_BACKUP, unpacked, wav_of
from app.audio_files.wav import HEADER_BYTES, frames_in, wav_size
from app.domain.engine_types import PackedAudio
from app.domain.errors import AudioNotStoredError, AudioUnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.audio_files.folder_state import FolderState
    from app.audio_files.track_files import TrackFile

# For the journal's lines; the FLAC itself is never larger than its WAV.
MARGIN_BYTES = 1 << 20


def pack_folder(session_dir: Path, *, on_progress: Callable[[int, int], None]) -> PackedAudio:
    """Pack every sealed file that a FLAC makes smaller; tells files done and all there are.

    What is packed already stays as it is, so this can be called again.

    Raises:
        FolderInUseError: Somebody writes there.
        AudioUnreadableError: A file is not as it was recorded; it stays, with those after it.
        AudioNotStoredError: The disk is full or cannot be written.
    """
    with contextlib.closing(Journal(session_dir)) as journal:
        state = folder_state(session_dir, journal.found.lines)
        finish_packing(state)
        _require_room(state)

        def pack(file: TrackFile, wav: bytes, flac: bytes) -> None:
            store_packed(journal, session_dir, file, wav, flac)

        return _each(state, pack, on_progress)


def estimate_packing(session_dir: Path, *, on_progress: Callable[[int, int], None]) -> PackedAudio:
    """Return what ``pack_folder`` would do, changing nothing.

    Raises:
        AudioUnreadableError: A file is not as it was recorded.
    """
    state = folder_state(session_dir, glance_at_journal(session_dir))
    return _each(state, lambda _file, _wav, _flac: None, on_progress)


def store_packed(
    journal: Journal, session_dir: Path, file: TrackFile, wav: bytes, flac: bytes
) -> None:
    """Let a FLAC take the place of a sealed file, be that a WAV or an older FLAC.

    Raises:
        AudioUnreadableError: What was written does not decode to ``wav``; nothing was changed.
        AudioNotStoredError: The disk is full or cannot be written.
    """
    packed = replace(file, sha256=_sha256(wav), packed_sha256=_sha256(flac))
    work = session_dir / PACKING
    try:
        _write_compared(work / packed.stored_name, wav, flac)
        journal.append(Packed(packed.name, packed.sha256, packed.packed_sha256))
        _settle(session_dir, packed)
        _clear(work)
    except OSError as cause:
        raise AudioNotStoredError(session_dir / packed.stored_name, cause) from cause


def finish_packing(state: FolderState) -> list[str]:
    """Do what the journal says and a kill prevented; return the names of those files.

    The folder's lock is the caller's.

    Raises:
        AudioNotStoredError: The disk cannot be written.
    """
    work = state.folder / PACKING
    if not work.is_dir():
        return []
    try:
        settled = [file.stored_name for file in state.sealed if _settle(state.folder, file)]
        _clear(work)
    except OSError as cause:
        raise AudioNotStoredError(work, cause) from cause
    return settled


def was_cut_off(session_dir: Path) -> bool:
    """Whether a packing is under way, or was killed."""
    return (session_dir / PACKING).is_dir()


def _each(
    state: FolderState,
    store: Callable[[TrackFile, bytes, bytes], None],
    on_progress: Callable[[int, int], None],
) -> PackedAudio:
    waiting = _waiting(state)
    files = before = after = 0
    for done, file in enumerate(waiting, start=1):
        wav = _as_recorded(state.folder, file)
        flac = flac_of(wav[HEADER_BYTES:])
        if len(flac) < len(wav):
            store(file, wav, flac)
            files, before, after = files + 1, before + len(wav), after + len(flac)
        on_progress(done, len(waiting))
    packed_before = sum(file.is_packed for file in state.sealed)
    return PackedAudio(files, before, after, len(waiting) - files, packed_before)


def _waiting(state: FolderState) -> list[TrackFile]:
    return [
        file
        for file in state.sealed
        if not file.is_packed and 0 < state.frames(file) <= FILE_FRAMES
    ]


def _as_recorded(session_dir: Path, file: TrackFile) -> bytes:
    wav = wav_of(session_dir, file)
    if _sha256(wav) != file.sha256:
        raise AudioUnreadableError(
            session_dir / file.name, "it is not as it was recorded", remedy=FROM_BACKUP
        )
    return wav


def _require_room(state: FolderState) -> None:
    """See that the largest WAV has room for its FLAC, which is kept only if it is smaller."""
    largest = max((wav_size(state.frames(file)) for file in _waiting(state)), default=0)
    if shutil.disk_usage(state.folder).free < largest + MARGIN_BYTES:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise AudioNotStoredError(state.folder / PACKING, full)


def _write_compared(draft: Path, wav: bytes, flac: bytes) -> None:
    """Write the FLAC, durably, and decode it from the disk."""
    draft.parent.mkdir(exist_ok=True)
    try:
        write_atomically(draft, flac)
        sync_folder(draft.parent.parent)
        with draft.open("rb") as written:
            same = unpacked(written, draft, frames_in(len(wav))) == wav
    except BaseException:  # also when a person ends it: nothing has been said of it yet
        _clear(draft.parent)
        raise
    if not same:
        _clear(draft.parent)
        raise AudioUnreadableError(draft, "it does not decode to what was packed")


def _settle(session_dir: Path, file: TrackFile) -> bool:
    """Bring a packed file to its place and let its WAV go; tell whether it was not there yet."""
    if not file.is_packed:
        return False
    place, draft = (folder / file.stored_name for folder in (session_dir, session_dir / PACKING))
    comes = _has_hash(draft, file.packed_sha256)
    if comes:
        with leaving_nothing(place):
            draft.replace(place)
            sync_folder(session_dir)
    wav = session_dir / file.name
    if _has_hash(place, file.packed_sha256) and _has_hash(wav, file.sha256):
        # Who reads it at this moment sees by the name that these are not its samples any more.
        wav.replace(session_dir / PACKING / file.name)
        sync_folder(session_dir)
    return comes


def _clear(work: Path) -> None:
    """Overwrite and remove what is not needed any more."""
    for path in work.iterdir():
        with path.open("r+b") as file:
            overwrite(file)
        path.unlink()
    work.rmdir()


def _has_hash(path: Path, sha256: str) -> bool:
    return path.is_file() and _sha256(path.read_bytes()) == sha256


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
