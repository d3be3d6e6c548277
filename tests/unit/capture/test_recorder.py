"""The recorder on devices that do as they are told; the real ones are in tests/e2e."""

import itertools
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import FolderInUseError, is_being_written
from app.audio_files.format import RESERVE_FILE
from app.audio_files.journal import read_journal
from app.audio_files.journal_lines import Silent
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import AudioSource, TrackAudio, TrackPlan
from app.domain.errors import AudioNotStoredError, CaptureError, DeviceBusyError
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import GapReason, MarkerKind, SessionKind, TrackLabel, TrackSource
from capture import recorder as recorder_module
from capture import track_recording
from capture.device_input import Block
from capture.recorder import SessionRecorder
from capture.recorder_plan import RecorderPlan, read_plan, write_plan
from tests.sound import wait_until
from tests.unit.audio_files.recordings import noise

PLAN = RecorderPlan(
    IncidentId("inc"),
    SessionId("ses"),
    SessionKind.ROOM,
    tuple(
        TrackPlan(
            TrackId(f"trk-{label}"), label, AudioSource(label, label, TrackSource.MIC, 16_000)
        )
        for label in TrackLabel
    ),
)


class FakeDevice:
    """Delivers noise in real time until told otherwise."""

    sample_rate = 16_000
    channels = 1

    def __init__(self, deliver: Callable[[Block], None], *, may_be_silent: bool = False) -> None:
        self.may_be_silent = may_be_silent
        self.active = True
        self.closed = threading.Event()
        self.lets_go = threading.Event()  # cleared, its library hangs
        self.lets_go.set()
        self.silenced = threading.Event()
        self.garbled = threading.Event()
        self.overflowed = False
        self._deliver = deliver
        self._thread = threading.Thread(target=self._run, name="fake-device")
        self._thread.start()

    def close(self) -> None:
        self.closed.set()
        self._thread.join()
        self.lets_go.wait()

    def _run(self) -> None:
        for number in itertools.count():
            if self.closed.wait(0.05):
                return
            if not self.silenced.is_set():
                overflowed, self.overflowed = self.overflowed, False
                pcm = noise(800, number)[: 1_599 if self.garbled.is_set() else None]
                self._deliver(Block(pcm, time.monotonic_ns(), overflowed))


class FakeDevices:
    """Opens fake devices; those in ``broken`` do not open."""

    def __init__(self, *, may_be_silent: bool = False) -> None:
        self._may_be_silent = may_be_silent
        self.opened: dict[str, FakeDevice] = {}
        self.broken: set[str] = set()
        self.bug: Exception | None = None
        self.tries = 0

    def __call__(self, source: AudioSource, deliver: Callable[[Block], None]) -> FakeDevice:
        self.tries += 1
        if self.bug is not None:
            raise self.bug
        if source.id in self.broken:
            raise DeviceBusyError(source.name, "in use")
        self.opened[source.id] = FakeDevice(deliver, may_be_silent=self._may_be_silent)
        return self.opened[source.id]


def problem(recorder: SessionRecorder, track: int) -> str:
    return recorder.status().tracks[track].problem


def finish(recorder: SessionRecorder) -> None:
    assert recorder.stop() is None
    recorder.close_devices()


def test_a_device_that_pauses_is_told_and_leaves_a_gap_as_long_as_the_pause(
    tmp_path: Path,
) -> None:
    devices = FakeDevices()
    recorder = SessionRecorder(tmp_path, PLAN, devices)
    devices.opened["room"].silenced.set()
    wait_until(lambda: "stopped delivering audio" in problem(recorder, 0), "the stall is told")
    assert problem(recorder, 1) == ""
    devices.opened["room"].silenced.clear()
    wait_until(lambda: problem(recorder, 0) == "", "it is over")
    finish(recorder)

    stored = FolderArchive().describe(tmp_path)
    (gap,) = stored.gaps
    assert (gap.track_id, gap.reason) == ("trk-room", GapReason.STALL)
    assert 1_400 < gap.end_ms - gap.start_ms < 3_000
    assert abs(stored.tracks[0].duration_ms - stored.tracks[1].duration_ms) < 200


def test_a_lost_device_is_opened_again_when_it_is_back(tmp_path: Path) -> None:
    devices = FakeDevices()
    recorder = SessionRecorder(tmp_path, PLAN, devices)
    lost = devices.opened["room"]
    devices.broken.add("room")
    lost.active = False
    wait_until(lambda: "in use" in problem(recorder, 0), "opening again fails")
    devices.broken.clear()
    wait_until(lambda: problem(recorder, 0) == "", "it is back")
    finish(recorder)

    assert lost.closed.is_set()
    (gap,) = FolderArchive().describe(tmp_path).gaps
    assert gap.reason is GapReason.DEVICE_LOST


def test_a_second_recorder_leaves_the_reserve_of_the_first_alone(tmp_path: Path) -> None:
    first = SessionRecorder(tmp_path, PLAN, FakeDevices())
    reserve = tmp_path / RESERVE_FILE
    kept = reserve.read_bytes()
    devices = FakeDevices()
    with pytest.raises(FolderInUseError):
        SessionRecorder(tmp_path, PLAN, devices)

    assert reserve.read_bytes() == kept
    assert all(device.closed.is_set() for device in devices.opened.values())
    finish(first)
    assert not reserve.exists()


def test_a_folder_that_cannot_be_made_is_no_recording_and_no_bug(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("a file where a folder should be")
    devices = FakeDevices()
    with pytest.raises(AudioNotStoredError):
        SessionRecorder(tmp_path / "audio" / "ses", PLAN, devices)

    assert all(device.closed.is_set() for device in devices.opened.values())


def test_a_recorder_that_finds_no_room_lets_go_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_none(_session_dir: Path) -> None:
        raise AudioNotStoredError(tmp_path / RESERVE_FILE, OSError("no room"))

    monkeypatch.setattr("capture.recorder.keep_reserve", find_none)
    with pytest.raises(AudioNotStoredError):
        SessionRecorder(tmp_path, PLAN, FakeDevices())

    assert not is_being_written(tmp_path)


def test_an_overflow_is_counted_and_a_gap(tmp_path: Path) -> None:
    devices = FakeDevices()
    recorder = SessionRecorder(tmp_path, PLAN, devices)
    wait_until(lambda: recorder.status().tracks[1].peak > 0, "audio flows")
    devices.opened["bridge"].overflowed = True
    wait_until(lambda: recorder.status().tracks[1].overflow_count == 1, "it is counted")
    finish(recorder)

    reasons = [gap.reason for gap in FolderArchive().describe(tmp_path).gaps]
    assert reasons == [GapReason.OVERFLOW]


def test_a_busy_device_leaves_no_session_and_no_open_device(tmp_path: Path) -> None:
    devices = FakeDevices()
    devices.broken.add("bridge")

    with pytest.raises(DeviceBusyError, match="in use"):
        SessionRecorder(tmp_path, PLAN, devices)

    assert devices.opened["room"].closed.is_set()
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_is_silent_from_the_first_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_recording, "FIRST_BLOCK_SECONDS", 0.3)
    devices = FakeDevices()

    def open_silent(source: AudioSource, _deliver: Callable[[Block], None]) -> FakeDevice:
        return devices(source, lambda _block: None)

    with pytest.raises(DeviceBusyError, match="delivers no audio"):
        SessionRecorder(tmp_path, PLAN, open_silent)
    assert devices.opened["room"].closed.is_set()


def test_markers_are_kept_and_refused_after_the_end(tmp_path: Path) -> None:
    recorder = SessionRecorder(tmp_path, PLAN, FakeDevices())
    marker = recorder.mark(MarkerKind.FACT, by="ic", text="")
    finish(recorder)

    assert FolderArchive().describe(tmp_path).markers == (marker,)
    with pytest.raises(CaptureError, match="ended"):
        recorder.mark(MarkerKind.FACT, by="ic", text="")


def test_a_plan_reads_back_equal(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.json", PLAN)

    assert read_plan(tmp_path / "plan.json") == PLAN


def test_a_bug_in_a_track_is_told_ends_no_track_and_is_not_reported_as_success(
    tmp_path: Path,
) -> None:
    devices = FakeDevices()
    recorder = SessionRecorder(tmp_path, PLAN, devices)
    wait_until(lambda: recorder.status().tracks[0].peak > 0, "audio flows")
    devices.opened["room"].garbled.set()
    wait_until(lambda: "ValueError" in problem(recorder, 0), "the bug is told")
    devices.opened["room"].garbled.clear()
    at_the_bug = recorder.status().tracks[0].safe_until_ms
    wait_until(
        lambda: recorder.status().tracks[0].safe_until_ms > at_the_bug + 1_000, "it goes on"
    )
    failure = recorder.stop()
    recorder.close_devices()

    assert "an error inside Hotwash" in str(failure)
    assert recorder.status().failure is failure
    stored = FolderArchive().describe(tmp_path)
    assert not stored.ended
    assert {gap.track_id for gap in stored.gaps} == {"trk-room"}
    assert list(tmp_path.glob("*.part")) == []
    assert abs(stored.tracks[0].duration_ms - stored.tracks[1].duration_ms) < 300


def test_a_sound_library_that_hangs_holds_up_neither_a_failed_start_nor_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "CLOSE_SECONDS", 0.1)
    devices = FakeDevices()
    recorder = SessionRecorder(tmp_path / "first", PLAN, devices)
    hangs = devices.opened["room"].lets_go
    hangs.clear()
    finish(recorder)
    hangs.set()

    def refuse(source: AudioSource, deliver: Callable[[Block], None]) -> FakeDevice:
        if "room" in devices.opened:
            raise DeviceBusyError(source.name, "in use")
        device = devices(source, deliver)
        device.lets_go.clear()
        return device

    devices.opened.clear()
    with pytest.raises(DeviceBusyError):
        SessionRecorder(tmp_path / "second", PLAN, refuse)
    assert devices.opened["room"].closed.wait(5)
    devices.opened["room"].lets_go.set()


def test_a_device_that_fails_in_an_unknown_way_is_opened_again(tmp_path: Path) -> None:
    devices = FakeDevices()
    recorder = SessionRecorder(tmp_path, PLAN, devices)
    devices.bug = RuntimeError("no such host api")
    devices.opened["room"].active = False
    wait_until(lambda: "stopped delivering" in problem(recorder, 0), "the loss is told")
    tried = devices.tries
    wait_until(lambda: devices.tries > tried + 1, "it is tried again")
    devices.bug = None
    wait_until(lambda: recorder.status().tracks[0].peak > 0, "it is back")
    failure = recorder.stop()
    recorder.close_devices()

    assert "no such host api" in str(failure)
    (gap,) = FolderArchive().describe(tmp_path).gaps
    assert gap.reason is GapReason.DEVICE_LOST


def test_a_source_that_has_nothing_to_deliver_goes_on_in_silence_by_the_clock(
    tmp_path: Path,
) -> None:
    """As loopback on Windows: no data while nothing plays, and that is no gap."""
    devices = FakeDevices(may_be_silent=True)
    recorder = SessionRecorder(tmp_path, PLAN, devices)
    bridge = devices.opened["bridge"]
    wait_until(lambda: recorder.status().tracks[1].peak > 0, "audio flows")
    bridge.silenced.set()
    silent_since = recorder.status().elapsed_ms
    wait_until(
        lambda: recorder.status().tracks[1].safe_until_ms > silent_since + 2_000, "it goes on"
    )
    assert problem(recorder, 1) == ""
    bridge.silenced.clear()
    wait_until(lambda: recorder.status().tracks[1].peak > 0, "audio flows again")
    finish(recorder)

    stored = FolderArchive().describe(tmp_path)
    lines = read_journal(tmp_path).lines
    (silence,) = (line for line in lines if isinstance(line, Silent))
    track = TrackAudio(silence.track_id, tmp_path, TrackLabel.BRIDGE)
    reader = FolderAudioReader()
    assert silence.track_id == "trk-bridge"
    assert abs(silence.start_ms - silent_since) < 400
    assert stored.gaps == ()
    assert not any(reader.pcm(track, silence.start_ms + 1, silence.end_ms - 1))
    assert any(reader.pcm(track, silence.end_ms + 1, silence.end_ms + 50))
    assert abs(stored.tracks[0].duration_ms - stored.tracks[1].duration_ms) < 200


def test_a_source_that_is_silent_from_the_first_may_be_so_if_that_is_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(track_recording, "FIRST_QUIET_SECONDS", 0.1)
    devices = FakeDevices(may_be_silent=True)

    def open_silent(source: AudioSource, deliver: Callable[[Block], None]) -> FakeDevice:
        is_silent = source.id == "bridge"
        return devices(source, (lambda _block: None) if is_silent else deliver)

    recorder = SessionRecorder(tmp_path, PLAN, open_silent)
    wait_until(lambda: recorder.status().tracks[1].safe_until_ms > 1_500, "silence is written")
    finish(recorder)

    stored = FolderArchive().describe(tmp_path)
    assert stored.gaps == ()
    assert stored.tracks[1].duration_ms == pytest.approx(
        stored.tracks[0].duration_ms, abs=track_recording.SILENT_AFTER_NS // 1_000_000 + 300
    )
