"""Reads one file of a track, whichever of its forms it lies in: a WAV, or the FLAC of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from app.audio_files.flac import FlacDamagedError, read_flac
from app.audio_files.format import FRAME_BYTES, PACKED_SUFFIX
from app.audio_files.wav import HEADER_BYTES, wav_header, wav_size
from app.domain.errors import AudioUnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from app.audio_files.track_files import TrackFile

FROM_BACKUP = "Put the file back from a backup."


def read_frames(session_dir: Path, file: TrackFile, skipped: int, wanted: int) -> bytes:
    """Return up to ``wanted`` frames of one file after ``skipped``.

    Raises:
        AudioUnreadableError: The file is missing or damaged.
    """
    if file.frames is not None and skipped >= file.frames:
        return b""
    for path in file.candidates(session_dir):
        try:
            with path.open("rb") as opened:
                data = _frames_of(opened, path, file, skipped, wanted)
            if path.exists():  # else it was packed meanwhile, and its blocks are being overwritten
                return data
        except FileNotFoundError:
            continue
        except OSError as cause:
            raise AudioUnreadableError(path, str(cause.strerror)) from cause
    if file.frames is None:
        return b""  # named in the journal, not yet made
    raise AudioUnreadableError(session_dir / file.stored_name, "it is missing", remedy=FROM_BACKUP)


def wav_of(session_dir: Path, file: TrackFile) -> bytes:
    """Return a sealed file as the WAV that the chain knows, byte by byte, also of a packed one.

    Raises:
        AudioUnreadableError: It is missing or damaged.
    """
    path = session_dir / file.stored_name
    try:
        if not file.is_packed:
            return path.read_bytes()
        with path.open("rb") as opened:
            return unpacked(opened, path, file.frames)
    except OSError as cause:
        raise AudioUnreadableError(path, str(cause.strerror), remedy=FROM_BACKUP) from cause


def unpacked(opened: BinaryIO, path: Path, frames: int | None) -> bytes:
    """Return the WAV of which the open FLAC is the packed form.

    ``path`` is for the error; ``frames`` as in ``read_flac``.

    Raises:
        AudioUnreadableError: It is damaged, or of another length.
        OSError: The system does not let it be read.
    """
    try:
        pcm = read_flac(opened, frames=frames)
    except FlacDamagedError as cause:
        raise AudioUnreadableError(path, str(cause), remedy=FROM_BACKUP) from cause
    return wav_header(len(pcm) // FRAME_BYTES) + pcm


def _frames_of(opened: BinaryIO, path: Path, file: TrackFile, skipped: int, wanted: int) -> bytes:
    if path.suffix == PACKED_SUFFIX:
        try:
            return read_flac(opened, frames=file.frames, first=skipped, wanted=wanted)
        except FlacDamagedError as cause:
            raise AudioUnreadableError(path, str(cause), remedy=FROM_BACKUP) from cause
    size = opened.seek(0, 2)
    if file.frames is not None and size != wav_size(file.frames):
        raise AudioUnreadableError(path, "it is not as long as it was", remedy=FROM_BACKUP)
    opened.seek(HEADER_BYTES + skipped * FRAME_BYTES)
    data = opened.read(wanted * FRAME_BYTES)
    return data[: len(data) // FRAME_BYTES * FRAME_BYTES]
