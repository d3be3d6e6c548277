from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.domain.errors import ModelDownloadError, ModelError, ModelMissingError
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from tests.unit.transcription.hub_server import HubServer, served
from transcription.download_errors import explained
from transcription.model_files import ModelFolder
from transcription.utterances import Utterance
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.engine_types import RecognitionModel
    from tests.unit.transcription.proxy_server import ProxyServer

ROOT = Path(__file__).parents[3]
BROKEN_OFF_AT = 2_500_000
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


def break_off(done: int, _total: int) -> None:
    if done >= BROKEN_OFF_AT:
        raise KeyboardInterrupt


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


@pytest.mark.skipif(sys.platform != "linux", reason="it alone has a file that is always full")
def test_a_disk_that_fills_up_meanwhile_is_not_blamed_on_the_network(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space") as full, Path("/dev/full").open("wb") as file:
        file.write(b"a model")

    told = explained(full.value, repository="org/model", folder=tmp_path, endpoint=None)

    assert str(told) == f"The model cannot be stored in {tmp_path}: No space left on device."
    assert "network" not in told.remedy


def test_a_model_is_not_fetched_twice(models: ModelFolder, hub: HubServer) -> None:
    models.download("tiny", ignore)
    sent = hub.sent

    with pytest.raises(ModelError, match="installed already"):
        models.download("tiny", ignore)
    assert hub.sent == sent


def test_a_new_version_is_not_put_behind_the_beginning_of_an_old_one(
    models: ModelFolder, hub: HubServer
) -> None:
    with pytest.raises(KeyboardInterrupt):
        models.download("tiny", break_off)
    sent = hub.sent
    hub.files["model.bin"] = hub.files["model.bin"][::-1]

    row = models.download("tiny", ignore)

    assert hub.sent - sent == MODEL_BYTES, "all of the new version was fetched"
    assert row.path is not None
    assert (row.path / "model.bin").read_bytes() == hub.files["model.bin"]
    assert sorted(path.suffix for path in row.path.iterdir() if path.suffix == ".part") == []


def test_a_file_that_ends_early_is_told_and_completed_the_next_time(
    models: ModelFolder, hub: HubServer
) -> None:
    hub.cut = {"model.bin"}
    with pytest.raises(ModelDownloadError, match="should be of size 5302673 but has size 2651336"):
        models.download("tiny", ignore)
    assert models.installed() == []

    hub.cut = set()
    assert models.download("tiny", ignore).usable
    assert "bytes=2651336-" in hub.ranges


@pytest.mark.parametrize(("file", "status"), [("", 500), ("model.bin", 404), ("model.bin", 500)])
def test_a_server_in_trouble_is_told_with_what_it_said(
    models: ModelFolder, hub: HubServer, file: str, status: int
) -> None:
    hub.fails = {file: status}
    with pytest.raises(ModelDownloadError, match=str(status)) as told:
        models.download("tiny", ignore)
    assert "\n" not in str(told.value)
    assert "try again: it resumes" in told.value.remedy
    assert models.installed() == []


def test_a_slow_server_is_waited_for_as_long_as_something_comes(
    models: ModelFolder, hub: HubServer
) -> None:
    hub.pieces = 12  # 1.2 s in all, and a second without a byte would be too long

    assert models.download("tiny", ignore).usable


def test_what_was_fetched_in_part_is_listed_and_can_be_thrown_away(models: ModelFolder) -> None:
    with pytest.raises(KeyboardInterrupt):
        models.download("tiny", break_off)
    begun = {row.name: row.begun_bytes for row in models.listed() if row.begun_bytes}
    assert list(begun) == ["tiny"]
    assert begun["tiny"] > BROKEN_OFF_AT // 2

    models.remove("tiny")

    assert not any(row.begun_bytes for row in models.listed())
    with pytest.raises(ModelMissingError):
        models.remove("tiny")


def test_a_program_that_is_killed_while_it_downloads_leaves_no_half_model(
    models: ModelFolder, hub: HubServer, tmp_path: Path
) -> None:
    hub.pieces, hub.stall_after = 4, 4_000_000
    code = (
        "import sys; from pathlib import Path; from transcription.model_files import ModelFolder\n"
        "if __name__ == '__main__':\n"
        "    models = ModelFolder(Path(sys.argv[1]), Path('none'), endpoint=sys.argv[2])\n"
        "    models.download('tiny', lambda done, total: None)\n"
    )
    script = tmp_path / "downloading.py"
    script.write_text(code)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path / "models"), hub.endpoint]
    with subprocess.Popen(command, env=environment) as downloading:
        assert hub.stalled.wait(30)
        with pytest.raises(ModelError, match="Another program works with the model “tiny”"):
            models.download("tiny", ignore)
        downloading.kill()
    assert models.installed() == []

    hub.pieces, hub.stall_after = 1, None
    assert models.download("tiny", ignore).usable
    assert any(asked.startswith("bytes=") for asked in hub.ranges), "it went on from there"


def behind(proxy: str, hub: HubServer, folder: Path) -> ModelFolder:
    return ModelFolder(folder, folder / "none", endpoint=hub.endpoint, proxy=proxy, timeout_s=2)


def test_a_model_comes_through_the_proxy_of_the_settings(
    hub: HubServer, proxy: ProxyServer, tmp_path: Path
) -> None:
    proxy.password = "priya:secret"
    models = behind(f"http://priya:secret@{proxy.address}", hub, tmp_path)

    assert models.download("tiny", ignore).usable

    asked = " ".join(proxy.seen)
    assert f"GET {hub.endpoint}/api/models/" in asked
    assert f"GET {hub.endpoint}/cdn/model.bin" in asked


def test_the_proxy_of_the_environment_is_heeded_and_so_is_no_proxy(
    hub: HubServer, proxy: ProxyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
    assert behind("", hub, tmp_path / "a").download("tiny", ignore).usable
    through = len(proxy.seen)
    assert through > 0

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert behind("", hub, tmp_path / "b").download("tiny", ignore).usable
    assert len(proxy.seen) == through


def test_a_proxy_that_refuses_or_is_not_there_is_named_without_its_password(
    hub: HubServer, proxy: ProxyServer, tmp_path: Path
) -> None:
    proxy.password = "priya:secret"
    for address in (proxy.address, "127.0.0.1:9"):
        with pytest.raises(ModelDownloadError, match=f"through the proxy {address}") as told:
            behind(f"http://priya:wrong@{address}", hub, tmp_path).download("tiny", ignore)
        assert "“proxy” in the settings" in told.value.remedy
        assert "wrong" not in str(told.value) + told.value.remedy


def test_a_hub_behind_https_is_asked_through_a_tunnel(
    hub: HubServer, proxy: ProxyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = hub.speak_https(tmp_path)
    models = behind(f"http://{proxy.address}", hub, tmp_path / "models")
    with pytest.raises(ModelDownloadError, match="certificate"):
        models.download("tiny", ignore)

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert models.download("tiny", ignore).usable
    assert {each.partition(" ")[0] for each in proxy.seen} == {"CONNECT"}
