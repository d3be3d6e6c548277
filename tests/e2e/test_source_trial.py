"""Three seconds of a real source on a real sound server, in the helper process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.engine_types import AudioSource
from app.domain.errors import CaptureError, EnvironmentMissingError, NoDeviceError
from app.domain.sessions import TrackSource
from capture import trial_process
from capture.trial_process import TrialProcess
from tests.command_line import Hotwash
from tests.recorders import a_signal
from tests.sound import SoundServer, sound_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.source_trial import Level

BRIDGE = AudioSource("pulse:bridge.monitor", "Bridge", TrackSource.LOOPBACK, 44_100)


@pytest.fixture
def server() -> Iterator[SoundServer]:
    with sound_server() as running, pytest.MonkeyPatch.context() as patch:
        running.use(patch)
        yield running


def ignore(_level: Level) -> None:
    """Nobody looks."""


def files_below(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_what_plays_is_heard_while_it_plays_and_nothing_is_kept(
    server: SoundServer, tmp_path: Path
) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    wav, _samples = a_signal(tmp_path, "bridge", 1)
    hotwash.json("devices")
    before = files_below(hotwash.home)
    with server.playing("bridge", wav):
        done = hotwash.run("devices", "--test", "pulse:bridge.monitor", "--json")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["test"]["id"] == "pulse:bridge.monitor"
    assert told["test"]["verdict"] == "speech_level"
    assert told["test"]["peak_db"] == pytest.approx(-12, abs=3)
    assert told["test"]["remedy"] is None
    assert {device["id"] for device in told["devices"]} >= {"pulse:bridge.monitor"}
    assert files_below(hotwash.home) == before


@pytest.mark.usefixtures("server")
def test_an_output_on_which_nothing_plays_is_told_in_a_sentence_and_is_a_finding(
    tmp_path: Path,
) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    done = hotwash.run("devices", "--test", "pulse:bridge.monitor")

    assert done.returncode == 1
    assert "Heard only zeros. Play something on this output" in " ".join(done.stdout.split())
    assert hotwash.json("devices")["test"] is None


@pytest.mark.usefixtures("server")
def test_a_source_that_is_not_there_is_refused_and_the_others_are_named(tmp_path: Path) -> None:
    done = Hotwash(tmp_path / "home", {}).run("devices", "--test", "pulse:none", "--json")

    assert (done.returncode, done.stdout) == (3, "")
    assert "pulse:bridge.monitor" in done.stderr


def test_levels_come_while_it_listens_and_a_source_that_goes_away_ends_it(
    server: SoundServer,
) -> None:
    heard: list[Level] = []

    def take_the_sink_away(level: Level) -> None:
        if not heard:
            for module in server.pactl("list", "short", "modules").splitlines():
                if "sink_name=bridge" in module:
                    server.pactl("unload-module", module.split()[0])
        heard.append(level)

    with pytest.raises(NoDeviceError, match="went away during the test"):
        TrialProcess().levels(BRIDGE, seconds=30, on_level=take_the_sink_away)

    assert heard


def helper(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Put another program in the place of the helper."""
    command = [sys.executable, "-c", code]
    monkeypatch.setattr(trial_process, "_command", lambda _source, _seconds: command)


def test_a_driver_that_crashes_takes_only_the_helper_with_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    helper(monkeypatch, "import os, sys; sys.stderr.write('boom'); sys.stderr.flush(); os.abort()")

    with pytest.raises(CaptureError, match="The driver of “Bridge” crashed"):
        TrialProcess().levels(BRIDGE, seconds=1, on_level=ignore)
    assert "boom" in caplog.text


def test_a_driver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    helper(monkeypatch, "import time; time.sleep(600)")

    with pytest.raises(EnvironmentMissingError, match="does not answer"):
        TrialProcess(patience=0.2).levels(BRIDGE, seconds=0.1, on_level=ignore)


def test_the_helper_says_what_is_wrong_in_its_last_line() -> None:
    root = Path(__file__).parents[2]
    missing = json.dumps(
        {"id": "pulse:x", "name": "X", "kind": "mic", "sample_rate": 48_000, "default": False}
    )
    with sound_server() as server, pytest.MonkeyPatch.context() as patch:
        server.use(patch)
        done = subprocess.run(
            [sys.executable, "-m", "capture.source_trial", "0.1", missing],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["type"] == "NoDeviceError"
