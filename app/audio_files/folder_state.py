"""What lies in a session's folder, compared with what the journal says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.format import (
    ATTACH_LOCK,
    FRAMES_PER_MS,
    INCOMING_SESSION_FILE,
    JOURNAL_FILE,
    LOCK_FILE,
    PACKING,
    PART_SUFFIX,
    RECORDER_FILES,
    SESSION_FILE,
    SET_ASIDE,
)
from app.audio_files.journal_lines import Clock, Ended
from app.audio_files.track_files import TrackFiles
from app.audio_files.wav import frames_in
from app.domain.sessions import Gap, Marker

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.audio_files.journal_lines import Line
    from app.audio_files.track_files import TrackFile
    from app.domain.ids import TrackId

OWN_FILES = RECORDER_FILES | {
    SESSION_FILE,
    INCOMING_SESSION_FILE,
    JOURNAL_FILE,
    LOCK_FILE,
    ATTACH_LOCK,
    SET_ASIDE,
    PACKING,
}


@dataclass(frozen=True, slots=True)
class FolderState:
    """A session's folder at one moment."""

    folder: Path
    lines: tuple[Line, ...]
    files: tuple[TrackFile, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The stretches without audio that the journal names."""
        return tuple(line for line in self.lines if isinstance(line, Gap))

    @property
    def markers(self) -> tuple[Marker, ...]:
        """The markers that were set during the recording."""
        return tuple(line for line in self.lines if isinstance(line, Marker))

    @property
    def ended(self) -> bool:
        """Whether the recorder closed the session."""
        return any(isinstance(line, Ended) for line in self.lines)

    @property
    def sealed(self) -> tuple[TrackFile, ...]:
        """Files whose content is final, but for redactions."""
        return tuple(file for file in self.files if file.frames is not None)

    @property
    def unsealed(self) -> tuple[TrackFile, ...]:
        """Files that were begun and not sealed."""
        return tuple(file for file in self.files if file.frames is None)

    def duration_ms(self, track_id: TrackId) -> int:
        """Return where the track's last file ends."""
        ends = (
            file.start_frame + self.frames(file)
            for file in self.files
            if file.track_id == track_id
        )
        return max(ends, default=0) // FRAMES_PER_MS

    def frames(self, file: TrackFile) -> int:
        """Return the length of a file, of an open one by its size."""
        if file.frames is not None:
            return file.frames
        for path in file.candidates(self.folder):
            if path.exists():
                return frames_in(path.stat().st_size)
        return 0

    def last_clock_frame(self, track_id: TrackId) -> int:
        """Return how far the track had come, on the disk, at its last tick; 0 without one."""
        for line in reversed(self.lines):
            if isinstance(line, Clock) and line.track_id == track_id:
                return line.frame
        return 0

    def unexplained(self) -> tuple[Path, ...]:
        """Return what lies in the folder and is neither ours nor in the journal."""
        known = set(OWN_FILES)
        for file in self.files:
            known.add(file.stored_name)
            if file.frames is None:
                known.add(file.name + PART_SUFFIX)
        return tuple(sorted(path for path in self.folder.iterdir() if path.name not in known))

    def set_aside(self) -> tuple[Path, ...]:
        """Return what was set aside before."""
        folder = self.folder / SET_ASIDE
        return tuple(sorted(folder.iterdir())) if folder.is_dir() else ()


def folder_state(folder: Path, lines: Iterable[Line]) -> FolderState:
    """Look at the folder through the lines of its journal."""
    known = tuple(lines)
    files = TrackFiles()
    files.learn(known)
    return FolderState(folder, known, tuple(files.all()))
