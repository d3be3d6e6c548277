from __future__ import annotations

import json
import os
import shutil
import subprocess
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.home import Home
from app.domain.settings import Settings
from app.domain.transcript import RecognitionPass
from app.services.settings_file import write_settings
from tests.command_line import Hotwash
from tests.e2e.redaction_home import NO_SOUND
from tests.unit.transcription.hub_server import HubServer, served

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "models" / "demo-en"
KEYS = {
    *("name", "kind", "path", "size_bytes", "languages", "licence", "installed", "usable", "demo"),
    *("default", "checksum_ok", "speed"),  # these since the beginning, the others added
    *("begun_bytes", "used_for", "problem", "measured", "host"),
}
# Notes, in this process and all its children, what would open a connection.
WATCH = """
import os, sys
log = os.environ["WATCH_LOG"]
def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(log, "a") as file:
            print(event, arguments[1:], file=file)
sys.addaudithook(note)
"""


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


@pytest.fixture
def hub() -> Iterator[HubServer]:
    server = served(DEMO, "Systran/faster-whisper-tiny")
    server.start()
    yield server
    server.stop()


def checks(hotwash: Hotwash) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in hotwash.json("doctor")["checks"]}


def test_an_added_model_is_measured_chosen_and_kept_from_removal(hotwash: Hotwash) -> None:
    (added,) = hotwash.json("models", "add", DEMO, "--name", "ours")["models"]
    assert set(added) == KEYS
    assert added["speed"] == added["measured"]["speed"] > 0
    assert added["measured"]["threads"] >= 1

    chosen = hotwash.json("models", "use", "ours", "--pass", "final")
    used = {row["name"]: row["used_for"] for row in chosen["models"]}
    assert used == {"ours": ["final"], "demo-en": ["live"], "demo-voices": []}
    assert set(chosen["recommendation"]) == {"live", "final", "reason"}
    recognition = checks(hotwash)["recognition"]["detail"]
    assert " times real time (" in recognition
    assert "; ours for the final pass; recommended here: " in recognition
    refused = hotwash.refusal("models", "remove", "ours", code=3)
    assert "chosen for recognition" in refused
    assert "hotwash models use auto" in refused

    hotwash.json("models", "use", "auto", "--pass", "final")
    assert hotwash.json("models", "remove", "ours") == {"removed": "ours"}
    assert json.loads((hotwash.home / "settings.json").read_text())["final_model"] == ""


def test_a_chosen_model_is_kept_from_removal_by_either_of_its_names(hotwash: Hotwash) -> None:
    hotwash.json("models", "add", DEMO, "--name", "org/ours", "--no-measure")
    hotwash.json("models", "use", "org/ours")
    for name in ("org/ours", "org--ours"):
        assert "chosen for recognition" in hotwash.refusal("models", "remove", name, code=3)


def test_a_model_that_is_not_there_is_not_chosen(hotwash: Hotwash) -> None:
    told = hotwash.refusal("models", "use", "small", code=3)

    assert "hotwash models download small" in told
    assert not (hotwash.home / "settings.json").exists()


def test_the_final_pass_takes_the_model_chosen_for_it_and_live_work_its_own(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    hotwash.json("models", "add", DEMO, "--name", "quick", "--no-measure")
    hotwash.json("models", "add", DEMO, "--name", "thorough", "--no-measure")
    hotwash.json("models", "use", "quick")
    rows = hotwash.json("models", "use", "thorough", "--pass", "final")["models"]

    assert {row["name"]: row["used_for"] for row in rows} == {
        "quick": [RecognitionPass.LIVE],
        "thorough": [RecognitionPass.FINAL],
        "demo-en": [],
        "demo-voices": [],
    }
    shutil.rmtree(hotwash.home / "models" / "thorough")
    incident = hotwash.json("new", "x")["id"]
    recording = tmp_path / "room.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(64_000))
    attach = ["attach", incident, recording, "--start", "2026-03-12T14:46:00Z"]
    told = hotwash.run(*attach)
    assert "“thorough” is not installed" in " ".join(told.stderr.split())
    done = hotwash.run("transcribe", incident, "--pass", "live")
    assert done.returncode == 0, done.stderr


def test_a_damaged_model_is_told_by_the_check_with_what_to_do(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    plain = shutil.copytree(DEMO, tmp_path / "ours", ignore=shutil.ignore_patterns("hotwash-*"))
    hotwash.json("models", "add", plain, "--no-measure")
    path = hotwash.home / "models" / "ours" / "model.bin"
    changed = bytearray(path.read_bytes())
    changed[1_000_000] ^= 1
    path.write_bytes(changed)

    done = hotwash.run("models", "check", "--json")

    assert done.returncode == 1
    rows = {row["name"]: row for row in json.loads(done.stdout)["models"]}
    assert rows["ours"]["problem"] == (
        "The model “ours” is damaged: the content of model.bin has changed."
    )
    assert (rows["ours"]["usable"], rows["ours"]["checksum_ok"]) == (False, False)
    assert (rows["demo-en"]["checksum_ok"], rows["demo-en"]["problem"]) == (True, None)
    told = " ".join(hotwash.run("models", "check").stderr.split())
    assert "content of model.bin has changed. Remove the model and install it again" in told


def test_the_doctor_tells_what_is_not_measured_what_suits_and_the_network(
    hotwash: Hotwash,
) -> None:
    before = checks(hotwash)
    assert "demo-en, speed not measured yet" in before["recognition"]["detail"]
    assert "; recommended here: " in before["recognition"]["detail"]
    assert before["network"]["detail"] == "used for “models download” alone"

    hotwash.environment["HOTWASH_OFFLINE"] = "1"

    assert "offline" in checks(hotwash)["network"]["detail"]


@pytest.mark.parametrize("offline", ["1", "0"])
def test_offline_opens_no_connection_in_any_process(
    hotwash: Hotwash, hub: HubServer, tmp_path: Path, offline: str
) -> None:
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "watch.log"
    log.touch()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "watch"), str(ROOT)]),
        "WATCH_LOG": str(log),
        "HF_ENDPOINT": hub.endpoint,
        "HOTWASH_OFFLINE": offline,
    }

    done = subprocess.run(
        [*hotwash.command("models", "download", "tiny", "--no-measure")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    if offline == "1":
        assert done.returncode == 3
        assert "set to stay offline" in done.stderr
        assert (log.read_text(), hub.tokens) == ("", set())
    else:
        assert done.returncode == 0, done.stderr
        assert "socket.connect" in log.read_text(), "the watch sees what there is to see"


def test_the_demonstrations_pipeline_is_told_to_be_one(hotwash: Hotwash) -> None:
    rows = {row["name"]: row for row in hotwash.json("models", "list")["models"]}
    assert (rows["demo-voices"]["kind"], rows["demo-voices"]["demo"]) == ("diarization", True)
    assert "no pipeline is set or installed" in checks(hotwash)["speakers"]["detail"]

    write_settings(Home(hotwash.home).settings, Settings(diarization="demo-voices"))

    told = checks(hotwash)["speakers"]
    assert told["state"] == "warn"
    assert told["detail"].startswith("demo-voices, the demonstration's: it knows synthetic")
    assert "hotwash models add FOLDER" in told["remedy"]
