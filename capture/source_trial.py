"""Listens to a source for a moment, in a process of its own: a driver may crash or hang.

``python -m capture.source_trial SECONDS SOURCE_JSON`` prints a line of JSON for each tenth of a
second, ``{"peak", "rms"}``, and nothing else that a client of it reads. Exit code 3 when it could
not go on; the last line is ``{"error"}`` then. Nothing that is heard is kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.domain.errors import AppError, NoDeviceError
from app.domain.source_trial import Level
from capture.devices import SystemSources, require_source
from capture.recorder_messages import error_fields
from capture.recorder_plan import source_from
from capture.resampling import Resampler, levels
from capture.source_watch import SourceWatch
from capture.watched_stream import WatchedStream

if TYPE_CHECKING:
    from app.domain.engine_types import AudioSource
    from capture.device_input import Block

POLL_SECONDS = 0.1


def main(seconds: float, source: AudioSource) -> int:
    """Listen and tell; return the exit code."""
    try:
        require_source(source, SystemSources().sources())
        watch = SourceWatch()
        try:
            _listen(seconds, source, watch)
        finally:
            watch.stop()
    except AppError as error:
        _say({"error": error_fields(error)})
        return error.exit_code
    return 0


def _listen(seconds: float, source: AudioSource, watch: SourceWatch) -> None:
    blocks: queue.SimpleQueue[Block] = queue.SimpleQueue()
    stream = WatchedStream(source, watch, blocks.put, time.monotonic_ns)
    # As a recording will hold it: one channel, at the files' rate
    resampler = Resampler(stream.sample_rate, stream.channels)
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if not stream.active:
            raise NoDeviceError(
                f"“{source.name}” went away during the test.", remedy="Connect it again."
            )
        with contextlib.suppress(queue.Empty):
            block = blocks.get(timeout=min(left, POLL_SECONDS))
            _say(asdict(Level(*levels(resampler.push(block.pcm)))))


def _say(fields: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main(float(sys.argv[1]), source_from(json.loads(sys.argv[2])))
    sys.stdout.flush()
    os._exit(code)  # a sound library that hangs while it closes would keep the process
