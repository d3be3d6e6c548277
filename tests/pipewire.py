"""A private PipeWire with its guise of PulseAudio, and in it a stand-in for a Bluetooth headset.

The nodes have the names that PipeWire gives a headset; no radio is involved.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.message_bus import message_bus
from tests.sound import STOP_SECONDS, SoundServer, wait_until

PROGRAMS = ("pipewire", "wireplumber", "pipewire-pulse", "pw-record", "pactl", "paplay")
HEADSET_SINK = "bluez_output.00_11_22_33_44_55.1"
HEADSET_MIC = "bluez_input.00_11_22_33_44_55.0"


@contextlib.contextmanager
def pipewire() -> Iterator[SoundServer]:
    """Start PipeWire, its session manager and its PulseAudio server; nobody else's is touched."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        # Set-up does not install it: beside PulseAudio it would take over the sound at next login.
        pytest.skip(f"{', '.join(missing)} not installed (apt: pipewire-pulse wireplumber)")
    with contextlib.ExitStack() as running:
        # Not tmp_path: the name of a Unix socket may have a hundred bytes only.
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="hw-pw-"))
        environment = {
            "XDG_RUNTIME_DIR": folder,
            "PIPEWIRE_RUNTIME_DIR": folder,
            "HOME": folder,
            "DBUS_SESSION_BUS_ADDRESS": running.enter_context(message_bus()),
            "PULSE_SERVER": f"unix:{folder}/pulse/native",
        }
        daemon = running.enter_context(_running("pipewire", environment))
        wait_until((Path(folder) / "pipewire-0").exists, "PipeWire listens")
        for name in ("wireplumber", "pipewire-pulse"):
            running.enter_context(_running(name, environment))
        server = SoundServer(environment, daemon)
        wait_until(lambda: answers(server), "its PulseAudio server answers")
        for sink in ("room", HEADSET_SINK):
            server.pactl("load-module", "module-null-sink", f"sink_name={sink}")
        server.pactl(
            "load-module",
            "module-null-sink",
            f"sink_name={HEADSET_MIC}",
            "media.class=Audio/Source/Virtual",
        )
        yield server


def answers(server: SoundServer) -> bool:
    """Whether its clients are served."""
    try:
        server.pactl("info")
    except subprocess.CalledProcessError:
        return False
    return True


@contextlib.contextmanager
def _running(name: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    log = (Path(environment["HOME"]) / f"{name}.log").open("wb")
    with log, subprocess.Popen([name], env=os.environ | environment, stdout=log, stderr=log) as it:
        try:
            yield it
        finally:
            it.terminate()
            it.wait(STOP_SECONDS)
