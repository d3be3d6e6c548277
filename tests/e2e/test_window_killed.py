"""The window dies in the middle of a recording: the recorder goes on, the next window finds it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from capture.recorder_client import DetachedRecorders
from tests.command_line import Hotwash
from tests.e2e.test_bridge_to_pdf import an_excerpt
from tests.sound import SoundServer, sound_server, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.recorded import KeepFigure

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
    kill_windows(server, tmp_path, times=1)


@pytest.mark.prove
@pytest.mark.timeout(1_200)
def test_twenty_killed_windows_lose_nothing_and_the_next_one_takes_it_up_each_time(
    server: SoundServer, tmp_path: Path, proof_figure: KeepFigure
) -> None:
    kill_windows(server, tmp_path, times=20)

    bar = "of 20: no gap, no utterance lost or there twice, all files verify"
    proof_figure("kill -9 of the window: found again", 20, "times", bar)


def kill_windows(server: SoundServer, folder: Path, *, times: int) -> None:
    """Kill so many windows of one recording, one after the other; the last one stops it."""
    home, chance = folder / "home", random.Random(20261121)  # noqa: S311  not a secret
    with server.playing("bridge", an_excerpt(folder, "bridge")):
        with open_window(server, home, "F9") as first:
            state_in_which(first, "recording")
            seen = state_in_which(first, "segments")["segments"]
            kill(first)
        (session_dir,) = (file.parent for file in home.rglob("recorder.json"))
        at_death = goes_on(session_dir)
        for _ in range(times - 1):
            with open_window(server, home) as another:
                state_in_which(another, "recording")
                found = state_in_which(another, "segments")["segments"]
                assert found >= seen, "what the window before has shown is there"
                seen = found
                time.sleep(chance.uniform(0, 3))  # any moment will do
                kill(another)
            at_death = goes_on(session_dir)
        with open_window(server, home) as living:
            state_in_which(living, "recording")
            assert state_in_which(living, "segments")["recording"]

    with open_window(server, home, "Shift+F9") as last:
        state_in_which(last, "stopped")

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


def kill(window: subprocess.Popen[str]) -> None:
    window.send_signal(signal.SIGKILL)
    window.wait()


def goes_on(session_dir: Path) -> int:
    """Wait until the recorder has recorded more; return how far it was when this was asked."""
    recorder = DetachedRecorders().attach(session_dir)
    assert recorder is not None
    elapsed_ms = recorder.status().elapsed_ms
    wait_until(lambda: recorder.status().elapsed_ms > elapsed_ms + 1_500, "it goes on")
    recorder.close()
    return elapsed_ms
