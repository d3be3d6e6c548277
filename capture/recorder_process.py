"""The recorder's own process: sound devices to disk, and nothing else.

``python -m capture.recorder_process PLAN_JSON`` records into the folder of the plan, behind what a
recorder left there that was killed, until it is asked to stop over its socket, by SIGTERM or by
SIGINT. Exit code 0 when all was sealed, 3 when recording could not begin (``recorder.json`` then
says why) or could not be stored. With ``--clock MODULE:CLASS`` it takes the time from there and
not from the machine, as tests do.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.durable import write_atomically
from app.audio_files.format import ADDRESS_FILE
from app.domain.errors import AppError
from capture.alarm_watch import AlarmWatch
from capture.continuation import continuation_of
from capture.desktop_notifications import DesktopNotifier
from capture.devices import SystemSources, require_source
from capture.herald import Herald
from capture.recorder import SessionRecorder
from capture.recorder_address import (
    new_address,
    remove_socket,
    withdraw_address,
    write_address,
)
from capture.recorder_clock import clock_named
from capture.recorder_messages import error_fields, pack
from capture.recorder_plan import PLAN_FILE, read_plan
from capture.recorder_server import RecorderServer
from capture.source_watch import SourceWatch
from capture.wakefulness import KeptAwake
from capture.watched_stream import WatchedStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource
    from capture.device_input import Block
    from capture.recorder_clock import RecorderClock
    from capture.recorder_plan import RecorderPlan


def main(plan_path: Path, *, clock_name: str = "") -> int:
    """Record until somebody asks to stop; return the exit code."""
    session_dir = plan_path.parent
    stop_requested = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_requested.set())
    with contextlib.ExitStack() as at_end:
        try:
            clock = clock_named(clock_name)
            recorder = _begin(session_dir, read_plan(plan_path), clock, at_end)
        except AppError as error:
            write_atomically(session_dir / ADDRESS_FILE, pack({"error": error_fields(error)}))
            return error.exit_code
        return _record(session_dir, recorder, stop_requested)


def _record(session_dir: Path, recorder: SessionRecorder, stop_requested: threading.Event) -> int:
    """Serve clients until the end; return the exit code."""
    address = new_address()
    server = RecorderServer(address, recorder, stop_requested.set)
    watch = AlarmWatch(recorder, Herald(server.audience, DesktopNotifier()).tell)
    write_address(session_dir, address)
    awake = KeptAwake()  # only now, for the system may take its time to answer
    if awake.problem:
        recorder.tell(awake.problem)
    if (session_dir / PLAN_FILE).exists():  # else whoever wanted this has given up meanwhile
        stop_requested.wait()
    watch.stop()
    failure = recorder.stop()
    awake.release()
    withdraw_address(session_dir)
    server.finish()
    remove_socket(address)
    recorder.close_devices()
    return failure.exit_code if failure else 0


def _begin(
    session_dir: Path, plan: RecorderPlan, clock: RecorderClock, at_end: contextlib.ExitStack
) -> SessionRecorder:
    track_ids = [track.track_id for track in plan.tracks]
    continuing = continuation_of(session_dir, track_ids, clock)
    if continuing is None:  # else what is there is heard, and the rest waited for
        _require_sources(plan)
    watch = SourceWatch()
    at_end.callback(watch.stop)

    def open_watched(source: AudioSource, deliver: Callable[[Block], None]) -> WatchedStream:
        return WatchedStream(source, watch, deliver, clock.now_ns)

    return SessionRecorder(session_dir, plan, open_watched, clock, watch, continuing=continuing)


def _require_sources(plan: RecorderPlan) -> None:
    known = SystemSources().sources()
    for track in plan.tracks:
        require_source(track.source, known)
        if track.fallback is not None:
            require_source(track.fallback, known)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--clock", default="")
    arguments.add_argument("plan", type=Path)
    given = arguments.parse_args()
    code = main(given.plan, clock_name=given.clock)
    sys.stdout.flush()
    os._exit(code)  # everything is sealed, and a hanging sound library would keep the process
