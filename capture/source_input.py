"""Opens a source by the way that hears it on this system."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from capture.device_input import open_input
from capture.pipewire_input import PipeWireStream, is_for_pipewire
from capture.wasapi_listing import WASAPI_PREFIX
from capture.wasapi_loopback import open_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource
    from capture.device_input import Block, InputStream


def open_source(
    source: AudioSource,
    deliver: Callable[[Block], None],
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> InputStream:
    """Open and start a source; ``deliver`` must neither block nor raise, on whatever thread.

    ``now_ns`` is the recorder's clock.

    Raises:
        NoDeviceError: It is not there.
        DeviceBusyError: It does not open.
        EnvironmentMissingError: A library or program of the system is missing.
    """
    if is_for_pipewire(source):
        return PipeWireStream(source, deliver, now_ns)
    if source.id.startswith(WASAPI_PREFIX):
        return open_loopback(source, deliver, now_ns)
    return open_input(source, deliver, now_ns)
