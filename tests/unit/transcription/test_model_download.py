from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.domain.errors import ModelDownloadError, ModelError, ModelMissingError
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from tests.unit.transcription.hub_server import HubServer, served
from transcription.model_files import ModelFolder
from transcription.utterances import Utterance
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.engine_types import RecognitionModel

MODEL_BYTES = 5_302_673


@pytest.fixture
def hub(demo_model: RecognitionModel) -> Iterator[HubServer]:
    server = served(demo_model.path, "Systran/faster-whisper-tiny")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def models(hub: HubServer, tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "models", tmp_path / "none", endpoint=hub.endpoint, timeout_s=1)


def ignore(_done: int, _total: int) -> None:
    pass


def test_a_downloaded_model_recognises_speech(
    models: ModelFolder, tmp_path: Path, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    steps: list[tuple[int, int]] = []

    row = models.download("tiny", lambda done, total: steps.append((done, total)))

    assert (row.name, row.installed, row.usable, row.demo) == ("tiny", True, True, False)
    assert row.default
    totals = {total for _, total in steps}
    assert len(totals) == 1
    assert steps[-1] == (max(totals), max(totals))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert len(steps) > 6, "five megabytes come in more than one step"
    model = models.recognition_model("tiny", language="en")
    speech = Utterance(Span(1_024, 3_744), Span(904, 3_864))
    pcm = np.frombuffer(demo_pcm[TrackLabel.ROOM][904 * 32 : 3_864 * 32], dtype="<i2")
    (segment,) = WhisperRecognizer(model).recognize(pcm.astype(np.float32) / 32_768, speech)
    assert segment.text == "This is Priya, I am the incident commander."
    assert not (tmp_path / "models" / "tiny" / "CARD.md").exists(), "nobody needs it"
    assert models.check("tiny")[0].checksum_ok is True


def test_a_download_that_broke_off_goes_on_where_it_was(
    models: ModelFolder, hub: HubServer
) -> None:
    hub.break_after = 3_500_000
    with pytest.raises(ModelDownloadError, match="did not deliver") as told:
        models.download("tiny", ignore)
    assert "models add" in told.value.remedy
    assert models.installed() == []
    sent = hub.sent

    hub.break_after = None
    steps: list[int] = []
    row = models.download("tiny", lambda done, _: steps.append(done))

    assert row.usable
    assert "bytes=3500000-" in hub.ranges
    assert hub.sent - sent == MODEL_BYTES - 3_500_000
    assert steps[0] < steps[-1]
    assert models.check("tiny")[0].checksum_ok is True


def test_a_server_that_cannot_resume_sends_all_of_it_again(
    models: ModelFolder, hub: HubServer
) -> None:
    def break_off(done: int, _total: int) -> None:
        if done > 2_500_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        models.download("tiny", break_off)
    hub.ignores_ranges = True
    steps: list[tuple[int, int]] = []

    row = models.download("tiny", lambda done, total: steps.append((done, total)))

    assert row.usable
    assert steps[-1][0] == steps[-1][1]


def test_a_file_damaged_on_its_way_is_told_and_not_kept(
    models: ModelFolder, hub: HubServer
) -> None:
    hub.damaged = {"model.bin"}
    with pytest.raises(ModelDownloadError, match=r"model\.bin was damaged on its way"):
        models.download("tiny", ignore)

    hub.damaged = {"tokenizer.json"}
    with pytest.raises(ModelDownloadError, match=r"tokenizer\.json was damaged on its way"):
        models.download("tiny", ignore)

    hub.damaged = set()
    assert models.download("tiny", ignore).usable


def test_a_model_that_the_hub_does_not_have_is_named(models: ModelFolder) -> None:
    with pytest.raises(ModelDownloadError, match="has no model “nobody/nothing”") as told:
        models.download("nobody/nothing", ignore)
    assert "models list" in told.value.remedy


def test_a_repository_without_a_model_is_told(models: ModelFolder, hub: HubServer) -> None:
    del hub.files["model.bin"]

    with pytest.raises(ModelDownloadError, match="is no faster-whisper model"):
        models.download("tiny", ignore)


def test_a_silent_server_is_told(models: ModelFolder, hub: HubServer) -> None:
    hub.silent = True

    with pytest.raises(ModelDownloadError, match=hub.endpoint):
        models.download("tiny", ignore)


def test_no_server_at_all_is_told(tmp_path: Path) -> None:
    models = ModelFolder(tmp_path, tmp_path / "none", endpoint="http://127.0.0.1:9", timeout_s=1)

    with pytest.raises(ModelDownloadError, match="did not deliver") as told:
        models.download("tiny", ignore)
    assert "Check the network" in told.value.remedy


def test_offline_refuses_without_asking_the_network(hub: HubServer, tmp_path: Path) -> None:
    models = ModelFolder(tmp_path, tmp_path / "none", endpoint=hub.endpoint, offline=True)

    with pytest.raises(ModelDownloadError, match="set to stay offline"):
        models.download("tiny", ignore)
    assert hub.sent == 0


def test_an_unknown_name_lists_those_that_are_known(models: ModelFolder) -> None:
    with pytest.raises(ModelMissingError, match="“huge”") as told:
        models.download("huge", ignore)
    assert "large-v3-turbo" in told.value.remedy


def test_a_full_disk_is_told_before_anything_is_fetched(
    models: ModelFolder, hub: HubServer
) -> None:
    info = hub.info()
    for sibling in info["siblings"]:
        sibling["size"] += shutil.disk_usage("/").total
    hub.info = lambda: info  # type: ignore[method-assign]

    with pytest.raises(ModelError, match=r"needs \d+\.\d GB, and \d+\.\d GB are free in"):
        models.download("tiny", ignore)
    assert hub.sent == 0


def test_a_model_is_not_fetched_twice(models: ModelFolder, hub: HubServer) -> None:
    models.download("tiny", ignore)
    sent = hub.sent

    with pytest.raises(ModelError, match="installed already"):
        models.download("tiny", ignore)
    assert hub.sent == sent
