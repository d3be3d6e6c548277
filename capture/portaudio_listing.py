"""Lists PortAudio's inputs and Windows' outputs, in a program: what is loaded looks only once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.domain.engine_types import AudioSource
from app.domain.errors import EnvironmentMissingError
from app.domain.sessions import TrackSource
from capture.wasapi_listing import loopback_listing, sources_from_loopbacks

PORTAUDIO_PREFIX = "portaudio:"
LISTING_SECONDS = 20
# Drivers that offer what the loudspeakers play as an ordinary input.
LOOPBACK_NAMES = ("blackhole", "loopback", "soundflower", "vb-cable", "stereo mix")
# Windows shows each device once per interface; this is the one that resamples least.
PREFERRED_INTERFACE = {"win32": "Windows WASAPI", "darwin": "Core Audio", "linux": "ALSA"}


def portaudio_sources() -> list[AudioSource]:
    """Return PortAudio's inputs, and on Windows what the outputs play, as they are now.

    Raises:
        EnvironmentMissingError: PortAudio is not installed, or hangs.
    """
    command = [sys.executable, "-m", "capture.portaudio_listing"]
    root = Path(__file__).parents[1]
    try:
        listing = subprocess.run(  # noqa: S603  our own module
            command, cwd=root, capture_output=True, timeout=LISTING_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as cause:
        raise EnvironmentMissingError(
            "The sound system does not answer.", remedy="Restart it, or the machine."
        ) from cause
    if listing.returncode != 0:
        raise portaudio_missing()
    return sources_from_listing(json.loads(listing.stdout))


def portaudio_missing() -> EnvironmentMissingError:
    """Return the error for a machine without PortAudio."""
    remedy = "Install it: sudo apt install libportaudio2 libasound2-plugins"
    if sys.platform != "linux":
        remedy = "Install the program's Python packages again."
    return EnvironmentMissingError("The sound library PortAudio is not installed.", remedy=remedy)


def sources_from_listing(
    listing: dict[str, Any], platform: str = sys.platform
) -> list[AudioSource]:
    """Choose the inputs of one interface, and all loopbacks, from what ``main`` prints."""
    interfaces = listing["interfaces"]
    preferred = PREFERRED_INTERFACE.get(platform)
    names = [interface["name"] for interface in interfaces]
    chosen = names.index(preferred) if preferred in names else 0
    sources: dict[str, AudioSource] = {}
    for index, device in enumerate(listing["devices"]):
        if device["hostapi"] != chosen or device["max_input_channels"] < 1:
            continue
        name = str(device["name"])
        is_loopback = any(word in name.lower() for word in LOOPBACK_NAMES)
        source = AudioSource(
            id=PORTAUDIO_PREFIX + name,
            name=name,
            kind=TrackSource.LOOPBACK if is_loopback else TrackSource.MIC,
            sample_rate=int(device["default_samplerate"]),
            default=index == interfaces[chosen]["default_input_device"],
        )
        sources.setdefault(source.id, source)
    return [*sources.values(), *sources_from_loopbacks(listing["loopbacks"])]


def main() -> int:
    """Print devices and interfaces as JSON; exit code 3 if the library is not there."""
    try:
        import sounddevice as sd
    except OSError:
        return 3
    listing = {
        "devices": list(sd.query_devices()),
        "interfaces": list(sd.query_hostapis()),
        "loopbacks": loopback_listing() if sys.platform == "win32" else [],
    }
    sys.stdout.write(json.dumps(listing))
    return 0


if __name__ == "__main__":
    sys.exit(main())
