"""A private PulseAudio with two silent sinks, ``bridge`` and ``room``, whose monitors record.

::

    with sound_server() as server, pytest.MonkeyPatch.context() as patch:
        server.use(patch)
        with server.playing("bridge", Path("speech.wav")):
            ...  # record pulse:bridge.monitor
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lacking import skip_for

SINKS = ("bridge", "room")
PROGRAMS = ("pulseaudio", "pactl", "paplay")
STOP_SECONDS = 10


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = 15) -> None:
    """Poll a condition that no event tells of; fail when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} s in vain until {what}")
        time.sleep(0.02)


@dataclass(frozen=True)
class SoundServer:
    """A running server; ``environment`` is what its clients need."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """Let this process and its children talk to this server."""
        for name, value in self.environment.items():
            patch.setenv(name, value)
        patch.delenv("PULSE_SOURCE", raising=False)
        patch.delenv("PULSE_SINK", raising=False)

    @contextlib.contextmanager
    def playing(self, sink: str, wav: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Play a file into a sink; it ends with the file, or with the context."""
        command = ["paplay", "--device", sink, str(wav)]
        with subprocess.Popen(command, env=os.environ | self.environment) as player:
            try:
                yield player
            finally:
                player.terminate()

    def play(self, sink: str, wav: Path) -> None:
        """Play a file into a sink and return when it has been played."""
        command = ["paplay", "--device", sink, str(wav)]
        subprocess.run(command, env=os.environ | self.environment, check=True)

    def pactl(self, *words: str) -> str:
        """Ask the server something, or tell it."""
        command = ["pactl", *words]
        environment = os.environ | self.environment | {"LC_ALL": "C"}
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout

    def answers(self) -> bool:
        """Whether clients are served."""
        environment = os.environ | self.environment
        command = ["pactl", "list", "short", "sources"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode == 0 and all(f"{sink}.monitor" in done.stdout for sink in SINKS)


@contextlib.contextmanager
def sound_server() -> Iterator[SoundServer]:
    """Start a server of its own, whatever runs on this machine; works for root as well."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        skip_for(f"{', '.join(missing)} not installed (apt: pulseaudio pulseaudio-utils)")
    # Not tmp_path: the name of a Unix socket may have a hundred bytes only.
    with tempfile.TemporaryDirectory(prefix="hw-pulse-") as folder:
        environment = {
            "XDG_RUNTIME_DIR": folder,
            "HOME": folder,
            "PULSE_SERVER": f"unix:{folder}/pulse/native",
        }
        with _running(environment) as server:
            yield server


@contextlib.contextmanager
def restarted_sound_server(server: SoundServer) -> Iterator[SoundServer]:
    """End a server and start another in its place, as an update of the system does."""
    server.process.terminate()
    server.process.wait(STOP_SECONDS)
    with _running(server.environment) as another:
        yield another


@contextlib.contextmanager
def _running(environment: dict[str, str]) -> Iterator[SoundServer]:
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"]
    command += ["-L", "module-native-protocol-unix"]
    for sink in SINKS:
        command += ["-L", f"module-null-sink sink_name={sink}"]
    with (Path(environment["HOME"]) / "log").open("ab") as log:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)
    server = SoundServer(environment, process)
    try:
        wait_until(server.answers, "the sound server answers")
        yield server
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
