"""Putting a session's folder in order after its recorder was killed."""

from __future__ import annotations

import contextlib
import hashlib
import io
from typing import TYPE_CHECKING

from app.audio_files.conduct import unsaid_pauses
from app.audio_files.durable import sync_data, sync_folder
from app.audio_files.folder_state import FolderState, folder_state
from app.audio_files.format import (
    FRAME_BYTES,
    FRAMES_PER_MS,
    JOURNAL_FILE,
    PACKED_SUFFIX,
    PART_SUFFIX,
    SEALED_SUFFIX,
    SET_ASIDE,
    read_session_info,
)
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Opened, Packed, Repaired, Sealed
from app.audio_files.packing import finish_packing
from app.audio_files.redaction import finish_redactions
from app.audio_files.reserve import release_reserve
from app.audio_files.stored_audio import unpacked
from app.audio_files.wav import HEADER_BYTES, frames_in, wav_header
from app.domain.errors import AudioNotStoredError, AudioUnreadableError
from app.domain.sessions import Gap, GapReason

if TYPE_CHECKING:
    from pathlib import Path

    from app.audio_files.format import SessionInfo, TrackInfo
    from app.audio_files.journal_lines import Line
    from app.audio_files.track_files import TrackFile
    from app.domain.ids import TrackId


def recover_folder(session_dir: Path) -> None:
    """Seal open parts, set unknown files aside, mend the journal's end. Deletes no sound.

    A redaction or a packing that was cut off is finished: the journal says what was meant. Only
    the second copies that a packing had under way go.

    Does nothing where all is well.

    Raises:
        FolderInUseError: Somebody writes there; nothing was touched.
        AudioUnreadableError: The folder holds no session.
        AudioNotStoredError: The disk is full or cannot be written.
    """
    info = read_session_info(session_dir)
    journal_was_lost = not (session_dir / JOURNAL_FILE).exists()
    with contextlib.closing(Journal(session_dir)) as journal:
        release_reserve(session_dir)  # what is to be said now may need it
        adopted = _adopt(session_dir, info) if journal_was_lost else []
        state = folder_state(session_dir, [*journal.found.lines, *adopted])
        finish_packing(state)
        finish_redactions(journal, state)
        try:
            aside = _set_aside(state)
            sealed = [line for file in state.unsealed if (line := _seal(session_dir, file))]
            sync_folder(session_dir)
        except OSError as cause:
            raise AudioNotStoredError(journal.path, cause) from cause
        track_ids = [track.track_id for track in info.tracks]
        lost = [] if state.ended else _lost(state, track_ids) + unsaid_pauses(state, track_ids)
        if adopted or sealed or aside or lost or journal.found.torn:
            names = tuple(line.file for line in sealed)
            torn = journal.found.torn.decode(errors="backslashreplace")
            lines: list[Line] = [*adopted, *sealed, *lost, Repaired(names, aside, torn)]
            journal.append(*lines)


def _adopt(session_dir: Path, info: SessionInfo) -> list[Line]:
    """Guess, without a journal, that the tracks' files follow each other."""
    adopted: list[Line] = []
    for track in info.tracks:
        start_frame = 0
        for path in sorted(session_dir.glob(f"{track.label.value}-??????.*")):
            name = path.name.removesuffix(PART_SUFFIX)
            if name.endswith(SEALED_SUFFIX):
                adopted.append(Opened(track.track_id, track.label, name, start_frame))
                start_frame += frames_in(path.stat().st_size)
            elif name.endswith(PACKED_SUFFIX):
                lines = _adopt_packed(path, track, start_frame)
                adopted += lines
                start_frame += sum(line.frames for line in lines if isinstance(line, Sealed))
    return adopted


def _adopt_packed(path: Path, track: TrackInfo, start_frame: int) -> list[Line]:
    """Return what the journal is to say of a FLAC; nothing of one that cannot be read."""
    name = path.name.removesuffix(PACKED_SUFFIX) + SEALED_SUFFIX
    if path.with_name(name).exists():
        return []  # the WAV counts
    try:
        flac = path.read_bytes()
        wav = unpacked(io.BytesIO(flac), path, None)
    except (OSError, AudioUnreadableError):
        return []  # set aside, and told
    frames, sha256 = frames_in(len(wav)), hashlib.sha256(wav).hexdigest()
    sealed = Sealed(track.track_id, track.label, name, start_frame, frames, sha256)
    return [sealed, Packed(name, sha256, hashlib.sha256(flac).hexdigest())]


def _set_aside(state: FolderState) -> tuple[str, ...]:
    names = []
    for path in state.unexplained():
        folder = state.folder / SET_ASIDE
        folder.mkdir(exist_ok=True)
        path.rename(_free_name(folder / path.name))
        names.append(path.name)
    return tuple(names)


def _free_name(wanted: Path) -> Path:
    path, number = wanted, 1
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}.{number}")
    return path


def _seal(session_dir: Path, file: TrackFile) -> Sealed | None:
    """Make a part a whole file, of the length that its size tells."""
    path = next((path for path in file.candidates(session_dir) if path.exists()), None)
    if path is None:
        return None
    with path.open("r+b") as part:
        frames = frames_in(part.seek(0, 2))
        part.truncate(HEADER_BYTES + frames * FRAME_BYTES)
        part.seek(0)
        part.write(wav_header(frames))
        part.flush()
        part.seek(0)
        digest = hashlib.file_digest(part, "sha256").hexdigest()
        sync_data(part.fileno())
    path.rename(session_dir / file.name)
    return Sealed(file.track_id, file.label, file.name, file.start_frame, frames, digest)


def _lost(state: FolderState, track_ids: list[TrackId]) -> list[Gap]:
    """Name what the clock says was stored and is not there."""
    gaps = []
    for track_id in track_ids:
        have, had = state.duration_ms(track_id), state.last_clock_frame(track_id) // FRAMES_PER_MS
        known = any(gap.track_id == track_id and gap.end_ms >= had for gap in state.gaps)
        if have < had and not known:
            gaps.append(Gap(track_id, have, had, GapReason.CRASH))
    return gaps
