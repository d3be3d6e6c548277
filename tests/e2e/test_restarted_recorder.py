"""A recorder that is killed while somebody follows it is followed by another, by itself."""

from __future__ import annotations

import itertools
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import is_being_written
from app.domain.errors import CaptureError
from app.domain.sessions import GapReason
from capture.recorder_client import DetachedRecorders
from tests.command_line import Hotwash
from tests.recorders import (
    recorder_pid,
    safe_until,
    start,
)
from tests.sound import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from capture.running_recording import RunningRecording

pytestmark = pytest.mark.usefixtures("server")


def kill(folder: Path) -> int:
    """Kill the folder's recorder; return its process id."""
    pid = recorder_pid(folder)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_being_written(folder), "it is dead")
    return pid


def test_the_next_recorder_goes_on_in_the_same_files_and_what_was_missed_is_a_gap(
    session_dir: Path,
) -> None:
    recording = start(session_dir)
    recording.announce(by="Marcus", method="said aloud")
    safe_until(recording, 1_500)
    dead = kill(session_dir)
    DetachedRecorders().go_on(session_dir)
    found_again = DetachedRecorders().attach(session_dir)
    assert found_again is not None
    again = found_again.status()
    assert recorder_pid(session_dir) != dead
    assert again.consent is not None
    assert again.consent.method == "said aloud"
    assert min(track.safe_until_ms for track in again.tracks) > 1_000, "nothing is taken back"
    safe_until(found_again, again.elapsed_ms + 1_000)
    last = found_again.stop()

    stored = FolderArchive().describe(session_dir)
    assert stored.ended
    assert FolderArchive().verify(session_dir).problems == ()
    assert {gap.reason for gap in stored.gaps} == {GapReason.CRASH}
    for track in stored.tracks:
        gaps = sorted(
            (gap.start_ms, gap.end_ms) for gap in stored.gaps if gap.track_id == track.track_id
        )
        assert gaps[0][0] > 1_000
        assert all(before[1] == after[0] for before, after in itertools.pairwise(gaps))
        assert abs(gaps[-1][1] - again.elapsed_ms) < 1_500
        assert abs(track.duration_ms - last.elapsed_ms) < 500


@pytest.mark.parametrize("state", ["paused", "over"])
def test_a_pause_stays_a_pause_and_what_was_ended_stays_ended(
    session_dir: Path, state: str
) -> None:
    recording = start(session_dir)
    safe_until(recording, 500)
    if state == "paused":
        recording.pause(by="Marcus")
        kill(session_dir)
    else:
        recording.stop()
    before = FolderArchive().describe(session_dir)

    with pytest.raises(CaptureError, match=f"it is {state}"):
        DetachedRecorders().go_on(session_dir)
    assert FolderArchive().describe(session_dir).tracks == before.tracks


def test_the_recording_goes_on_by_itself(tmp_path: Path) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    incident = hotwash.json("new", "Checkout")["id"]
    words = ("--bridge", "pulse:bridge.monitor", "--mic", "none", "--no-transcribe", "--json")
    process = hotwash.start("record", incident, *words)
    folder, running = found(hotwash, incident)
    wait_until(lambda: hotwash.json("show", incident)["sessions"] != [], "it is followed")
    safe_until(running, 1_000)
    dead = recorder_pid(folder)
    killed_at = time.monotonic()
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: lives(folder, dead), "another records")
    took_s = time.monotonic() - killed_at
    _folder, running = found(hotwash, incident)
    resumed_ms = running.status().elapsed_ms
    safe_until(running, resumed_ms + 500)
    process.send_signal(signal.SIGINT)
    said, told = process.communicate(timeout=60)

    print(f"started again after {took_s:.2f} s, audio from {resumed_ms} ms on")
    assert process.returncode == 0, told
    assert "The recorder died; another goes on in its place." in " ".join(told.split())
    shown = hotwash.json("show", incident)
    (session,) = shown["sessions"]
    assert {gap["reason"] for gap in session["gaps"]} == {"crash"}
    gap_ms = sum(gap["end_ms"] - gap["start_ms"] for gap in session["gaps"])
    print(f"gap of {gap_ms} ms")
    assert gap_ms < 10_000, "far more than it takes, also on a machine that is busy"
    assert session["tracks"][0]["duration_ms"] >= resumed_ms
    assert hotwash.json("verify", incident)["ok"]
    assert said


def found(hotwash: Hotwash, incident: str) -> tuple[Path, RunningRecording]:
    audio = hotwash.home / "incidents" / incident / "audio"
    wait_until(lambda: bool(list(audio.glob("*/recorder.json"))), "it records", seconds=30)
    (folder,) = audio.iterdir()
    running = DetachedRecorders().attach(folder)
    assert running is not None
    return folder, running


def lives(folder: Path, dead: int) -> bool:
    try:
        return recorder_pid(folder) != dead
    except FileNotFoundError:
        return False  # between the two
