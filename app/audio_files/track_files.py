"""Which files make up a track, and where each begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.format import PART_SUFFIX
from app.audio_files.fresh_lines import FreshLines, line_of
from app.audio_files.journal_lines import Opened, Sealed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.audio_files.journal_lines import Line
    from app.domain.ids import TrackId
    from app.domain.sessions import TrackLabel


@dataclass(frozen=True, slots=True)
class TrackFile:
    """One file of a track; ``frames`` is None while it is open: then its size tells."""

    track_id: TrackId
    label: TrackLabel
    name: str
    start_frame: int
    frames: int | None = None

    def candidates(self, session_dir: Path) -> tuple[Path, ...]:
        """Return where the file may be; the sealing of an open one may be under way."""
        sealed = session_dir / self.name
        return (sealed,) if self.frames is not None else (_part(sealed), sealed)


class TrackFiles:
    """The files of all tracks of one session, as the journal names them."""

    def __init__(self) -> None:
        self._by_name: dict[str, TrackFile] = {}

    def learn(self, lines: Iterable[Line | None]) -> None:
        """Take in further lines of the journal."""
        for line in lines:
            if isinstance(line, Sealed):
                self._by_name[line.file] = TrackFile(
                    line.track_id, line.label, line.file, line.start_frame, line.frames
                )
            elif isinstance(line, Opened):
                # Opened again: the first attempt met a full disk and wrote nothing.
                self._by_name[line.file] = TrackFile(
                    line.track_id, line.label, line.file, line.start_frame
                )

    def of(self, track_id: TrackId) -> list[TrackFile]:
        """Return the track's files in the order of time."""
        files = [file for file in self._by_name.values() if file.track_id == track_id]
        return sorted(files, key=lambda file: file.start_frame)

    def all(self) -> list[TrackFile]:
        """Return the files of every track."""
        return list(self._by_name.values())


class JournalTail:
    """The files of a session as its journal grows."""

    def __init__(self, session_dir: Path) -> None:
        self._fresh = FreshLines(session_dir)
        self.files = TrackFiles()

    def refresh(self) -> bool:
        """Read what is new and tell whether there was anything; damaged lines are left out.

        Raises:
            OSError: The journal cannot be read.
        """
        found = False
        for text in self._fresh:
            found = True
            self.files.learn((line_of(text, b"opened", b"sealed"),))
        return found


def _part(sealed: Path) -> Path:
    return sealed.with_name(sealed.name + PART_SUFFIX)
