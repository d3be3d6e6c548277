from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_recorder_outlives_its_test(tmp_path: Path) -> Iterator[None]:
    """A recorder outlives everything, a failed test too: end those that write into its folder."""
    yield
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "capture.recorder_process" in words and str(tmp_path) in words[-1]:
            process.terminate()
