from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
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
from tests.lacking import skip_for
from tests.unit.transcription.hub_server import served
from tests.unit.transcription.watching_reader import WatchingReader
from transcription.diarizer_process import DiarizerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.engine_types import SpeakerTurn, TrackAudio
    from tests.proof.recorded import KeepFigure

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

PIPELINE = Path(__file__).parents[3] / "resources" / "models" / "demo-voices"
STOCK = "tests.unit.transcription.stock_pipeline"
TWO = dict.fromkeys(TrackLabel, (2, 2))
SECONDS, PARTS = 20, 3
KILLS = 50
STEPS = ["loading the pipeline", "listening for who speaks when", "comparing voices"]
LIBRARY = """
class Pipeline:
    @staticmethod
    def from_pretrained(pipeline, token):
        {}
"""


@dataclass
class Stock:
    """What the stock pipeline finds in the excerpt, and what it finds with wide steps."""

    turns: list[tuple[int, int, str]]
    draft: list[tuple[int, int, str]]


@pytest.fixture(scope="module")
def excerpt(demo_pcm: dict[TrackLabel, bytes]) -> bytes:
    return demo_pcm[TrackLabel.ROOM][: SECONDS * 32_000]


@pytest.fixture(scope="module")
def stock(excerpt: bytes, tmp_path_factory: pytest.TempPathFactory) -> Stock:
    if find_spec("torch") is None:
        skip_for("torch is not installed")
    audio = tmp_path_factory.mktemp("audio") / "room.pcm"
    audio.write_bytes(excerpt)
    command = [sys.executable, "-W", "ignore", "-m", STOCK, PIPELINE, audio]
    turns, draft = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return Stock(as_told(turns), as_told(draft))


@pytest.fixture
def meeting(write_tracks: WriteTracks, excerpt: bytes) -> TrackAudio:
    (track,) = write_tracks({TrackLabel.ROOM: excerpt})
    return track


@pytest.fixture
def silence(write_tracks: WriteTracks) -> TrackAudio:
    (track,) = write_tracks({TrackLabel.ROOM: bytes(32_000)})
    return track


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Give children another pyannote.audio, which loads pipelines so; return a pipeline."""

    def use(loads: str) -> Path:
        (tmp_path / "torch.py").write_text("def set_num_threads(_count): pass")
        (tmp_path / "pyannote" / "audio").mkdir(parents=True)
        (tmp_path / "pyannote" / "__init__.py").touch()
        (tmp_path / "pyannote" / "audio" / "__init__.py").write_text(LIBRARY.format(loads))
        monkeypatch.syspath_prepend(tmp_path)  # the child searches where its parent does
        (tmp_path / "config.yaml").write_text("{}")
        return tmp_path

    return use


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


def test_turns_are_those_of_the_stock_pipeline_also_of_a_child_that_takes_over_from_a_killed_one(
    stock: Stock,
    write_tracks: WriteTracks,
    excerpt: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a draft. In one test with that nothing is sent home, for each child loads torch."""
    assert stock.draft != stock.turns
    monkeypatch.setenv("WATCH_LOG", str(tmp_path / "log"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    tracks = write_tracks({TrackLabel.ROOM: excerpt, TrackLabel.BRIDGE: excerpt})
    diarizer = DiarizerProcess(str(PIPELINE), threads=1, make_reader=WatchingReader)
    before: list[tuple[str, float]] = []
    killed: list[int] = []
    after: list[tuple[str, float]] = []

    def kill_in_the_second_track(step: str, share: float) -> None:
        (after if killed else before).append((step, share))
        if not killed and share > 0.5:
            killed.extend(running())
            kill(*killed)

    turns = ask(diarizer, *tracks, on_progress=kill_in_the_second_track, is_draft=True)

    assert len(killed) == 1
    for track in tracks:
        assert plain(t for t in turns if t.track_id == track.track_id) == stock.draft
    assert {turn.label for turn in turns} == {"1", "2"}
    assert list(dict.fromkeys(step for step, _ in before)) == STEPS
    assert [share for _, share in before] == sorted(share for _, share in before)
    assert after[0] == (STEPS[0], 0.0), "another child was loaded"
    heard_again = [share for step, share in after if step != STEPS[0]]
    assert min(heard_again) >= 0.5, "the first track was heard again"
    assert heard_again[-1] == 1.0
    assert (tmp_path / "log").read_text() == "watching, metrics 0\n" * 2


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_a_diariser_that_is_killed_at_any_moment_hears_everything_once(
    meeting: TrackAudio, proof_figure: KeepFigure
) -> None:
    diarizer = DiarizerProcess(str(PIPELINE), threads=1, part_ms=SECONDS * 1_000 // PARTS)
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


def test_a_child_that_dies_each_time_is_told(meeting: TrackAudio) -> None:
    killed: list[int] = []

    def kill_each(_step: str, _share: float) -> None:
        for pid in set(running()) - set(killed):
            killed.append(pid)
            kill(pid)

    with pytest.raises(ModelError, match=r"ended unexpectedly 3 times \(-9\)"):
        ask(DiarizerProcess(str(PIPELINE), threads=1), meeting, on_progress=kill_each)
    assert len(killed) == 3


def test_work_that_is_broken_off_ends_at_once_and_leaves_no_child(meeting: TrackAudio) -> None:
    def stop(_step: str, _share: float) -> None:
        raise WorkCancelledError("A person stopped it.")

    with pytest.raises(WorkCancelledError):
        ask(DiarizerProcess(str(PIPELINE), threads=1), meeting, on_progress=stop)
    assert running() == []


@pytest.mark.parametrize(
    ("loads", "reason"),
    [
        ("raise KeyError('pipeline')", "'pipeline'"),
        ("raise OSError('no such file\\nas it says')", "no such file"),
        ("return None", "it is gated or does not exist"),
    ],
)
def test_a_pipeline_that_does_not_load_is_told(
    silence: TrackAudio, library: Callable[[str], Path], loads: str, reason: str
) -> None:
    folder = library(loads)

    with pytest.raises(ModelDamagedError, match=f"does not load: {reason}$") as told:
        ask(DiarizerProcess(str(folder)), silence)
    assert "config.yaml" in told.value.remedy
    with pytest.raises(ModelDownloadError, match=f"team/private could not be fetched: {reason}$"):
        ask(DiarizerProcess("team/private", token="hf_secret"), silence)


def test_without_pyannote_the_remedy_says_how_to_install_it(
    silence: TrackAudio, library: Callable[[str], Path]
) -> None:
    folder = library("pass")
    (folder / "pyannote" / "__init__.py").write_text("raise ImportError('it is not installed')")

    with pytest.raises(DiarizationUnavailableError, match="it is not installed") as told:
        ask(DiarizerProcess(str(folder)), silence)
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


@pytest.mark.prove
def test_a_pipeline_is_fetched_by_its_hub_name_with_the_token(
    stock: Stock, meeting: TrackAudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = served(PIPELINE, "team/small-pipeline")
    hub.start()
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    try:
        turns = ask(DiarizerProcess("team/small-pipeline", token="hf_secret"), meeting)
        with pytest.raises(ModelDownloadError, match="team/other") as told:
            ask(DiarizerProcess("team/other", token="hf_secret"), meeting)
    finally:
        hub.stop()

    assert plain(turns) == stock.turns
    assert "Bearer hf_secret" in hub.tokens
    assert "token" in told.value.remedy
