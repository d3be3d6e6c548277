"""Lists the sources of PulseAudio, or of PipeWire in its guise, by asking ``pactl``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

from app.domain.engine_types import AudioSource
from app.domain.errors import EnvironmentMissingError
from app.domain.sessions import TrackSource
from capture.bound_child import bound

PULSE_PREFIX = "pulse:"
PACTL_SECONDS = 5


def pulse_sources() -> list[AudioSource] | None:
    """Return the sound server's sources, None if there is no server.

    Raises:
        EnvironmentMissingError: The server is there and does not answer.
    """
    pactl = shutil.which("pactl")
    if pactl is None:
        return None
    listed, info = _ask(pactl, "list", "sources"), _ask(pactl, "info")
    if listed is None or info is None:
        return None
    return sources_from_pactl(listed, info)


def sources_from_pactl(listed: list[dict[str, Any]], info: dict[str, Any]) -> list[AudioSource]:
    """Read what ``pactl -f json list sources`` and ``info`` say."""
    sources = []
    for source in listed:
        name, sink = str(source["name"]), _monitored_sink(source)
        default = info.get("default_sink_name" if sink else "default_source_name")
        sources.append(
            AudioSource(
                id=PULSE_PREFIX + name,
                name=str(source.get("description") or name),
                kind=TrackSource.LOOPBACK if sink else TrackSource.MIC,
                sample_rate=_rate(str(source.get("sample_specification", ""))),
                default=default == (sink or name),
            )
        )
    return sources


def _monitored_sink(source: dict[str, Any]) -> str:
    """Return the sink whose output the source repeats, empty for a microphone."""
    sink = str(source.get("monitor_source") or source.get("monitor_of_sink_name") or "")
    if sink in {"", "n/a"}:
        name = str(source["name"])
        return name.removesuffix(".monitor") if name.endswith(".monitor") else ""
    return sink


def _rate(specification: str) -> int:
    """Return the rate in ``s16le 2ch 44100Hz``."""
    last = specification.rpartition(" ")[2]
    return int(last.removesuffix("Hz")) if last.endswith("Hz") else 48_000


def _ask(pactl: str, *question: str) -> Any:
    # In other languages pactl writes decimal commas, which is no JSON.
    environment = os.environ | {"LC_ALL": "C"}
    command = bound(pactl, "-f", "json", *question)
    try:
        done = subprocess.run(  # noqa: S603  found on the person's own path
            command, env=environment, capture_output=True, timeout=PACTL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as cause:
        raise EnvironmentMissingError(
            "The sound server does not answer.",
            remedy="Restart it: systemctl --user restart pipewire-pulse (or: pulseaudio -k).",
        ) from cause
    if done.returncode != 0:
        return None
    try:
        # Names may hold control characters, which some versions do not escape.
        return json.loads(done.stdout.decode(errors="replace"), strict=False)
    except ValueError:
        return None  # a version without JSON: as good as none
