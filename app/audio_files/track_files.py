"""Which files make up a track, and where each begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.audio_files.format import PART_SUFFIX, packed_name
from app.audio_files.fresh_lines import FreshLines, line_of
from app.audio_files.journal_lines import Opened, Packed, Redacted, Sealed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.audio_files.journal_lines import Line
    from app.domain.ids import TrackId
    from app.domain.sessions import TrackLabel

KINDS = (b"opened", b"sealed", b"redacted", b"packed")


@dataclass(frozen=True, slots=True)
class TrackFile:
    """One file of a track.

    Attributes:
        track_id: Whose audio it is.
        label: What the track's files are named by.
        name: What the journal names it by: that of the WAV, also once it is packed.
        start_frame: Where on the track it begins.
        frames: How many it has; None while it is open: then its size tells.
        sha256: What the WAV's hash must be now; empty for one that no file can have.
        packed_sha256: What the FLAC's hash must be; empty for a file that is not packed.
    """

    track_id: TrackId
    label: TrackLabel
    name: str
    start_frame: int
    frames: int | None = None
    sha256: str = ""
    packed_sha256: str = ""

    @property
    def is_packed(self) -> bool:
        """Whether its samples lie in a FLAC."""
        return bool(self.packed_sha256)

    @property
    def stored_name(self) -> str:
        """The name under which its samples lie."""
        return packed_name(self.name) if self.is_packed else self.name

    @property
    def stored_sha256(self) -> str:
        """What the hash of the file of that name must be."""
        return self.packed_sha256 or self.sha256

    def candidates(self, session_dir: Path) -> tuple[Path, ...]:
        """Return where the file may be, as its sealing or its packing may be under way."""
        sealed = session_dir / self.name
        if self.frames is None:
            return sealed.with_name(sealed.name + PART_SUFFIX), sealed
        packed = session_dir / packed_name(self.name)
        # The FLAC comes to its place right after the journal has said so, and before the WAV goes.
        return (packed, sealed, packed) if self.is_packed else (sealed, packed)


class TrackFiles:
    """The files of all tracks of one session, as the journal names them."""

    def __init__(self) -> None:
        self._by_name: dict[str, TrackFile] = {}

    def learn(self, lines: Iterable[Line | None]) -> None:
        """Take in further lines of the journal."""
        for line in lines:
            match line:
                case Sealed():
                    self._by_name[line.file] = TrackFile(
                        line.track_id,
                        line.label,
                        line.file,
                        line.start_frame,
                        line.frames,
                        line.sha256,
                    )
                case Opened():
                    # Opened again: the first attempt met a full disk and wrote nothing.
                    self._open(line)
                case Redacted() | Packed():
                    self._change(line)
                case _:
                    pass

    def _open(self, line: Opened) -> None:
        known = self._by_name.get(line.file)
        if known is None or known.frames is None:
            self._by_name[line.file] = TrackFile(
                line.track_id, line.label, line.file, line.start_frame
            )

    def _change(self, line: Redacted | Packed) -> None:
        """Take in what became of a sealed file.

        It counts only if it began from the file as it was: as sealed, or as redacted last.
        """
        known = self._by_name.get(line.file)
        if known is None or known.frames is None:
            return
        if isinstance(line, Packed):
            sha256 = line.sha256 if known.sha256 == line.sha256 else ""
            changed = replace(known, sha256=sha256, packed_sha256=line.packed_sha256)
        else:
            sha256 = line.new_sha256 if known.sha256 == line.old_sha256 else ""
            changed = replace(known, sha256=sha256)
        self._by_name[line.file] = changed

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
            self.files.learn((line_of(text, *KINDS),))
        return found
