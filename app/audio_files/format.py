"""What a session's folder holds: names, units and ``session.json``.

::

    session.json            what is being recorded; written first, never changed. Of files that
                            are being attached, session.json.incoming until all are there
    journal.jsonl           what has happened, each line chained to the one before
    room-000001.wav         sealed: header right, hashed, listed in the journal
    room-000002.wav.part    being written: its size counts, its header does not
    room-000003.flac        a sealed file that was packed; the journal has the hashes of both forms
    packing/                what is on its way there; what a kill leaves in it, recovery settles
    set_aside/              files that nothing explains; never read, never deleted
    attach.lock             held by a program while it attaches files
    recorder.json …         how to reach the recorder while it runs
    reserve                 room to say in the journal that the disk was full

Audio is 16 kHz, mono, signed 16-bit little endian. Positions count from the session's start; a
file says in the journal where it begins, so that a gap is simply a stretch that no file covers.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.audio_files.durable import make_folder, write_atomically
from app.domain.errors import AudioNotStoredError, AudioUnreadableError
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import iso_utc, require_aware

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION = 1
SAMPLE_RATE = 16_000
FRAMES_PER_MS = SAMPLE_RATE // 1_000
FRAME_BYTES = 2
FILE_FRAMES = 60 * SAMPLE_RATE

SESSION_FILE = "session.json"
INCOMING_SESSION_FILE = "session.json.incoming"
JOURNAL_FILE = "journal.jsonl"
LOCK_FILE = "writer.lock"
ATTACH_LOCK = "attach.lock"  # beside the writers' own, which is free between two tracks
SEALED_SUFFIX = ".wav"
PART_SUFFIX = ".part"
PACKED_SUFFIX = ".flac"
SET_ASIDE = "set_aside"
PACKING = "packing"
RESERVE_FILE = "reserve"
ADDRESS_FILE = "recorder.json"
RECORDER_FILES = frozenset({ADDRESS_FILE, "recorder.log", "recorder_plan.json", RESERVE_FILE})
NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """One track of a session; ``sample_rate`` is the device's own, the files have 16 kHz.

    ``source_sha256`` is the hash of the file that was attached, None of a recording.
    """

    track_id: TrackId
    label: TrackLabel
    source: TrackSource
    device: str
    sample_rate: int
    source_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What ``session.json`` says."""

    incident_id: IncidentId
    session_id: SessionId
    kind: SessionKind
    start_utc: datetime
    tracks: tuple[TrackInfo, ...]

    def __post_init__(self) -> None:
        require_aware(self.start_utc, "start_utc")
        if len({track.label for track in self.tracks}) != len(self.tracks):
            raise ValueError("each track of a session needs a label of its own")


def write_session_info(session_dir: Path, info: SessionInfo, name: str = SESSION_FILE) -> None:
    """Write ``session.json``, durably; makes the folder.

    Raises:
        AudioNotStoredError: The folder cannot be made or written.
    """
    path = session_dir / name
    fields = asdict(info) | {"format": FORMAT_VERSION, "start_utc": iso_utc(info.start_utc)}
    text = json.dumps(fields, ensure_ascii=False, indent=1) + "\n"
    try:
        make_folder(session_dir)
        write_atomically(path, text.encode())
    except OSError as cause:
        raise AudioNotStoredError(path, cause) from cause


def read_session_info(session_dir: Path) -> SessionInfo:
    """Read ``session.json``.

    Raises:
        AudioUnreadableError: There is none, or it is damaged or of a newer format.
    """
    path = session_dir / SESSION_FILE
    try:
        data = path.read_bytes()
    except OSError as cause:
        raise AudioUnreadableError(
            path, str(cause.strerror), remedy="Look for the folder in a backup."
        ) from cause
    return parse_session_info(data, path)


def parse_session_info(data: bytes, path: Path) -> SessionInfo:
    """Read ``session.json`` from its bytes; ``path`` is for the errors.

    Raises:
        AudioUnreadableError: It is damaged or of a newer format.
    """
    try:
        fields = json.loads(data)
        if fields["format"] > FORMAT_VERSION:
            raise AudioUnreadableError(
                path, "a newer version of the program recorded it", remedy="Update the program."
            )
        return _session_info(fields)
    except (ValueError, KeyError, TypeError) as cause:
        raise AudioUnreadableError(
            path, "it is damaged", remedy="Put the file back from a backup."
        ) from cause


def session_hash(session_dir: Path) -> str:
    """Return what the journal's chain begins with: the SHA-256 of ``session.json``."""
    for name in (SESSION_FILE, INCOMING_SESSION_FILE):
        with contextlib.suppress(FileNotFoundError):
            return hashlib.sha256((session_dir / name).read_bytes()).hexdigest()
    return NO_HASH


def file_name(label: TrackLabel, number: int) -> str:
    """Return the name that the track's file gets when it is sealed."""
    return f"{label.value}-{number:06d}{SEALED_SUFFIX}"


def packed_name(name: str) -> str:
    """Return the name that a sealed file's audio has once it is packed."""
    return name.removesuffix(SEALED_SUFFIX) + PACKED_SUFFIX


def _session_info(fields: dict[str, Any]) -> SessionInfo:
    return SessionInfo(
        incident_id=IncidentId(fields["incident_id"]),
        session_id=SessionId(fields["session_id"]),
        kind=SessionKind(fields["kind"]),
        start_utc=datetime.fromisoformat(fields["start_utc"]),
        tracks=tuple(
            TrackInfo(
                TrackId(track["track_id"]),
                TrackLabel(track["label"]),
                TrackSource(track["source"]),
                track["device"],
                track["sample_rate"],
                track.get("source_sha256"),  # not there in what older versions recorded
            )
            for track in fields["tracks"]
        ),
    )
