"""Pauses and the announcement, with the real recorder process on a real sound server."""

import math
import os
import signal
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.conduct_lines import Announced, Paused, Resumed
from app.audio_files.folder_lock import is_being_written
from app.audio_files.journal import glance_at_journal
from app.audio_files.wav import HEADER_BYTES
from app.domain.errors import CaptureError
from app.domain.sessions import GapReason, MarkerKind, Pause
from capture.running_recording import RunningRecording
from tests.recorders import BRIDGE, RATE, ROOM, recorder_pid, safe_until, start
from tests.sound import SoundServer, wait_until


def a_tone(folder: Path, seconds: float) -> Path:
    """Write a tone that no silence resembles."""
    path = folder / "tone.wav"
    samples = [int(12_000 * math.sin(n * 0.4)) for n in range(int(seconds * RATE))]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


def loudest(session_dir: Path) -> int:
    """Return the largest sample of all files of the session, whatever state they are in."""
    largest = 0
    for path in session_dir.glob("*.wav*"):
        samples = np.frombuffer(path.read_bytes()[HEADER_BYTES:], dtype="<i2")
        largest = max(largest, int(np.abs(samples.astype(np.int32)).max(initial=0)))
    return largest


def peak(recording: RunningRecording) -> float:
    return max(track.peak for track in recording.status().tracks)


def test_a_tone_that_sounds_during_a_pause_is_nowhere_in_the_files(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    tone = a_tone(tmp_path, 6)
    recording = start(session_dir)
    safe_until(recording, 500)
    begun = recording.pause(by="Priya")
    with server.playing("room", tone), server.playing("bridge", tone):
        wait_until(lambda: recording.status().elapsed_ms > begun.start_ms + 2_500, "it sounds")
        status = recording.status()
        marker = recording.mark(MarkerKind.LOOK, by="ic", text="")
    assert status.pause == begun
    assert [track.peak for track in status.tracks] == [0.0, 0.0]
    assert all(track.safe_until_ms > begun.start_ms + 1_000 for track in status.tracks)
    wait_until(lambda: "RUNNING" not in server.pactl("list", "short", "sinks"), "it is silent")
    ended = recording.resume(by="Tom")
    safe_until(recording, (ended.end_ms or 0) + 500)
    recording.stop()

    assert loudest(session_dir) == 0
    stored = FolderArchive().describe(session_dir)
    assert stored.pauses == (Pause(begun.start_ms, ended.end_ms, "Priya"),) == (ended,)
    assert stored.markers == (marker,)
    assert begun.start_ms < marker.at_ms < (ended.end_ms or 0)
    assert {(gap.track_id, gap.reason) for gap in stored.gaps} == {
        (ROOM, GapReason.PAUSE),
        (BRIDGE, GapReason.PAUSE),
    }
    for gap in stored.gaps:
        assert abs(gap.start_ms - begun.start_ms) < 300
        # A null sink without a client delivers every two seconds; devices do within 0.2 s.
        assert 0 <= gap.end_ms - (ended.end_ms or 0) < 3_000
    assert FolderArchive().verify(session_dir).problems == ()


def test_what_sounded_until_the_end_of_a_pause_does_not_come_out_of_a_buffer(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    tone = a_tone(tmp_path, 20)
    recording = start(session_dir)
    with server.playing("room", tone), server.playing("bridge", tone):
        wait_until(lambda: peak(recording) > 0.1, "it is heard")
        recording.pause(by="Priya")
        at_pause = {path: path.stat().st_size for path in session_dir.glob("*.wav*")}
        wait_until(lambda: peak(recording) == 0.0, "nothing is heard")
        sizes = {path: path.stat().st_size for path in session_dir.glob("*.wav*")}
        ended = recording.resume(by="Priya")
        wait_until(lambda: peak(recording) > 0.1, "it is heard again")
    recording.stop()

    # What was heard before the order may be on its way to the disk when the answer comes.
    assert all(sizes[path] - size <= 2 * RATE for path, size in at_pause.items())
    state = {gap.track_id: gap for gap in FolderArchive().describe(session_dir).gaps}
    assert all(gap.end_ms >= (ended.end_ms or 0) for gap in state.values())


@pytest.mark.usefixtures("server")
def test_a_recorder_killed_in_a_pause_was_paused_until_its_end(session_dir: Path) -> None:
    recording = start(session_dir)
    safe_until(recording, 500)
    begun = recording.pause(by="Priya")
    assert any(isinstance(line, Paused) for line in glance_at_journal(session_dir))
    with pytest.raises(CaptureError, match="paused already"):
        recording.pause(by="Tom")
    os.kill(recorder_pid(session_dir), signal.SIGKILL)
    wait_until(lambda: not is_being_written(session_dir), "it is dead")
    stored = FolderArchive().recover(session_dir)

    assert stored.pauses == (Pause(begun.start_ms, None, "Priya"),)
    assert all(abs(track.duration_ms - begun.start_ms) < 300 for track in stored.tracks)
    assert FolderArchive().verify(session_dir).problems == ()


@pytest.mark.usefixtures("server")
def test_the_first_announcement_counts_and_each_is_in_the_journal(session_dir: Path) -> None:
    recording = start(session_dir)
    first = recording.announce(by="Priya", method="said aloud")
    again = recording.announce(by="Tom", method="in the chat")
    assert recording.status().consent == first == again
    with pytest.raises(CaptureError, match="not paused"):
        recording.resume(by="Tom")
    recording.pause(by="Tom")
    recording.stop()

    lines = glance_at_journal(session_dir)
    assert [line.by for line in lines if isinstance(line, Announced)] == ["Priya", "Tom"]
    assert not any(isinstance(line, Resumed) for line in lines)
    stored = FolderArchive().describe(session_dir)
    assert stored.consent == first
    assert stored.pauses[0].end_ms is None
    assert {gap.reason for gap in stored.gaps} == {GapReason.PAUSE}
