"""Lists what Windows plays on: its outputs, which PyAudioWPatch offers as loopback devices.

That is PortAudio with loopback added; sounddevice's own has none. It loads beside the other and
shares nothing with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.engine_types import AudioSource
from app.domain.sessions import TrackSource

if TYPE_CHECKING:
    from collections.abc import Iterable

WASAPI_PREFIX = "wasapi:"
SUFFIX = " [Loopback]"  # what PyAudioWPatch adds to the name of an output


def loopback_listing() -> list[dict[str, Any]]:
    """Return the outputs as PyAudioWPatch describes them; none where it is not installed.

    ``is_default`` says which is the system's. The list is frozen in a process that has one open.
    """
    try:
        import pyaudiowpatch as pyaudio
    except ImportError:
        return []
    with pyaudio.PyAudio() as system:
        try:
            default = system.get_default_wasapi_loopback()["index"]
        except (OSError, LookupError):
            default = None  # no output at all, or WASAPI is not there
        return [
            {**device, "is_default": device["index"] == default}
            for device in system.get_loopback_device_info_generator()
        ]


def sources_from_loopbacks(listing: Iterable[dict[str, Any]]) -> list[AudioSource]:
    """Read what ``loopback_listing`` says; of outputs with one name the first counts."""
    sources: dict[str, AudioSource] = {}
    for device in listing:
        name = plain_name(device)
        source = AudioSource(
            id=WASAPI_PREFIX + name,
            name=name,
            kind=TrackSource.LOOPBACK,
            sample_rate=int(device["defaultSampleRate"]),
            default=bool(device["is_default"]),
        )
        sources.setdefault(source.id, source)
    return list(sources.values())


def plain_name(device: dict[str, Any]) -> str:
    """Return the name that the output has in the system."""
    return str(device["name"]).removesuffix(SUFFIX)
