"""How long a person waits for the window, beside a bare window of the same toolkit.

Both are processes started anew and timed from their start until their window has been painted;
they alternate, so that a busy moment of the machine meets both.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
TIMES, TIMES_QUICK = 5, 3
BAR_S = 1.0
BAR_RATIO = 2.5
PATIENCE_S = 60

OURS = """
import sys
from app.__main__ import _build
from PySide6.QtCore import QCoreApplication
from ui.start import run

def painted():
    print("painted", flush=True)
    QCoreApplication.quit()

sys.exit(run(lambda: _build(["--home", sys.argv[1]]), when_painted=painted))
"""
BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Bare(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self):
        print("painted", flush=True)
        QApplication.quit()

application = QApplication([])
window = Bare()
window.resize(1280, 800)
window.show()
sys.exit(application.exec())
"""


def measure(*, quick: bool = False) -> list[Figure]:
    """Time both windows and return the medians."""
    ours_s: list[float] = []
    bare_s: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        seconds_to_paint(OURS, folder)  # the first start of all also fills the disk's cache
        for _ in range(TIMES_QUICK if quick else TIMES):
            bare_s.append(seconds_to_paint(BARE, folder))
            ours_s.append(seconds_to_paint(OURS, folder))
    ours, bare = statistics.median(ours_s), statistics.median(bare_s)
    ratio = ours / bare
    return [
        Figure(
            name="window_start",
            value=round(ours, 3),
            unit="s",
            baseline=round(bare, 3),
            ratio=round(ratio, 2),
            bar=f"under {BAR_S} s, or {BAR_RATIO} times a bare window",
            ok=ours < BAR_S or ratio <= BAR_RATIO,
        )
    ]


def seconds_to_paint(program: str, home: str) -> float:
    """Start a program that prints a line once its window is painted; return when it did."""
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", program, home],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None:
            raise AssertionError("a pipe was asked for")
        line = process.stdout.readline()
        seconds = time.monotonic() - began
        status = process.wait(PATIENCE_S)
    if line.strip() != "painted" or status != 0:
        raise RuntimeError(f"the window did not come up (exit status {status})")
    return seconds


def _environment() -> Mapping[str, str]:
    environment = dict(os.environ)
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & environment.keys():
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment
