from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.command_line import Hotwash
from tests.e2e.redaction_home import NO_SOUND, Told, prepare
from tests.sound import SoundServer, sound_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demonstration, attached and transcribed, and the secret told in it; never changed."""
    return prepare(tmp_path_factory.mktemp("prepared") / "home")


@pytest.fixture
def told(prepared: Told, tmp_path: Path) -> Iterator[Told]:
    """A copy of it; whatever is done to it, nothing unexpected may go wrong."""
    shutil.copytree(prepared.home, tmp_path / "home")
    yield replace(prepared, hotwash=Hotwash(tmp_path / "home", NO_SOUND))
    log = (tmp_path / "home" / "hotwash.log").read_text()
    assert " ERROR " not in log, log


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    """A sound server that this process and its children talk to, one for a whole module."""
    with sound_server() as running, pytest.MonkeyPatch.context() as patch:
        running.use(patch)
        yield running


@pytest.fixture
def session_dir(tmp_path: Path) -> Path:
    """A session's folder, not made yet."""
    return tmp_path / "incidents" / "inc-1" / "audio" / "ses-1"


@pytest.fixture(autouse=True)
def no_recorder_outlives_its_test(tmp_path: Path) -> Iterator[None]:
    """A recorder outlives everything, a failed test too: end those that write into its folder."""
    yield
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "capture.recorder_process" in words and str(tmp_path) in words[-1]:
            process.resume()  # one that a test has made to hang
            process.terminate()
