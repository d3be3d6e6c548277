from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from app.audio_files.format import SessionInfo, TrackInfo
from app.audio_files.session_folder import create_session, incoming_track
from app.domain.engine_types import TrackAudio
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import now_utc
from tests.transcription_server import SpeechServer
from tests.unit.transcription.proxy_server import ProxyServer
from transcription.model_files import ModelFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.engine_types import RecognitionModel
    from transcription.vad import Samples

RESOURCES = Path(__file__).parents[3] / "resources"


def pcm_of(path: Path) -> bytes:
    """Decode a 16 kHz mono file to s16le."""
    with av.open(str(path)) as container:
        return b"".join(f.to_ndarray().tobytes() for f in container.decode(audio=0))


@pytest.fixture
def demo_model() -> RecognitionModel:
    return ModelFolder(RESOURCES / "none", RESOURCES / "models").recognition_model()


@pytest.fixture
def speech() -> Iterator[SpeechServer]:
    speech = SpeechServer()
    speech.start()
    yield speech
    speech.stop()


@pytest.fixture
def proxy() -> Iterator[ProxyServer]:
    server = ProxyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def demo_pcm() -> dict[TrackLabel, bytes]:
    return {label: pcm_of(RESOURCES / "demo" / f"{label}.flac") for label in TrackLabel}


def cut_at_random(samples: Samples, seed: int) -> Iterator[Samples]:
    """Return samples in blocks as a stream may bring them."""
    chance, at = random.Random(seed), 0  # noqa: S311  no secret depends on it
    while at < len(samples):
        size = chance.randint(1, 20_000)
        yield samples[at : at + size]
        at += size


def samples_of_pcm(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32_768


@pytest.fixture
def write_tracks(tmp_path: Path) -> Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]:
    def write(pcm_by_label: dict[TrackLabel, bytes]) -> list[TrackAudio]:
        session_dir = tmp_path / "session"
        infos = tuple(
            TrackInfo(TrackId(f"trk-{label}"), label, TrackSource.FILE, "test", 16_000)
            for label in pcm_by_label
        )
        create_session(
            session_dir,
            SessionInfo(
                IncidentId("inc-1"), SessionId("ses-1"), SessionKind.HOTWASH, now_utc(), infos
            ),
        )
        tracks = [TrackAudio(info.track_id, session_dir, info.label) for info in infos]
        for track in tracks:
            with incoming_track(track) as writer:
                writer.append(pcm_by_label[track.label])
        return tracks

    return write
