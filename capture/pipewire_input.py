"""Bluetooth headsets under PipeWire: ``pw-record`` hears them, PulseAudio's protocol does not.

In the profile for calls such a headset delivers silence through PipeWire's guise of PulseAudio,
microphone and monitor alike. PipeWire's own names tell them: PulseAudio proper says
``bluez_source`` and ``bluez_sink``.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import threading
from typing import IO, TYPE_CHECKING

from app.audio_files.format import FRAME_BYTES
from app.domain.errors import EnvironmentMissingError
from app.domain.sessions import TrackSource
from capture.bound_child import bound
from capture.device_input import BLOCKS_PER_SECOND, Block
from capture.pulse_listing import PULSE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource

RECORDER = "pw-record"
BLUETOOTH = (PULSE_PREFIX + "bluez_input.", PULSE_PREFIX + "bluez_output.")
HELP_SECONDS = 5
PIPE_BYTES = 1 << 20  # seconds of sound, should this process be held up
# Else PipeWire hands a stream whose node is gone to the next best one.
PROPERTIES = "node.dont-reconnect=true"
OF_SINK = "stream.capture.sink=true"


def is_for_pipewire(source: AudioSource) -> bool:
    """Whether a source is to be heard through ``pw-record``, which is there."""
    return source.id.startswith(BLUETOOTH) and shutil.which(RECORDER) is not None


class PipeWireStream:
    """An input stream of ``pw-record``, a child that ends with this process; it always delivers.

    Blocks come on a thread of this object.
    """

    may_be_silent = False
    channels = 1  # PipeWire mixes by itself

    def __init__(
        self, source: AudioSource, deliver: Callable[[Block], None], now_ns: Callable[[], int]
    ) -> None:
        """Start to record.

        Raises:
            EnvironmentMissingError: ``pw-record`` does not start.
        """
        self.sample_rate = source.sample_rate
        self._deliver = deliver
        self._now_ns = now_ns
        try:
            self._process = subprocess.Popen(  # noqa: S603  found on the person's own path
                bound(*pw_record_command(source)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pipesize=PIPE_BYTES,
            )
        except OSError as cause:
            raise _does_not_start() from cause
        self._thread = threading.Thread(target=self._run, name="pw-record", daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """Whether the child still delivers."""
        return self._thread.is_alive()

    def close(self) -> None:
        """End the child, which has nothing to save."""
        self._process.kill()
        self._thread.join()
        self._process.wait()

    def _run(self) -> None:
        block_bytes = self.sample_rate // BLOCKS_PER_SECOND * FRAME_BYTES
        with _output_of(self._process) as output:
            while len(pcm := output.read(block_bytes)) == block_bytes:
                self._deliver(Block(pcm, self._now_ns(), overflowed=False))


def pw_record_command(source: AudioSource) -> list[str]:
    """Return what has ``pw-record`` write s16 samples of one channel, and nothing else.

    Raises:
        EnvironmentMissingError: ``pw-record`` is not there or hangs.
    """
    program = shutil.which(RECORDER)
    if program is None:
        raise _does_not_start()
    of_sink = source.kind is TrackSource.LOOPBACK
    # A monitor is PulseAudio's notion: here one records the sink itself.
    node = source.id.removeprefix(PULSE_PREFIX).removesuffix(".monitor" if of_sink else "")
    properties = f"{{ {PROPERTIES} {OF_SINK if of_sink else ''} }}"
    command = [program, "--target", node, "--properties", properties]
    command += ["--rate", str(source.sample_rate), "--channels", "1", "--format", "s16"]
    # From 1.6 on it would write a header to its output otherwise, before that it knows no other.
    raw = ["--raw"] if "--raw" in _help_of(program) else []
    return [*command, *raw, "-"]


@functools.cache
def _help_of(program: str) -> str:
    """Return what the program says of its options."""
    try:
        done = subprocess.run(  # noqa: S603  found on the person's own path
            bound(program, "--help"), capture_output=True, timeout=HELP_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as cause:
        raise _does_not_start() from cause
    return done.stdout.decode(errors="replace")


def _output_of(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdout is None:
        raise AssertionError("it was started with a pipe")
    return process.stdout


def _does_not_start() -> EnvironmentMissingError:
    return EnvironmentMissingError(
        "PipeWire's recorder pw-record does not start.",
        remedy="Install it again: sudo apt install pipewire-bin",
    )
