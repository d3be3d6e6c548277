"""What can be recorded from on this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.domain.errors import AppError, EnvironmentMissingError, NoDeviceError
from app.domain.loopback_advice import loopback_advice
from app.domain.sessions import TrackSource
from capture.portaudio_listing import portaudio_sources
from capture.pulse_listing import pulse_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import AudioSource


class SystemSources:
    """Implements ``SourceList``: the sound server where there is one, else PortAudio."""

    def sources(self) -> list[AudioSource]:
        """Return microphones and loopback sources as the system has them now.

        Takes some 40 ms with a sound server, half a second without.

        Raises:
            EnvironmentMissingError: PortAudio is not installed, or the sound system hangs.
        """
        found = pulse_sources() if sys.platform == "linux" else None
        return portaudio_sources() if found is None else found


def require_source(wanted: AudioSource, known: Sequence[AudioSource]) -> None:
    """Refuse a source that is not there.

    Raises:
        NoDeviceError: It names the ids that exist.
        EnvironmentMissingError: A loopback source where there is none at all.
    """
    if any(source.id == wanted.id for source in known):
        return
    raise missing_source(wanted, known)


def missing_source(
    wanted: AudioSource, known: Sequence[AudioSource], platform: str = sys.platform
) -> AppError:
    """Return the error for a source that is not there."""
    has_loopback = any(source.kind is TrackSource.LOOPBACK for source in known)
    if wanted.kind is TrackSource.LOOPBACK and not has_loopback:
        return EnvironmentMissingError(
            f"What the loudspeakers play (“{wanted.name}”) cannot be recorded as things are.",
            remedy=loopback_advice(platform),
        )
    ids = ", ".join(source.id for source in known)
    return NoDeviceError(
        f"There is no source “{wanted.id}”.",
        remedy=f"Choose one of: {ids}."
        if ids
        else "Connect a microphone or start the sound server.",
    )
