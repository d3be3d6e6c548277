"""The list of devices where no sound server tells of changes."""

import threading

import pytest

from app.domain.engine_types import AudioSource, TrackPlan
from app.domain.errors import DeviceBusyError
from app.domain.ids import TrackId
from app.domain.sessions import TrackLabel, TrackSource
from capture import source_watch
from capture.device_input import Block
from capture.source_watch import SourceWatch
from capture.track_input import TrackInput
from tests.sound import wait_until


def a_mic(name: str, *, default: bool = False) -> AudioSource:
    return AudioSource(f"portaudio:{name}", name, TrackSource.MIC, 48_000, default)


USB, BUILT_IN = a_mic("USB"), a_mic("Built-in", default=True)


class Devices:
    """What a helper process lists."""

    def __init__(self, *devices: AudioSource) -> None:
        self.devices = devices
        self.listed = threading.Event()

    def __call__(self) -> tuple[AudioSource, ...]:
        self.listed.set()
        return self.devices


def a_plan(source: AudioSource, **more: object) -> TrackPlan:
    return TrackPlan(TrackId("trk"), TrackLabel.ROOM, source, **more)  # type: ignore[arg-type]


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(source_watch, "LIST_EVERY_S", 60.0)
    monkeypatch.setattr(source_watch, "LIST_OFTEN_S", 0.05)


@pytest.mark.usefixtures("no_server")
def test_a_missed_device_is_looked_for_often_and_its_fallback_named_meanwhile() -> None:
    devices = Devices(BUILT_IN)
    watch = SourceWatch(devices)
    try:
        plan = a_plan(USB, fallback=BUILT_IN)
        assert watch.wanted(plan) == BUILT_IN
        assert watch.wanted(a_plan(USB)) == USB  # nothing better is there
        devices.devices = (BUILT_IN, USB)
        wait_until(lambda: watch.wanted(plan) == USB, "it is found again")
        assert watch.present("elsewhere:speakers")  # which this list does not tell of
    finally:
        watch.stop()


@pytest.mark.usefixtures("no_server")
def test_the_default_is_followed_only_where_that_was_chosen() -> None:
    watch = SourceWatch(Devices(USB, BUILT_IN))
    try:
        assert watch.wanted(a_plan(USB, follow_default=True)) == BUILT_IN
        assert watch.wanted(a_plan(USB)) == USB
    finally:
        watch.stop()


class Stream:
    sample_rate, channels, active, may_be_silent = 48_000, 1, True, False

    def close(self) -> None:
        self.active = False


class Roster:
    def __init__(self, wanted: AudioSource) -> None:
        self.source = wanted

    def wanted(self, _plan: TrackPlan) -> AudioSource:
        return self.source


def test_a_device_that_is_there_and_does_not_open_does_not_cut_its_fallback_off() -> None:
    busy = threading.Event()

    def open_input(source: AudioSource, _deliver: object) -> Stream:
        if source == USB and busy.is_set():
            raise DeviceBusyError(source.name, "in use")
        return Stream()

    track = TrackInput(a_plan(USB, fallback=BUILT_IN), open_input, Roster(USB))
    assert not track.should_change()
    busy.set()
    track.blocks.put(Block(b"", 0, overflowed=False))
    track.open_again()

    assert (track.source, track.is_another) == (BUILT_IN, True)
    assert track.blocks.empty()
    assert not track.should_change()
