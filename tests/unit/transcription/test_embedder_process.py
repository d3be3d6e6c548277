"""How voices sound, told by a real model in a real process."""

from __future__ import annotations

import math
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from app.domain.errors import (
    AudioUnreadableError,
    DiarizationUnavailableError,
    ModelDamagedError,
    VoicesProcessEndedError,
)
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from app.domain.voice_vectors import SpokenStretch, likeness
from tests.unit.transcription.watching_reader import WatchingReader
from transcription.embedder_process import EmbedderProcess
from transcription.low_priority import NICENESS
from transcription.pyannote_pipeline import VBX_ALIKE
from transcription.voice_embedder import LONGEST_MS, voice_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.engine_types import TrackAudio

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

PIPELINE = Path(__file__).parents[3] / "resources" / "models" / "demo-voices"
SILENCE_S = 20


@pytest.fixture
def embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbedderProcess]:
    """One whose steps into the network are written down."""
    monkeypatch.setenv("WATCH_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    embedder = EmbedderProcess(str(PIPELINE), make_reader=WatchingReader)
    yield embedder
    embedder.stop()


@pytest.fixture
def room(write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes]) -> TrackAudio:
    """The demonstration's room, after which nothing is heard for a while."""
    pcm = demo_pcm[TrackLabel.ROOM]
    (track,) = write_tracks({TrackLabel.ROOM: pcm + bytes(SILENCE_S * 32_000)})
    return track


def stretch(track: TrackAudio, start_ms: int, end_ms: int) -> SpokenStretch:
    return SpokenStretch(track, Span(start_ms, end_ms))


def test_voices_are_heard_in_a_process_that_gives_way_and_tells_nobody(
    embedder: EmbedderProcess, room: TrackAudio, tmp_path: Path
) -> None:
    """In one test, for a child loads torch."""
    first = embedder.vector(stretch(room, 1_000, 3_780))
    again = embedder.vector(stretch(room, 1_000, 3_780))
    assert first is not None
    assert first == again
    assert math.isclose(likeness(first, first), 1, rel_tol=1e-5)

    other = embedder.vector(stretch(room, 6_371, 8_719))
    assert other is not None
    assert likeness(first, other) < 0.9999, "another stretch sounds otherwise"

    assert embedder.vector(stretch(room, 1_000, 1_005)) is None, "too short"
    end_ms = len(room_pcm(room)) // 32
    assert embedder.vector(stretch(room, end_ms - 4_000, end_ms)) is None, "nothing is heard"
    middle = embedder.vector(stretch(room, 0, 3 * LONGEST_MS))
    assert middle == embedder.vector(stretch(room, LONGEST_MS, 2 * LONGEST_MS))

    assert embedder.model().same_above == VBX_ALIKE
    assert psutil.Process(embedder.pid).nice() >= NICENESS, "it gives way to everything else"

    assert (tmp_path / "log").read_text() == "watching, metrics 0\n"
    damaged = replace(room, session_dir=tmp_path / "damaged")
    shutil.copytree(room.session_dir, damaged.session_dir)
    for file in damaged.session_dir.glob("room-*.wav"):
        file.write_bytes(b"")
    with pytest.raises(AudioUnreadableError):
        embedder.vector(stretch(damaged, 0, 4_000))
    assert embedder.vector(stretch(room, 1_000, 3_780)) == first, "it goes on"

    os.kill(embedder.pid or 0, signal.SIGKILL)
    with pytest.raises(VoicesProcessEndedError, match=r"\(-9\)"):
        embedder.vector(stretch(room, 1_000, 3_780))


def test_without_a_pipeline_it_says_how_to_get_one() -> None:
    with pytest.raises(DiarizationUnavailableError, match="No folder") as told:
        EmbedderProcess("")
    assert "models add" in told.value.remedy


@pytest.mark.parametrize("config", ["params: {}", "no: [yaml", "params: {clustering: 3}"])
def test_a_pipeline_that_does_not_say_when_two_voices_are_one_is_told(
    tmp_path: Path, config: str
) -> None:
    shutil.copytree(PIPELINE, tmp_path / "damaged")
    (tmp_path / "damaged" / "config.yaml").write_text(config)

    with pytest.raises(ModelDamagedError, match="does not load") as told:
        voice_model(tmp_path / "damaged")
    assert "config.yaml" in told.value.remedy


@pytest.mark.parametrize(
    ("method", "same_above"),
    [("centroid", 1 - 0.7**2 / 2), ("average", 0.3), ("complete", 0.3)],
)
def test_the_pipelines_own_threshold_says_when_two_voices_are_one(
    tmp_path: Path, method: str, same_above: float
) -> None:
    shutil.copytree(PIPELINE, tmp_path / "other")
    clustering = f"{{threshold: 0.7, method: {method}}}"
    (tmp_path / "other" / "config.yaml").write_text(f"params: {{clustering: {clustering}}}")

    assert voice_model(tmp_path / "other").same_above == pytest.approx(same_above)


def test_models_are_told_apart_by_their_weights(tmp_path: Path) -> None:
    shutil.copytree(PIPELINE, tmp_path / "other")
    with (tmp_path / "other" / "embedding" / "pytorch_model.bin").open("ab") as weights:
        weights.write(b"more")

    assert voice_model(tmp_path / "other").id != voice_model(PIPELINE).id


def room_pcm(track: TrackAudio) -> bytes:
    return b"".join(
        path.read_bytes()[44:] for path in sorted(track.session_dir.glob("room-*.wav"))
    )
