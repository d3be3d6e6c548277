"""Writes a track in real time, with a tick each tenth of a second, until it is killed."""

import contextlib
import sys
import time
from pathlib import Path

from app.audio_files.format import write_session_info
from app.audio_files.journal import Journal
from app.audio_files.writer import TrackWriter
from app.domain.sessions import TrackLabel
from tests.unit.audio_files.recordings import ROOM, a_session_info, noise

BLOCK = 1_600


def main(session_dir: Path) -> None:
    write_session_info(session_dir, a_session_info())
    pcm = memoryview(noise(600 * BLOCK))
    with contextlib.closing(Journal(session_dir)) as journal:
        writer = TrackWriter(session_dir, journal, ROOM, TrackLabel.ROOM, file_frames=5 * BLOCK)
        for number in range(600):
            writer.append(pcm[number * BLOCK * 2 : (number + 1) * BLOCK * 2])
            writer.sync(monotonic_ns=number, utc="2026-03-12T14:46:00Z")
            print(writer.position, flush=True)
            time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
