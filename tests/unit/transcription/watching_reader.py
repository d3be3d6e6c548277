"""A reader that keeps watch in the engine's child: it notes what goes to the network there.

``WATCH_LOG`` names the file. Being a class of a module, the child can make one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.audio_files.reader import FolderAudioReader

NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}


def watch_the_network() -> None:
    log = Path(os.environ["WATCH_LOG"])

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event in NETWORK:
            with log.open("a") as file:
                file.write(f"{event} {arguments[1:]}\n")

    with log.open("a") as file:
        file.write(f"watching, metrics {os.environ.get('PYANNOTE_METRICS_ENABLED')}\n")
    sys.addaudithook(note)


class WatchingReader(FolderAudioReader):
    def __init__(self) -> None:
        super().__init__()
        watch_the_network()
