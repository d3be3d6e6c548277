"""The window dies in the middle of a recording: the recorder goes on, the next window finds it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from capture.recorder_client import DetachedRecorders
from tests.command_line import Hotwash
from tests.e2e.test_bridge_to_pdf import an_excerpt
from tests.sound import SoundServer, sound_server, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PERSON = ROOT / "tests" / "e2e" / "person_at_window.py"


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as server:
        # A null sink's monitor is no microphone to the window; this is one that hears the room.
        server.pactl(
            "load-module", "module-remap-source", "master=room.monitor", "source_name=room_mic"
        )
        yield server


@contextlib.contextmanager
def open_window(server: SoundServer, home: Path, *keys: str) -> Iterator[subprocess.Popen[str]]:
    """Open the real window in a process of its own; a person presses the keys in it."""
    window = subprocess.Popen(
        [sys.executable, str(PERSON), *keys],
        cwd=ROOT,
        env=os.environ
        | server.environment
        | {"HOTWASH_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield window
    finally:
        window.terminate()
        window.communicate(timeout=30)


def next_state(window: subprocess.Popen[str]) -> dict[str, Any]:
    assert window.stdout is not None
    line = window.stdout.readline()
    assert line, "the window ended"
    state: dict[str, Any] = json.loads(line)
    return state


def state_in_which(window: subprocess.Popen[str], what: str) -> dict[str, Any]:
    for _ in range(600):
        state = next_state(window)
        if state[what]:
            return state
    pytest.fail(f"the window never showed: {what}")


def test_the_recorder_goes_on_and_the_next_window_takes_it_up(
    server: SoundServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with server.playing("bridge", an_excerpt(tmp_path, "bridge")):
        with open_window(server, home, "F9") as first:
            state_in_which(first, "recording")
            state_in_which(first, "segments")
            first.send_signal(signal.SIGKILL)
            first.wait()

        (folder,) = (file.parent for file in home.rglob("recorder.json"))
        recorder = DetachedRecorders().attach(folder)
        assert recorder is not None
        at_death = recorder.status().elapsed_ms
        wait_until(lambda: recorder.status().elapsed_ms > at_death + 1_500, "it goes on")
        recorder.close()

        with open_window(server, home) as second:
            state_in_which(second, "recording")
            assert state_in_which(second, "segments")["recording"]

    with open_window(server, home, "Shift+F9") as third:
        state_in_which(third, "stopped")

    hotwash = Hotwash(home, server.environment)
    (incident,) = hotwash.json("incidents")["incidents"]
    shown = hotwash.json("show", incident["id"])
    (session,) = shown["sessions"]
    assert session["gaps"] == []
    assert all(track["duration_ms"] > at_death for track in session["tracks"])
    assert hotwash.json("verify", incident["id"])["ok"]
    starts = [
        s["start_ms"] for s in shown["segments"] if s["text"] == shown["segments"][0]["text"]
    ]
    assert len(starts) == len(set(starts)), "no utterance is there twice"
