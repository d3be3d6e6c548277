"""A recorder that is killed while somebody follows it is followed by another, by itself."""

from __future__ import annotations

import itertools
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import is_being_written
from app.domain.errors import CaptureError, NoDeviceError
from app.domain.sessions import GapReason
from capture.recorder_address import read_address
from capture.recorder_client import DetachedRecorders
from capture.recorder_plan import PLAN_FILE
from tests.command_line import Hotwash
from tests.recorders import (
    BRIDGE,
    ROOM,
    plans,
    recorder_pid,
    safe_until,
    start,
)
from tests.sound import SoundServer, wait_until

if TYPE_CHECKING:
    import subprocess

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
    left = read_address(session_dir)
    DetachedRecorders().go_on(session_dir)
    found_again = DetachedRecorders().attach(session_dir)
    assert left is not None
    assert not Path(left.address).parent.exists(), "what the dead one left is cleared"
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
    incident, process, folder, _running = followed(hotwash)
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


def test_a_recorder_that_dies_while_it_starts_is_started_once_more(tmp_path: Path) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    incident, process, folder, _running = followed(hotwash)
    dead = kill(folder)
    wait_until(lambda: bool(recorders(folder) - {dead}), "the next begins")
    (second,) = recorders(folder) - {dead}
    os.kill(second, signal.SIGKILL)
    assert not lives(folder, dead), "it was killed before it recorded"
    wait_until(lambda: lives(folder, dead), "the one after that records", seconds=30)
    assert recorder_pid(folder) != second
    process.send_signal(signal.SIGINT)
    _said, told = process.communicate(timeout=60)

    assert process.returncode == 0, told
    assert hotwash.json("verify", incident)["ok"]


def test_what_is_recorded_after_somebody_took_the_session_for_ended_is_not_lost(
    tmp_path: Path,
) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    incident, process, folder, _running = followed(hotwash)
    process.send_signal(signal.SIGSTOP)
    dead = kill(folder)
    assert length_ms(hotwash, incident) is not None, "it is put in order meanwhile"
    process.send_signal(signal.SIGCONT)
    wait_until(lambda: lives(folder, dead), "another records", seconds=30)
    wait_until(lambda: length_ms(hotwash, incident) is None, "it goes on", seconds=30)
    _folder, running = found(hotwash, incident)
    until = running.status().elapsed_ms + 500
    safe_until(running, until)
    process.kill()
    process.communicate()
    kill(folder)

    recovered = length_ms(hotwash, incident)
    assert recovered is not None
    assert recovered >= until


def test_of_two_that_follow_both_follow_the_next(tmp_path: Path) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    incident, first, folder, _running = followed(hotwash)
    second = hotwash.start("record", incident, "--attach", "--no-transcribe")
    assert second.stderr is not None
    second.stderr.readline()  # it follows: this is its first word
    dead = kill(folder)
    wait_until(lambda: lives(folder, dead), "another records", seconds=30)
    _folder, running = found(hotwash, incident)
    safe_until(running, running.status().elapsed_ms + 1_000)
    assert (first.poll(), second.poll()) == (None, None)
    assert len(recorders(folder) - {dead}) == 1
    first.send_signal(signal.SIGINT)
    told = [process.communicate(timeout=60)[1] for process in (first, second)]

    assert (first.returncode, second.returncode) == (0, 0), told
    assert hotwash.json("verify", incident)["ok"]


def test_a_device_that_is_away_when_the_recorder_dies_ends_no_other(
    session_dir: Path, server: SoundServer
) -> None:
    module = server.pactl("load-module", "module-null-sink", "sink_name=extra").strip()
    recording = start(session_dir, plans({ROOM: "room", BRIDGE: "extra"}))
    safe_until(recording, 1_000)
    server.pactl("unload-module", module)
    wait_until(lambda: recording.status().tracks[1].problem != "", "it is gone")
    kill(session_dir)
    DetachedRecorders().go_on(session_dir)
    again = DetachedRecorders().attach(session_dir)
    assert again is not None
    resumed_ms = again.status().elapsed_ms
    wait_until(
        lambda: again.status().tracks[0].safe_until_ms > resumed_ms + 500, "the other goes on"
    )
    assert "is not there" in again.status().tracks[1].problem
    module = server.pactl("load-module", "module-null-sink", "sink_name=extra").strip()
    wait_until(lambda: again.status().tracks[1].problem == "", "it is back")
    safe_until(again, again.status().elapsed_ms + 500)
    again.stop()
    server.pactl("unload-module", module)

    stored = FolderArchive().describe(session_dir)
    reasons = [gap.reason for gap in stored.gaps if gap.track_id == BRIDGE]
    assert reasons[-1] is GapReason.DEVICE_LOST
    assert GapReason.CRASH in reasons
    assert FolderArchive().verify(session_dir).problems == ()


def test_without_any_device_the_recording_is_not_gone_on_with(
    session_dir: Path, server: SoundServer
) -> None:
    module = server.pactl("load-module", "module-null-sink", "sink_name=extra").strip()
    safe_until(start(session_dir, plans({BRIDGE: "extra"})), 500)
    kill(session_dir)
    server.pactl("unload-module", module)

    with pytest.raises(NoDeviceError, match="is not there"):
        DetachedRecorders().go_on(session_dir)


def followed(hotwash: Hotwash) -> tuple[str, subprocess.Popen[str], Path, RunningRecording]:
    """Record by the command line; return once there is audio and the record knows of it."""
    incident = hotwash.json("new", "Checkout")["id"]
    words = ("--bridge", "pulse:bridge.monitor", "--mic", "none", "--no-transcribe", "--json")
    process = hotwash.start("record", incident, *words)
    folder, running = found(hotwash, incident)
    wait_until(lambda: hotwash.json("show", incident)["sessions"] != [], "it is followed")
    safe_until(running, 1_000)
    return incident, process, folder, running


def length_ms(hotwash: Hotwash, incident: str) -> int | None:
    """Return how long the record takes the only track for."""
    (session,) = hotwash.json("show", incident)["sessions"]
    length: int | None = session["tracks"][0]["duration_ms"]
    return length


def recorders(folder: Path) -> set[int]:
    """Return the processes that record into the folder, or are about to."""
    return {
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(folder / PLAN_FILE) in (process.info["cmdline"] or [])
    }


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
