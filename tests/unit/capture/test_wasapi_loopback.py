"""Windows' outputs, with a stand-in for PyAudioWPatch: nobody has run this on Windows yet."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import pytest

from app.domain.engine_types import AudioSource
from app.domain.errors import DeviceBusyError, EnvironmentMissingError, NoDeviceError
from app.domain.sessions import TrackSource
from capture.portaudio_listing import sources_from_listing
from capture.source_input import open_source
from capture.wasapi_listing import loopback_listing, sources_from_loopbacks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from capture.device_input import Block

SPEAKERS = AudioSource("wasapi:Speakers", "Speakers", TrackSource.LOOPBACK, 48_000, default=True)
HEADPHONES = AudioSource("wasapi:Headphones", "Headphones", TrackSource.LOOPBACK, 44_100)


@dataclass
class FakeStream:
    """What ``PyAudio.open`` gives."""

    asked: dict[str, Any]
    gone: bool = False

    def is_active(self) -> bool:
        if self.gone:
            raise OSError(-9988, "Stream closed")
        return True


@dataclass
class FakePyAudio:
    """The module and its one class, with two outputs."""

    refusal: OSError | None = None
    has_default: bool = True
    streams: list[FakeStream] = field(default_factory=list)
    open_systems: int = 0
    paInt16: int = 8  # noqa: N815  the library's own names, here and below
    paInputOverflow: int = 2  # noqa: N815
    paContinue: int = 0  # noqa: N815
    paFramesPerBufferUnspecified: int = 0  # noqa: N815

    def PyAudio(self) -> FakePyAudio:  # noqa: N802
        self.open_systems += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.terminate()

    def terminate(self) -> None:
        self.open_systems -= 1

    def get_loopback_device_info_generator(self) -> Iterator[dict[str, Any]]:
        yield self.device(7, "Headphones [Loopback]", 2, 44_100.0)
        yield self.device(8, "Speakers [Loopback]", 6, 48_000.0)

    def get_default_wasapi_loopback(self) -> dict[str, Any]:
        if not self.has_default:
            raise OSError("WASAPI is not there")
        return self.device(8, "Speakers [Loopback]", 6, 48_000.0)

    def open(self, **asked: Any) -> FakeStream:
        if self.refusal is not None:
            raise self.refusal
        self.streams.append(FakeStream(asked))
        return self.streams[-1]

    @staticmethod
    def device(index: int, name: str, channels: int, rate: float) -> dict[str, Any]:
        return {
            "index": index,
            "name": name,
            "maxInputChannels": channels,
            "defaultSampleRate": rate,
            "isLoopbackDevice": True,
        }


@pytest.fixture
def pyaudio(monkeypatch: pytest.MonkeyPatch) -> FakePyAudio:
    fake = FakePyAudio()
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", fake)
    return fake


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", None)


def deliver_to(blocks: list[Block]) -> Callable[[Block], None]:
    return blocks.append


def test_outputs_are_listed_beside_the_microphones_with_the_default(pyaudio: FakePyAudio) -> None:
    listing = {
        "devices": [],
        "interfaces": [{"name": "Windows WASAPI", "default_input_device": -1}],
        "loopbacks": loopback_listing(),
    }

    assert sources_from_listing(listing, platform="win32") == [HEADPHONES, SPEAKERS]
    assert pyaudio.open_systems == 0


def test_without_a_default_or_without_the_library_nothing_breaks(
    pyaudio: FakePyAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    pyaudio.has_default = False
    assert [found.default for found in sources_from_loopbacks(loopback_listing())] == [False] * 2

    monkeypatch.setitem(sys.modules, "pyaudiowpatch", None)
    assert loopback_listing() == []


def test_an_output_is_opened_as_it_is_and_its_packets_come_with_their_time(
    pyaudio: FakePyAudio,
) -> None:
    blocks: list[Block] = []
    stream = open_source(SPEAKERS, deliver_to(blocks), lambda: 5_000)
    asked = pyaudio.streams[0].asked
    assert (asked["input_device_index"], asked["channels"], asked["rate"]) == (8, 6, 48_000)
    assert (stream.sample_rate, stream.channels) == (48_000, 6)
    assert stream.may_be_silent

    told = [
        asked["stream_callback"](b"\1\0" * 6, 1, {}, status)
        for status in (0, pyaudio.paInputOverflow)
    ]

    assert told == [(None, pyaudio.paContinue)] * 2
    assert [(b.pcm, b.arrived_ns, b.overflowed) for b in blocks] == [
        (b"\1\0" * 6, 5_000, False),
        (b"\1\0" * 6, 5_000, True),
    ]
    stream.close()
    assert pyaudio.open_systems == 0


def test_an_output_that_is_taken_away_is_no_longer_active(pyaudio: FakePyAudio) -> None:
    stream = open_source(SPEAKERS, deliver_to([]))
    assert stream.active
    pyaudio.streams[0].gone = True

    assert not stream.active


def test_an_output_that_does_not_open_or_is_not_there_leaves_nothing_open(
    pyaudio: FakePyAudio,
) -> None:
    pyaudio.refusal = OSError("Invalid device")
    with pytest.raises(DeviceBusyError, match="“Speakers” does not open: Invalid device"):
        open_source(SPEAKERS, deliver_to([]))
    gone = AudioSource("wasapi:HDMI", "HDMI", TrackSource.LOOPBACK, 48_000)
    with pytest.raises(NoDeviceError, match="“HDMI” is not there"):
        open_source(gone, deliver_to([]))

    assert pyaudio.open_systems == 0


@pytest.mark.usefixtures("not_installed")
def test_without_the_library_opening_says_what_is_missing() -> None:
    with pytest.raises(EnvironmentMissingError, match="PyAudioWPatch"):
        open_source(SPEAKERS, deliver_to([]))
