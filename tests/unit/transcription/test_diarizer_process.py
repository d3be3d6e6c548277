from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import (
    AudioUnreadableError,
    DiarizationUnavailableError,
    ModelDamagedError,
    ModelDownloadError,
    ModelError,
    ModelMissingError,
)
from app.domain.sessions import TrackLabel
from tests.unit.transcription.conftest import pcm_of
from tests.unit.transcription.hub_server import HubServer, served
from tests.unit.transcription.watching_reader import WatchingReader
from transcription.diarizer_process import DiarizerProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import SpeakerTurn, TrackAudio

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

EXCERPT = Path("speech/ami/trn04.flac")
TWO = (2, 2)


@pytest.fixture(scope="module")
def built(
    test_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[tuple[int, int, str]]]:
    """A pipeline's folder, and the turns that the stock pipeline finds in the excerpt."""
    folder = tmp_path_factory.mktemp("pipelines") / "small"
    script = Path(__file__).with_name("small_pipeline.py")
    printed = subprocess.run(
        [sys.executable, "-W", "ignore", script, test_data, folder, test_data / EXCERPT],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return folder, json.loads(printed)


@pytest.fixture
def meeting(write_tracks: WriteTracks, test_data: Path) -> TrackAudio:
    (track,) = write_tracks(
        {TrackLabel.ROOM: pcm_of(test_data / EXCERPT)[14_000 * 32 : 26_000 * 32]}
    )
    return track


@pytest.fixture
def silence(write_tracks: WriteTracks) -> TrackAudio:
    (track,) = write_tracks({TrackLabel.ROOM: bytes(32_000)})
    return track


def ask(diarizer: DiarizerProcess, track: TrackAudio) -> list[SpeakerTurn]:
    return diarizer.turns(track, speakers=TWO, on_progress=lambda _step, _share: None)


def test_turns_are_those_of_the_stock_pipeline_and_nothing_is_sent_home(
    built: tuple[Path, list[tuple[int, int, str]]],
    meeting: TrackAudio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, expected = built
    monkeypatch.setenv("WATCH_LOG", str(tmp_path / "log"))
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    steps: list[tuple[str, float]] = []
    diarizer = DiarizerProcess(str(folder), threads=1, make_reader=WatchingReader)

    turns = diarizer.turns(
        meeting, speakers=TWO, on_progress=lambda step, share: steps.append((step, share))
    )

    found = [(turn.span.start_ms, turn.span.end_ms, turn.label) for turn in turns]
    # The stock pipeline lets the last turn run on beyond the audio.
    assert found == [
        (start_ms, min(end_ms, 12_000), label) for start_ms, end_ms, label in expected
    ]
    assert {turn.label for turn in turns} == {"SPEAKER_00", "SPEAKER_01"}
    assert {turn.track_id for turn in turns} == {meeting.track_id}
    for before, after in itertools.pairwise(turns):
        assert before.span.end_ms <= after.span.start_ms
    assert {"segmentation", "embeddings"} <= {step for step, _ in steps}
    assert all(0 <= share <= 1 for _, share in steps)
    assert (tmp_path / "log").read_text() == "watching, metrics 0\n"


def test_a_killed_child_is_told(
    built: tuple[Path, list[tuple[int, int, str]]], meeting: TrackAudio
) -> None:
    def kill(_step: str, _share: float) -> None:
        (child,) = [p for p in multiprocessing.active_children() if p.name == "diarizer"]
        os.kill(child.pid or 0, signal.SIGKILL)

    diarizer = DiarizerProcess(str(built[0]), threads=1)

    with pytest.raises(ModelError, match=r"ended unexpectedly \(-9\)"):
        diarizer.turns(meeting, speakers=TWO, on_progress=kill)


def test_a_damaged_pipeline_is_told(
    built: tuple[Path, list[tuple[int, int, str]]], silence: TrackAudio, tmp_path: Path
) -> None:
    shutil.copytree(built[0], tmp_path / "damaged")
    (tmp_path / "damaged" / "segmentation" / "pytorch_model.bin").write_bytes(b"nothing")

    with pytest.raises(ModelDamagedError, match="does not load") as told:
        ask(DiarizerProcess(str(tmp_path / "damaged")), silence)
    assert "config.yaml" in told.value.remedy


def test_without_pyannote_the_remedy_says_how_to_install_it(
    silence: TrackAudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyannote").mkdir()
    (tmp_path / "pyannote" / "__init__.py").write_text("raise ImportError('it is not installed')")
    (tmp_path / "torch.py").write_text("")
    (tmp_path / "config.yaml").write_text("{}")
    monkeypatch.syspath_prepend(tmp_path)  # the child searches where its parent does

    with pytest.raises(DiarizationUnavailableError, match="it is not installed") as told:
        ask(DiarizerProcess(str(tmp_path)), silence)
    assert "hotwash[diarization]" in told.value.remedy


def test_without_a_pipeline_the_remedy_says_how_to_set_one(silence: TrackAudio) -> None:
    with pytest.raises(DiarizationUnavailableError, match="No speaker pipeline is set") as told:
        ask(DiarizerProcess(""), silence)
    assert "speaker-diarization-community-1" in told.value.remedy


@pytest.mark.parametrize("name", ["nowhere", "./nowhere", "/nowhere/at/all"])
def test_a_folder_that_is_not_there_is_told(silence: TrackAudio, name: str) -> None:
    with pytest.raises(ModelMissingError, match="is not there"):
        ask(DiarizerProcess(name), silence)


def test_a_folder_without_a_pipeline_is_told(silence: TrackAudio, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"no config\.yaml"):
        ask(DiarizerProcess(str(tmp_path)), silence)


def test_damaged_audio_is_told(silence: TrackAudio, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("{}")
    (file,) = silence.session_dir.glob("room-*.wav")
    file.write_bytes(b"")

    with pytest.raises(AudioUnreadableError, match=file.name):
        ask(DiarizerProcess(str(tmp_path)), silence)


def test_a_pipeline_is_fetched_by_its_hub_name_with_the_token(
    built: tuple[Path, list[tuple[int, int, str]]],
    meeting: TrackAudio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, expected = built
    hub = served(folder, "team/small-pipeline")
    hub.start()
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    try:
        turns = ask(DiarizerProcess("team/small-pipeline", token="hf_secret"), meeting)
    finally:
        hub.stop()

    assert [(t.span.start_ms, t.span.end_ms, t.label) for t in turns] == [
        tuple(turn) for turn in expected
    ]
    assert "Bearer hf_secret" in hub.tokens


def test_a_hub_that_does_not_know_the_pipeline_is_told(
    silence: TrackAudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = HubServer("team/other", {})
    hub.start()
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    try:
        with pytest.raises(ModelDownloadError, match="team/small-pipeline") as told:
            ask(DiarizerProcess("team/small-pipeline", token="hf_secret"), silence)
    finally:
        hub.stop()
    assert "token" in told.value.remedy
