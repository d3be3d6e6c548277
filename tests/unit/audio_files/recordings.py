"""Sessions on disk for the tests of the format."""

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from app.audio_files.archive import FolderArchive
from app.audio_files.format import FILE_FRAMES, SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Ended, Packed, Sealed
from app.audio_files.reader import FolderAudioReader
from app.audio_files.writer import TrackWriter
from app.domain.engine_types import PackedAudio, TrackAudio
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import Span

ROOM, BRIDGE = TrackId("trk-room"), TrackId("trk-bridge")
SECOND = 16_000
START = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)


def a_session_info() -> SessionInfo:
    return SessionInfo(
        IncidentId("inc-1"),
        SessionId("ses-1"),
        SessionKind.BRIDGE,
        START,
        (
            TrackInfo(ROOM, TrackLabel.ROOM, TrackSource.MIC, "Desk microphone", 48_000),
            TrackInfo(BRIDGE, TrackLabel.BRIDGE, TrackSource.LOOPBACK, "Monitor", 44_100),
        ),
    )


def noise(frames: int, seed: int = 1) -> bytes:
    """Samples of which no two stretches are alike, and none is zero."""
    random = np.random.default_rng(seed)
    return random.integers(1, 30_000, frames, dtype=np.int16).astype("<i2").tobytes()


def murmur(frames: int, seed: int = 1) -> bytes:
    """Samples as ``noise`` has them, so soft that a FLAC of them is smaller."""
    random = np.random.default_rng(seed)
    return random.integers(1, 1_000, frames, dtype=np.int16).astype("<i2").tobytes()


def pack(session_dir: Path, *, dry_run: bool = False) -> PackedAudio:
    return FolderArchive().pack(session_dir, dry_run=dry_run, on_progress=lambda *_: None)


def exchange(session_dir: Path, name: str, flac: bytes) -> None:
    """Put another FLAC in a packed file's place, and its hash on the chain, as a forger would."""
    (session_dir / name).with_suffix(".flac").write_bytes(flac)
    with contextlib.closing(Journal(session_dir)) as journal:
        (sealed,) = (
            line
            for line in journal.found.lines
            if isinstance(line, Sealed) and line.file == f"{name}.wav"
        )
        forged = hashlib.sha256(flac).hexdigest()
        journal.append(Packed(sealed.file, sealed.sha256, forged))


def room_of(session_dir: Path) -> TrackAudio:
    return TrackAudio(ROOM, session_dir, TrackLabel.ROOM)


@contextlib.contextmanager
def writing(session_dir: Path, *, file_frames: int = FILE_FRAMES) -> Iterator[TrackWriter]:
    """A room track being written; it is left as it is, as a killed recorder leaves it."""
    write_session_info(session_dir, a_session_info())
    with contextlib.closing(Journal(session_dir)) as journal:
        writer = TrackWriter(session_dir, journal, ROOM, TrackLabel.ROOM, file_frames=file_frames)
        try:
            yield writer
        finally:
            writer.abandon()


def record(session_dir: Path, pcm: bytes, *, file_frames: int = FILE_FRAMES) -> None:
    """Write a whole, ended session with one track."""
    with writing(session_dir, file_frames=file_frames) as writer:
        writer.append(pcm)
        writer.close()
    with contextlib.closing(Journal(session_dir)) as journal:
        journal.append(Ended())


def murmured(folder: Path) -> bytes:
    pcm = murmur(4 * SECOND)
    record(folder, pcm, file_frames=SECOND)
    return pcm


def heard(folder: Path) -> bytes:
    return FolderAudioReader().pcm(room_of(folder), 0, 4_000)


def silent(pcm: bytes, span: Span) -> bytes:
    start, end = 32 * span.start_ms, 32 * span.end_ms
    return pcm[:start] + bytes(end - start) + pcm[end:]


def sounds(folder: Path) -> list[str]:
    """Name what lies in the folder beside session, journal and lock."""
    return sorted(
        p.name for p in folder.iterdir() if p.name[-5:] not in {".json", "jsonl", ".lock"}
    )


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
