"""Fills a small file system of its own, makes room, goes on; run inside a mount namespace."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

from app.audio_files.archive import FolderArchive
from app.audio_files.format import write_session_info
from app.audio_files.journal import Journal
from app.audio_files.reader import FolderAudioReader
from app.audio_files.writer import TrackWriter
from app.domain.errors import AudioNotStoredError
from app.domain.sessions import TrackLabel
from tests.unit.audio_files.recordings import ROOM, SECOND, a_session_info, noise, room_of


def main(mount_point: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", mount_point], check=True)
    ballast, session_dir = mount_point / "ballast", mount_point / "session"
    ballast.write_bytes(bytes(400_000))
    pcm = noise(25 * SECOND)  # 800 kB
    write_session_info(session_dir, a_session_info())
    with contextlib.closing(Journal(session_dir)) as journal:
        writer = TrackWriter(session_dir, journal, ROOM, TrackLabel.ROOM, file_frames=4 * SECOND)
        said = fill(writer, pcm)
        position_when_full = writer.position
        verified_when_full = FolderArchive().verify(session_dir)
        duration_when_full = FolderAudioReader().duration_ms(room_of(session_dir))
        kept = FolderAudioReader().pcm(room_of(session_dir), 0, duration_when_full)
        ballast.unlink()
        writer.append(pcm[writer.position * 2 :])
        writer.close()
    outcome = {
        "said": said,
        "position_when_full": position_when_full,
        "problems_when_full": len(verified_when_full.problems),
        "all_kept_when_full": kept == pcm[: position_when_full // 16 * 32],
        "problems_at_the_end": len(FolderArchive().verify(session_dir).problems),
        "all_there_at_the_end": FolderAudioReader().pcm(room_of(session_dir), 0, 25_000) == pcm,
    }
    print(json.dumps(outcome))


def fill(writer: TrackWriter, pcm: bytes) -> str:
    """Write until nothing fits, then try a few times more, as the recorder does."""
    said = ""
    for _ in range(3):
        try:
            while writer.position < len(pcm) // 2:
                start = writer.position * 2
                writer.append(pcm[start : start + 3_200])
                writer.sync(monotonic_ns=1, utc="2026-03-12T14:46:00Z")
        except AudioNotStoredError as full:
            said = str(full)
    return said


if __name__ == "__main__":
    main(Path(sys.argv[1]))
