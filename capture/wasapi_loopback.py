"""Listens to what an output of Windows plays: WASAPI loopback through PyAudioWPatch."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from app.domain.errors import DeviceBusyError, EnvironmentMissingError, NoDeviceError
from capture.device_input import Block
from capture.wasapi_listing import WASAPI_PREFIX, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource

_portaudio = threading.Lock()  # it is not safe from several threads


class LoopbackStream:
    """An output that is listened to; it delivers nothing at all while nothing plays."""

    may_be_silent = True

    def __init__(self, system: Any, stream: Any, sample_rate: int, channels: int) -> None:
        self._system = system
        self._stream = stream
        self.sample_rate = sample_rate
        self.channels = channels

    @property
    def active(self) -> bool:
        """Whether PortAudio's thread still runs."""
        try:
            return bool(self._stream.is_active())
        except OSError:
            return False  # the output was taken away

    def close(self) -> None:
        """Stop at once."""
        with _portaudio:
            self._system.terminate()  # which closes its streams


def open_loopback(
    source: AudioSource, deliver: Callable[[Block], None], now_ns: Callable[[], int]
) -> LoopbackStream:
    """Open and start an output; ``deliver`` is called on PortAudio's thread.

    Raises:
        NoDeviceError: It is not there.
        DeviceBusyError: It does not open.
        EnvironmentMissingError: PyAudioWPatch is not installed.
    """
    try:
        import pyaudiowpatch as pyaudio
    except ImportError as cause:
        raise EnvironmentMissingError(
            "The library PyAudioWPatch, through which outputs are recorded, is not installed.",
            remedy="Install the program's Python packages again.",
        ) from cause

    def on_block(data: bytes, _frames: int, _time: object, status: int) -> tuple[None, int]:
        deliver(Block(bytes(data), now_ns(), bool(status & pyaudio.paInputOverflow)))
        return None, int(pyaudio.paContinue)

    with _portaudio:
        system = pyaudio.PyAudio()
        try:
            device = _device(system, source)
            channels, rate = int(device["maxInputChannels"]), int(device["defaultSampleRate"])
            stream = system.open(
                format=pyaudio.paInt16,
                # All of them, at its own rate: a loopback opens as the output is, or not at all
                channels=channels,
                rate=rate,
                input=True,
                input_device_index=device["index"],
                # As they come: in fuller buffers the last of a sound would wait for the next sound
                frames_per_buffer=pyaudio.paFramesPerBufferUnspecified,
                stream_callback=on_block,
            )
        except OSError as cause:
            system.terminate()
            raise DeviceBusyError(source.name, str(cause.args[0])) from cause
        except NoDeviceError:
            system.terminate()
            raise
    return LoopbackStream(system, stream, rate, channels)


def _device(system: Any, source: AudioSource) -> dict[str, Any]:
    wanted = source.id.removeprefix(WASAPI_PREFIX)
    for device in system.get_loopback_device_info_generator():
        if plain_name(device) == wanted:
            return dict(device)
    raise NoDeviceError(f"“{source.name}” is not there.", remedy="Choose another output.")
