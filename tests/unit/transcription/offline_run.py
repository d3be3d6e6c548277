"""Run as a program: the demonstration's opening, recognised offline, the network under watch."""

from __future__ import annotations

import sys
from pathlib import Path

from app.domain.engine_types import TrackAudio
from app.domain.ids import TrackId
from app.domain.sessions import TrackLabel
from tests.unit.transcription.listener import Listener
from tests.unit.transcription.watching_reader import WatchingReader, watch_the_network
from transcription.model_files import ModelFolder
from transcription.recognizer_process import RecognizerProcess

if __name__ == "__main__":
    watch_the_network()
    session_dir, shipped = Path(sys.argv[1]), Path(sys.argv[2])
    models = ModelFolder(session_dir / "no-models", shipped, offline=True)
    listener = Listener()
    process = RecognizerProcess(models.recognition_model(), listener, make_reader=WatchingReader)
    track = TrackAudio(TrackId("trk-room"), session_dir, TrackLabel.ROOM)
    process.follow(track, from_ms=0)
    process.finish(track.track_id, until_ms=9_000)
    listener.wait_until(lambda heard: heard.finished)
    process.stop()
    print(*listener.texts("trk-room"), sep="\n")
