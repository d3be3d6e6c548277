"""The real recorder, and its writer, on real file systems that run full."""

import contextlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.format import write_session_info
from app.audio_files.journal import Journal
from app.audio_files.reader import FolderAudioReader
from app.audio_files.writer import TrackWriter
from app.domain.sessions import TrackLabel
from capture.patient_writer import PatientWriter
from capture.recorder_client import DetachedRecorders
from tests.command_line import Hotwash
from tests.recorders import ROOT, safe_until, start
from tests.sound import wait_until
from tests.unit.audio_files.recordings import ROOM, SECOND, a_session_info, noise, room_of
from tests.unit.audio_files.test_full_disk import mount_namespace

RUN = """
import subprocess, sys
from pathlib import Path
from tests.e2e import test_disk
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + sys.argv[3], "none", disk], check=True)
getattr(test_disk, sys.argv[2])(disk)
"""


def on_a_disk_of(size: str, scene: str, mount_point: Path) -> dict[str, Any]:
    """Run a function of this module where a file system of its own is mounted."""
    script = [*mount_namespace(), sys.executable, "-c", RUN, str(mount_point), scene, size]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)


def fill(ballast: Path) -> None:
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        while file.write(bytes(4_096)):
            pass


def record_while_the_disk_shrinks(disk: Path) -> None:
    """Tell which alarms there were, at 2.1 GB, 1.9 GB, 40 MB, 0 and with room again."""
    session_dir, ballast = disk / "session", disk / "ballast"
    recording = start(session_dir)

    def alarms() -> list[str]:
        return [alarm.kind.value for alarm in recording.status().alarms]

    safe_until(recording, 1_500)
    seen = [alarms()]
    for size, expected in (("1900000k", "low_disk"), ("40m", "disk_ending")):
        resize(disk, size)
        wait_until(lambda expected=expected: alarms() == [expected], expected)  # type: ignore[misc]
        seen.append(alarms())
    fill(ballast)
    wait_until(lambda: alarms() == ["disk_full"], "disk_full")
    resumed = recording.status().elapsed_ms + 2_000
    pause = recording.pause(by="Priya")  # a person is obeyed on a full disk as well
    recording.resume(by="Priya")
    wait_until(lambda: recording.status().elapsed_ms > resumed, "some seconds are kept in memory")
    ballast.unlink()
    resize(disk, "3000000k")
    wait_until(lambda: alarms() == [], "it is over")
    safe_until(recording, recording.status().elapsed_ms)
    last = recording.stop()
    stored = FolderArchive().describe(session_dir)
    outcome = {
        "seen": seen,
        "ended": stored.ended,
        "reasons": sorted({gap.reason.value for gap in stored.gaps}),
        "pauses": len(stored.pauses),
        "paused_at": pause.start_ms,
        "problems": len(FolderArchive().verify(session_dir).problems),
        "missing_ms": max(last.elapsed_ms - track.duration_ms for track in stored.tracks),
    }
    print(json.dumps(outcome))


@pytest.mark.usefixtures("server")
def test_the_disk_is_told_of_at_2_gb_at_15_minutes_and_when_full_and_nothing_is_lost(
    tmp_path: Path,
) -> None:
    outcome = on_a_disk_of("2100000k", "record_while_the_disk_shrinks", tmp_path)

    assert outcome["seen"] == [[], ["low_disk"], ["disk_ending"]]
    assert outcome["reasons"] == ["pause"]
    assert (outcome["ended"], outcome["pauses"], outcome["problems"]) == (True, 1, 0)
    assert outcome["missing_ms"] < 500


def record_through_a_full_disk(disk: Path) -> None:
    """Tell what a disk that was full for a while did to a recording."""
    ballast, session_dir = disk / "ballast", disk / "session"
    recording = start(session_dir)
    safe_until(recording, 500)
    fill(ballast)
    wait_until(lambda: any(t.problem for t in recording.status().tracks), "the disk is full")
    problem = max(track.problem for track in recording.status().tracks)
    ballast.unlink()
    wait_until(lambda: not any(t.problem for t in recording.status().tracks), "there is room")
    last = recording.stop()
    stored = FolderArchive().describe(session_dir)
    outcome = {
        "problem": problem,
        "gaps": len(stored.gaps),
        "problems": len(FolderArchive().verify(session_dir).problems),
        "missing_ms": max(last.elapsed_ms - track.duration_ms for track in stored.tracks),
    }
    print(json.dumps(outcome))


@pytest.mark.usefixtures("server")
def test_a_disk_that_is_full_for_a_while_costs_nothing(tmp_path: Path) -> None:
    outcome = on_a_disk_of("1m", "record_through_a_full_disk", tmp_path)

    assert "No space left on device" in outcome["problem"]
    assert (outcome["gaps"], outcome["problems"]) == (0, 0)
    assert outcome["missing_ms"] < 500


def record_until_the_disk_is_full(disk: Path) -> None:
    """Tell what is said and kept when the disk fills during a recording and stays full."""
    hotwash, ballast = Hotwash(disk / "home", {}), disk / "ballast"
    incident = hotwash.json("new", "Full")["id"]
    recording = hotwash.start(
        "record", incident, "--bridge", "pulse:bridge.monitor", "--mic", "none", "--no-transcribe"
    )
    audio = hotwash.home / "incidents" / incident / "audio"
    wait_until(lambda: bool(list(audio.glob("*/recorder.json"))), "it records", seconds=30)
    (session_dir,) = audio.iterdir()
    running = DetachedRecorders().attach(session_dir)
    assert running is not None
    safe_until(running, 1_000)
    wait_until(lambda: bool(hotwash.json("show", incident)["sessions"]), "it is on record")
    fill(ballast)
    wait_until(lambda: bool(running.status().tracks[0].problem), "the disk is full")
    wait_until(lambda: running.status().elapsed_ms > 5_000, "more is lost than a moment")
    recording.send_signal(signal.SIGINT)
    said, problems = recording.communicate(timeout=60)
    stored = FolderArchive().describe(session_dir)
    ballast.unlink()
    shown = hotwash.json("show", incident)["sessions"][0]
    outcome = {
        "returncode": recording.returncode,
        "said": said,
        "told": " ".join(problems.split()),
        "ended": stored.ended,
        "duration_ms": stored.tracks[0].duration_ms,
        "gaps": [[gap.start_ms, gap.end_ms, gap.reason] for gap in stored.gaps],
        "shown_gaps": len(shown["gaps"]),
        "shown_ms": shown["tracks"][0]["duration_ms"],
        "ok": hotwash.json("verify", incident)["ok"],
        "files": sorted(path.name for path in session_dir.iterdir()),
    }
    print(json.dumps(outcome))


@pytest.mark.usefixtures("server")
def test_a_disk_that_is_full_at_the_end_is_told_and_what_is_missing_is_a_gap(
    tmp_path: Path,
) -> None:
    outcome = on_a_disk_of("4m", "record_until_the_disk_is_full", tmp_path)

    assert outcome["returncode"] == 3, outcome
    assert "No space left on device" in outcome["told"]
    assert "are on disk" in outcome["told"]
    assert "the audio is on disk" not in outcome["said"]
    ((start_ms, end_ms, reason),) = outcome["gaps"]
    assert (start_ms, reason) == (outcome["duration_ms"], "disk_full")
    assert end_ms > 4_800
    assert outcome["duration_ms"] >= 1_000
    assert (outcome["ended"], outcome["ok"]) == (False, True)
    assert (outcome["shown_ms"], outcome["shown_gaps"]) == (start_ms, 1)
    assert not [name for name in outcome["files"] if name.endswith((".part", "reserve"))]


KEPT_S, FULL_FOR_S = 5, 8


def overflow_the_memory(disk: Path) -> None:
    """Record for longer on a full disk than is kept in memory, with a short memory."""
    session_dir, ballast = disk / "session", disk / "ballast"
    write_session_info(session_dir, a_session_info())
    pcm = noise((2 + FULL_FOR_S + 3) * SECOND)
    block = SECOND // 10
    with contextlib.closing(Journal(session_dir)) as journal:
        track = TrackWriter(session_dir, journal, ROOM, TrackLabel.ROOM, file_frames=4 * SECOND)
        writer = PatientWriter(track, limit_frames=KEPT_S * SECOND)
        full_at = kept = 0
        for start_frame in range(0, len(pcm) // 2, block):
            if start_frame == 2 * SECOND:
                fill(ballast)
                full_at = track.position
            if start_frame == (2 + FULL_FOR_S) * SECOND:
                kept = track.position
                ballast.unlink()
            writer.append(pcm[2 * start_frame : 2 * (start_frame + block)])
            if start_frame % SECOND == 0:
                writer.sync(monotonic_ns=start_frame, utc="2026-03-12T14:46:00Z")
        writer.close()
    (gap,) = FolderArchive().describe(session_dir).gaps
    reader = FolderAudioReader()
    heard = [
        reader.pcm(room_of(session_dir), start_ms, end_ms) == pcm[start_ms * 32 : end_ms * 32]
        for start_ms, end_ms in ((0, gap.start_ms), (gap.end_ms, 13_000))
    ]
    outcome = {
        "written_when_full_ms": kept // 16,
        "full_at_ms": full_at // 16,
        "gap": [gap.start_ms, gap.end_ms, gap.reason.value],
        "heard": heard,
        "problems": len(FolderArchive().verify(session_dir).problems),
    }
    print(json.dumps(outcome))


def test_past_what_memory_keeps_a_gap_says_what_a_full_disk_cost_and_nothing_else_is_harmed(
    tmp_path: Path,
) -> None:
    outcome = on_a_disk_of("1m", "overflow_the_memory", tmp_path)

    start_ms, end_ms, reason = outcome["gap"]
    assert reason == "disk_full"
    assert abs(start_ms - outcome["written_when_full_ms"] - 1_000 * KEPT_S) <= 100
    assert abs(end_ms - 1_000 * (2 + FULL_FOR_S)) <= 1_100
    assert outcome["heard"] == [True, True]
    assert outcome["problems"] == 0
