"""Devices that come, go and change places under a real recorder, on a real sound server."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.conduct_lines import SourceChanged
from app.audio_files.journal import glance_at_journal
from app.domain.alarms import AlarmKind
from app.domain.engine_types import AudioSource, TrackPlan
from app.domain.sessions import GapReason, TrackLabel, TrackSource
from capture.devices import SystemSources
from capture.running_recording import RunningRecording
from tests.recorders import BRIDGE, ROOM, plans, recorder_pid, safe_until, start
from tests.sound import SoundServer, restarted_sound_server, sound_server, wait_until


@pytest.fixture
def server() -> Iterator[SoundServer]:
    with sound_server() as running, pytest.MonkeyPatch.context() as patch:
        running.use(patch)
        yield running


def plug_in(server: SoundServer, name: str) -> str:
    """Add a device that hears the room; return what unplugs it."""
    return server.pactl(
        "load-module", "module-remap-source", f"source_name={name}", "master=room.monitor"
    ).strip()


def source(name: str) -> AudioSource:
    return {known.id: known for known in SystemSources().sources()}[f"pulse:{name}"]


def alarms(recording: RunningRecording) -> set[AlarmKind]:
    return {alarm.kind for alarm in recording.status().alarms}


def changes(session_dir: Path) -> list[tuple[str, str]]:
    lines = glance_at_journal(session_dir)
    return [
        (line.before.removeprefix("pulse:"), line.after.removeprefix("pulse:"))
        for line in lines
        if isinstance(line, SourceChanged)
    ]


def lost_ms(session_dir: Path) -> dict[str, int]:
    """Return the longest gap of each track."""
    longest: dict[str, int] = {}
    for gap in FolderArchive().describe(session_dir).gaps:
        longest[gap.track_id] = max(longest.get(gap.track_id, 0), gap.end_ms - gap.start_ms)
    return longest


def test_a_fallback_is_heard_within_two_seconds_and_the_device_is_taken_up_again(
    server: SoundServer, session_dir: Path
) -> None:
    usb, _spare = plug_in(server, "usb"), plug_in(server, "spare")
    room = TrackPlan(ROOM, TrackLabel.ROOM, source("usb"), fallback=source("spare"))
    recording = start(session_dir, [plans()[1], room])
    safe_until(recording, 500)

    server.pactl("unload-module", usb)
    wait_until(lambda: changes(session_dir) == [("usb", "spare")], "the fallback is heard")
    wait_until(lambda: AlarmKind.DEVICE_LOST in alarms(recording), "that is told")
    assert not recording.status().tracks[0].problem
    plug_in(server, "usb")
    wait_until(lambda: changes(session_dir)[1:] == [("spare", "usb")], "the device is back")
    wait_until(lambda: not alarms(recording), "the alarm is over")
    safe_until(recording, recording.status().elapsed_ms)
    recording.stop()

    lost = lost_ms(session_dir)
    print("lost at the changes, ms:", lost)
    assert set(lost) == {ROOM}
    assert lost[ROOM] <= 2_000
    reasons = {gap.reason for gap in FolderArchive().describe(session_dir).gaps}
    assert reasons == {GapReason.DEVICE_LOST}
    assert FolderArchive().verify(session_dir).problems == ()


def test_a_track_follows_the_default_device_if_that_was_chosen_and_else_does_not(
    server: SoundServer, session_dir: Path
) -> None:
    plug_in(server, "mic1")
    plug_in(server, "mic2")
    server.pactl("set-default-source", "mic1")
    assert source("mic1").default
    room = TrackPlan(ROOM, TrackLabel.ROOM, source("mic1"), follow_default=True)
    bridge = replace(plans()[0], track_id=BRIDGE, label=TrackLabel.BRIDGE)
    recording = start(session_dir, [room, bridge])
    safe_until(recording, 500)

    server.pactl("set-default-source", "mic2")
    wait_until(lambda: changes(session_dir) == [("mic1", "mic2")], "the microphone is followed")
    server.pactl("set-default-sink", "bridge")
    safe_until(recording, recording.status().elapsed_ms)
    assert not alarms(recording)
    recording.stop()

    lost = lost_ms(session_dir)
    print("lost at the change, ms:", lost)
    assert set(lost) == {ROOM}
    assert lost[ROOM] <= 2_000
    assert changes(session_dir) == [("mic1", "mic2")]


def test_a_loopback_follows_the_default_output(server: SoundServer, session_dir: Path) -> None:
    server.pactl("set-default-sink", "bridge")
    bridge = TrackPlan(BRIDGE, TrackLabel.BRIDGE, source("bridge.monitor"), follow_default=True)
    assert bridge.source.kind is TrackSource.LOOPBACK
    recording = start(session_dir, [bridge])
    safe_until(recording, 500)

    server.pactl("set-default-sink", "room")

    wait_until(
        lambda: changes(session_dir) == [("bridge.monitor", "room.monitor")], "it is followed"
    )
    safe_until(recording, recording.status().elapsed_ms)
    recording.stop()
    assert FolderArchive().verify(session_dir).problems == ()


def test_a_sound_daemon_that_is_restarted_costs_a_gap_and_nothing_else(
    server: SoundServer, session_dir: Path
) -> None:
    recording = start(session_dir)
    safe_until(recording, 500)

    with restarted_sound_server(server):
        wait_until(lambda: AlarmKind.DEVICE_LOST in alarms(recording), "the loss is told")
        wait_until(
            lambda: not any(track.problem for track in recording.status().tracks), "it is back"
        )
        wait_until(lambda: not alarms(recording), "the alarm is over")
        safe_until(recording, recording.status().elapsed_ms)
        last = recording.stop()

    stored = FolderArchive().describe(session_dir)
    assert {gap.track_id for gap in stored.gaps} == {ROOM, BRIDGE}
    assert {gap.reason for gap in stored.gaps} == {GapReason.DEVICE_LOST}
    assert all(abs(track.duration_ms - last.elapsed_ms) < 500 for track in stored.tracks)
    assert FolderArchive().verify(session_dir).problems == ()


@pytest.mark.usefixtures("server")
def test_a_stopped_recorder_goes_on_where_the_clock_is(session_dir: Path) -> None:
    recording = start(session_dir)
    safe_until(recording, 1_000)
    os.kill(recorder_pid(session_dir), signal.SIGSTOP)
    elapsed_ms = recording_age(session_dir) + 4_000
    wait_until(lambda: recording_age(session_dir) > elapsed_ms, "it hangs for four seconds")
    os.kill(recorder_pid(session_dir), signal.SIGCONT)
    wait_until(lambda: recording.status().running, "it answers")
    safe_until(recording, recording.status().elapsed_ms)
    last = recording.stop()

    stored = FolderArchive().describe(session_dir)
    lost_ms = sum(gap.end_ms - gap.start_ms for gap in stored.gaps)
    print("lost over four seconds of standing still, ms:", lost_ms)  # the server keeps what it can
    assert all(abs(track.duration_ms - last.elapsed_ms) < 500 for track in stored.tracks)
    assert FolderArchive().verify(session_dir).problems == ()


def recording_age(session_dir: Path) -> int:
    """Return the age of the recorder's process in ms, by a clock that does not need its answer."""
    process = psutil.Process(recorder_pid(session_dir))
    return int((time.time() - process.create_time()) * 1_000)
