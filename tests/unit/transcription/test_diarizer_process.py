from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
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
    WorkCancelledError,
)
from app.domain.sessions import TrackLabel
from tests.unit.transcription.conftest import pcm_of
from tests.unit.transcription.hub_server import HubServer, served
from tests.unit.transcription.watching_reader import WatchingReader
from transcription.diarizer_process import DiarizerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.engine_types import SpeakerTurn, TrackAudio
    from tests.proof.recorded import KeepFigure

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

EXCERPT = Path("speech/ami/trn04.flac")
TWO = dict.fromkeys(TrackLabel, (2, 2))
SECONDS, PARTS = 12, 3
KILLS = 50


@dataclass
class Built:
    """A pipeline's folder, and what the stock pipeline finds in the excerpt, also with wide steps.

    It lets the last turn run on beyond the audio.
    """

    folder: Path
    turns: list[tuple[int, int, str]]
    draft: list[tuple[int, int, str]]


@pytest.fixture(scope="module")
def built(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("pipelines") / "small"
    script = Path(__file__).with_name("small_pipeline.py")
    printed = subprocess.run(
        [sys.executable, "-W", "ignore", script, test_data, folder, test_data / EXCERPT],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    turns, draft = json.loads(printed)
    return Built(folder, as_told(turns), as_told(draft))


def excerpt(test_data: Path) -> bytes:
    return pcm_of(test_data / EXCERPT)[14_000 * 32 : (14 + SECONDS) * 1_000 * 32]


@pytest.fixture
def meeting(write_tracks: WriteTracks, test_data: Path) -> TrackAudio:
    (track,) = write_tracks({TrackLabel.ROOM: excerpt(test_data)})
    return track


@pytest.fixture
def silence(write_tracks: WriteTracks) -> TrackAudio:
    (track,) = write_tracks({TrackLabel.ROOM: bytes(32_000)})
    return track


def as_told(turns: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return turns as a diariser tells them: within the audio, voices numbered as they come."""
    numbers: dict[str, str] = {}
    return [
        (start_ms, min(end_ms, SECONDS * 1_000), numbers.setdefault(label, str(len(numbers) + 1)))
        for start_ms, end_ms, label in turns
    ]


def plain(turns: Iterable[SpeakerTurn]) -> list[tuple[int, int, str]]:
    return [(turn.span.start_ms, turn.span.end_ms, turn.label) for turn in turns]


def ask(
    diarizer: DiarizerProcess,
    *tracks: TrackAudio,
    on_progress: Callable[[str, float], None] = lambda _step, _share: None,
    is_draft: bool = False,
) -> list[SpeakerTurn]:
    return diarizer.turns(tracks, speakers=TWO, is_draft=is_draft, on_progress=on_progress)


def running() -> list[int]:
    return [p.pid or 0 for p in multiprocessing.active_children() if p.name == "diarizer"]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@dataclass
class Killer:
    """Kills the child once, as soon as it is told of progress after a moment."""

    at: float
    has_killed: bool = False

    def __call__(self, _step: str, _share: float) -> None:
        if not self.has_killed and time.monotonic() >= self.at:
            self.has_killed = True
            for pid in running():  # none, where it has just ended by itself
                kill(pid)


def test_turns_are_those_of_the_stock_pipeline_and_nothing_is_sent_home(
    built: Built, meeting: TrackAudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCH_LOG", str(tmp_path / "log"))
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    steps: list[tuple[str, float]] = []
    diarizer = DiarizerProcess(str(built.folder), threads=1, make_reader=WatchingReader)

    turns = ask(diarizer, meeting, on_progress=lambda *step: steps.append(step))

    assert plain(turns) == built.turns
    assert {turn.label for turn in turns} == {"1", "2"}
    assert {turn.track_id for turn in turns} == {meeting.track_id}
    for before, after in itertools.pairwise(turns):
        assert before.span.end_ms <= after.span.start_ms
    assert list(dict.fromkeys(step for step, _ in steps)) == [
        "loading the pipeline",
        "listening for who speaks when",
        "comparing voices",
    ]
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert (tmp_path / "log").read_text() == "watching, metrics 0\n"


def test_a_killed_child_is_replaced_and_what_was_heard_is_not_heard_again(
    built: Built, write_tracks: WriteTracks, test_data: Path
) -> None:
    """As a draft, which is what the stock pipeline finds with wider steps."""
    assert built.draft != built.turns
    pcm = excerpt(test_data)
    tracks = write_tracks({TrackLabel.ROOM: pcm, TrackLabel.BRIDGE: pcm})
    diarizer = DiarizerProcess(str(built.folder), threads=1)
    killed: list[int] = []
    after: list[float] = []

    def kill_in_the_second_track(_step: str, share: float) -> None:
        if killed:
            after.append(share)
        elif share > 0.6:
            killed.extend(running())
            kill(*killed)

    turns = ask(diarizer, *tracks, on_progress=kill_in_the_second_track, is_draft=True)

    assert len(killed) == 1
    for track in tracks:
        assert plain(t for t in turns if t.track_id == track.track_id) == built.draft
    assert min(share for share in after if share) >= 0.5, "the first track was heard again"


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_a_diariser_that_is_killed_at_any_moment_hears_everything_once(
    built: Built, meeting: TrackAudio, proof_figure: KeepFigure
) -> None:
    diarizer = DiarizerProcess(str(built.folder), threads=1, part_ms=SECONDS * 1_000 // PARTS)
    began = time.monotonic()
    undisturbed = plain(ask(diarizer, meeting))
    took_s = time.monotonic() - began
    chance = random.Random(11)  # noqa: S311  the same moments each time, no secret
    same = 0
    for _ in range(KILLS):
        killer = Killer(time.monotonic() + chance.uniform(0, took_s))
        same += plain(ask(diarizer, meeting, on_progress=killer)) == undisturbed

    proof_figure("diariser killed, labels the same", same, f"of {KILLS}", f"{KILLS}")
    assert same == KILLS


def test_a_child_that_dies_each_time_is_told(built: Built, meeting: TrackAudio) -> None:
    killed: list[int] = []

    def kill_each(_step: str, _share: float) -> None:
        for pid in set(running()) - set(killed):
            killed.append(pid)
            kill(pid)

    with pytest.raises(ModelError, match=r"ended unexpectedly 3 times \(-9\)"):
        ask(DiarizerProcess(str(built.folder), threads=1), meeting, on_progress=kill_each)
    assert len(killed) == 3


def test_work_that_is_broken_off_ends_at_once_and_leaves_no_child(
    built: Built, meeting: TrackAudio
) -> None:
    def stop(_step: str, _share: float) -> None:
        raise WorkCancelledError("A person stopped it.")

    with pytest.raises(WorkCancelledError):
        ask(DiarizerProcess(str(built.folder), threads=1), meeting, on_progress=stop)
    assert running() == []


def test_a_damaged_pipeline_is_told(built: Built, silence: TrackAudio, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "damaged")
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
    built: Built,
    meeting: TrackAudio,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = served(built.folder, "team/small-pipeline")
    hub.start()
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    try:
        turns = ask(DiarizerProcess("team/small-pipeline", token="hf_secret"), meeting)
    finally:
        hub.stop()

    assert plain(turns) == built.turns
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
