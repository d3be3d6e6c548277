"""Opens an input device; the only module of the recorder that knows sounddevice."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import DeviceBusyError, EnvironmentMissingError, NoDeviceError
from capture.portaudio_listing import PORTAUDIO_PREFIX, portaudio_missing
from capture.pulse_listing import PULSE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource

BLOCKS_PER_SECOND = 10
MAX_CHANNELS = 2

# PortAudio is not safe from several threads, and PULSE_SOURCE is one for the whole process.
_portaudio = threading.Lock()


@dataclass(frozen=True, slots=True)
class Block:
    """What a device delivered at once: s16 interleaved, copied out of its buffer.

    ``arrived_ns`` is when its last sample was there, on the recorder's clock.
    """

    pcm: bytes
    arrived_ns: int
    overflowed: bool


class InputStream(Protocol):
    """An open device."""

    sample_rate: int
    channels: int
    # Whether it delivers nothing at all while nothing plays, as loopback does on Windows: then
    # the track goes on in silence, by the clock.
    may_be_silent: bool

    @property
    def active(self) -> bool:
        """Whether the device still means to deliver."""

    def close(self) -> None:
        """Stop the device; no block is delivered once this returned."""


class OpenInput(Protocol):
    """Opens devices; ``open_input`` in the program."""

    def __call__(self, source: AudioSource, deliver: Callable[[Block], None]) -> InputStream:
        """Start recording; ``deliver`` must neither block nor raise."""


class SoundDeviceStream:
    """An input stream of PortAudio, which always delivers."""

    may_be_silent = False

    def __init__(self, stream: Any, sample_rate: int, channels: int) -> None:
        self._stream = stream
        self.sample_rate = sample_rate
        self.channels = channels

    @property
    def active(self) -> bool:
        """Whether PortAudio's thread still runs."""
        return bool(self._stream.active)

    def close(self) -> None:
        """Stop at once; may take long when the sound server hangs."""
        with _portaudio:
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)


def open_input(
    source: AudioSource,
    deliver: Callable[[Block], None],
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> SoundDeviceStream:
    """Open and start a device; ``deliver`` is called on PortAudio's thread for each block.

    ``now_ns`` is the recorder's clock.

    Raises:
        NoDeviceError: It is not there.
        DeviceBusyError: It does not open.
        EnvironmentMissingError: PortAudio, or its way to the sound server, is not installed.
    """
    try:
        import sounddevice as sd
    except OSError as cause:
        raise portaudio_missing() from cause

    def on_block(data: Any, _frames: int, _time: object, status: Any) -> None:
        # PortAudio reuses the buffer once this returns, hence the copy.
        deliver(Block(bytes(data), now_ns(), bool(status.input_overflow)))

    with _portaudio:
        is_pulse = source.id.startswith(PULSE_PREFIX)
        if is_pulse:
            os.environ["PULSE_SOURCE"] = source.id.removeprefix(PULSE_PREFIX)
        try:
            index = _device_index(sd, source)
            # The server mixes to one channel by itself; a device of PortAudio does not.
            found = int(sd.query_devices(index)["max_input_channels"])
            channels = 1 if is_pulse else min(MAX_CHANNELS, found)
            stream = sd.RawInputStream(
                device=index,
                samplerate=source.sample_rate,
                channels=channels,
                dtype="int16",
                blocksize=source.sample_rate // BLOCKS_PER_SECOND,
                latency="high",
                callback=on_block,
            )
            stream.start()
        except sd.PortAudioError as cause:
            raise DeviceBusyError(source.name, str(cause.args[0])) from cause
    return SoundDeviceStream(stream, source.sample_rate, channels)


def _device_index(sd: Any, source: AudioSource) -> int:
    wanted = "pulse"
    if source.id.startswith(PORTAUDIO_PREFIX):
        wanted = source.id.removeprefix(PORTAUDIO_PREFIX)
    for index, device in enumerate(sd.query_devices()):
        if device["name"] == wanted and device["max_input_channels"] > 0:
            return index
    if source.id.startswith(PULSE_PREFIX):
        raise EnvironmentMissingError(
            "PortAudio does not reach the sound server.",
            remedy="Install the way between them: sudo apt install libasound2-plugins",
        )
    raise NoDeviceError(f"“{source.name}” is not there.", remedy="Choose another input.")
