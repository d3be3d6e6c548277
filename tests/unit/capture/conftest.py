from pathlib import Path

import pytest

from app.audio_files.format import SessionInfo, TrackInfo
from app.audio_files.session_folder import create_session
from app.domain.engine_types import TrackAudio
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import now_utc

TRACK = TrackId("trk-1")


@pytest.fixture
def target(tmp_path: Path) -> TrackAudio:
    folder = tmp_path / "session"
    track = TrackInfo(TRACK, TrackLabel.BRIDGE, TrackSource.FILE, "call.wav", 16_000)
    info = SessionInfo(
        IncidentId("inc"), SessionId("ses"), SessionKind.IMPORT, now_utc(), (track,)
    )
    create_session(folder, info)
    return TrackAudio(TRACK, folder, TrackLabel.BRIDGE)
