from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.command_line import Hotwash
from tests.e2e.redaction_home import NO_SOUND, Told, prepare

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


@pytest.fixture(autouse=True)
def no_recorder_outlives_its_test(tmp_path: Path) -> Iterator[None]:
    """A recorder outlives everything, a failed test too: end those that write into its folder."""
    yield
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "capture.recorder_process" in words and str(tmp_path) in words[-1]:
            process.terminate()
