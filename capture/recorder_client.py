"""Starts recorders that outlive this process, and talks to those that run."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.durable import make_folder
from app.audio_files.format import ADDRESS_FILE, SESSION_FILE
from app.domain.errors import AudioNotStoredError, CaptureError, RecorderUnreachableError
from capture.recorder_address import read_address, remove_socket
from capture.recorder_messages import error_from
from capture.recorder_plan import PLAN_FILE, RecorderPlan, write_plan
from capture.running_recording import RunningRecording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import TrackPlan
    from app.domain.errors import AppError
    from app.domain.ids import IncidentId, SessionId
    from app.domain.sessions import SessionKind

log = logging.getLogger(__name__)

LOG_FILE = "recorder.log"
START_SECONDS = 30.0
POLL_SECONDS = 0.02
LOG_TAIL = 2_000
KILL_SECONDS = 5.0
DETACHED = 0
if sys.platform == "win32":
    DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP


class DetachedRecorders:
    """Implements ``RecorderControl``; keeps nothing but the processes it has to reap."""

    def __init__(self, *, clock: str = "") -> None:
        """``clock``, as ``module:Class``, gives recorders another time than the machine's."""
        self._clock = clock

    def start(
        self,
        session_dir: Path,
        *,
        incident_id: IncidentId,
        session_id: SessionId,
        kind: SessionKind,
        plans: Sequence[TrackPlan],
    ) -> RunningRecording:
        """Start a detached recorder and return once every source delivers.

        That takes half a second, and longer where the sound server wakes a sleeping device.

        Raises:
            CaptureError: A source is missing, busy or silent from the first, or the disk is full.
            EnvironmentMissingError: A library of the system is missing.
        """
        plan = RecorderPlan(incident_id, session_id, kind, tuple(plans))
        if (session_dir / SESSION_FILE).exists():
            raise CaptureError("This session is recorded already.", remedy="Begin a new one.")
        existed = session_dir.exists()
        process = None
        try:
            process = _spawn(session_dir, plan, self._clock)
            _wait_until_it_records(session_dir, process)
        except BaseException:
            if process is not None:
                _end(process)
            # A recorder without its plan stops, should one have begun that is not known here.
            _tidy(session_dir, keep_folder=existed)
            raise
        _reap(process)
        return RunningRecording(session_dir, session_id)

    def go_on(self, session_dir: Path) -> None:
        """Start a recorder in the place of one that was killed, whose address and socket go.

        Raises:
            CaptureError: As ``start``; or the session is over, paused, or of another clock.
            EnvironmentMissingError: A library of the system is missing.
        """
        process = None
        left = read_address(session_dir)
        try:
            if left is not None:
                with contextlib.suppress(OSError):  # the system clears its temporary files too
                    remove_socket(left)
            (session_dir / ADDRESS_FILE).unlink(missing_ok=True)
            process = _popen(session_dir, self._clock)
            _wait_until_it_records(session_dir, process)
        except OSError as cause:
            raise AudioNotStoredError(session_dir / LOG_FILE, cause) from cause
        except BaseException:
            if process is not None:
                _end(process)
            (session_dir / ADDRESS_FILE).unlink(missing_ok=True)
            raise
        _reap(process)

    def attach(self, session_dir: Path) -> RunningRecording | None:
        """Return the recorder that writes into the folder, None if none does.

        Raises:
            RecorderUnreachableError: One is there and does not answer.
        """
        if read_address(session_dir) is None:
            return None
        return RunningRecording.found(session_dir)


def _spawn(session_dir: Path, plan: RecorderPlan, clock: str) -> subprocess.Popen[bytes]:
    try:
        make_folder(session_dir)
        (session_dir / ADDRESS_FILE).unlink(missing_ok=True)
        write_plan(session_dir / PLAN_FILE, plan)
        return _popen(session_dir, clock)
    except OSError as cause:
        raise AudioNotStoredError(session_dir / PLAN_FILE, cause) from cause


def _popen(session_dir: Path, clock: str) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[1]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "capture.recorder_process"]
    command += ["--clock", clock] if clock else []
    command += [str(session_dir / PLAN_FILE)]
    with (session_dir / LOG_FILE).open("ab") as log:
        return subprocess.Popen(  # noqa: S603  our own module
            command,
            cwd=root,
            env=os.environ | {"PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a closed terminal, or Ctrl-C in it, is none of its business
            creationflags=DETACHED,
        )


def _wait_until_it_records(session_dir: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        if read_address(session_dir) is not None:
            return
        if ended:
            raise _failure(session_dir, process.returncode)
        time.sleep(POLL_SECONDS)
    raise RecorderUnreachableError(
        "The recorder did not begin in time.", remedy="Try again, or restart the sound system."
    )


def _reap(process: subprocess.Popen[bytes]) -> None:
    """Collect the exit code one day; without that the recorder stays a zombie."""
    threading.Thread(target=process.wait, name="recorder-reaper", daemon=True).start()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(KILL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # it hangs inside the sound library, where no signal handler runs
        process.wait()


def _failure(session_dir: Path, exit_code: int) -> AppError:
    with contextlib.suppress(OSError, ValueError, KeyError):
        return error_from(json.loads((session_dir / ADDRESS_FILE).read_bytes())["error"])
    said = (session_dir / LOG_FILE).read_text(errors="replace")[-LOG_TAIL:]
    log.error("the recorder of %s ended with %s: %s", session_dir.name, exit_code, said)
    return CaptureError(
        f"The recorder ended with {exit_code} before it recorded.",
        remedy="Its last words are in hotwash.log, and in recorder.log beside the audio.",
    )


def _tidy(session_dir: Path, *, keep_folder: bool) -> None:
    """Remove what a recording that never began has left."""
    for name in (ADDRESS_FILE, PLAN_FILE, LOG_FILE):
        with contextlib.suppress(OSError):
            (session_dir / name).unlink(missing_ok=True)
    if not keep_folder:
        with contextlib.suppress(OSError):  # not empty: audio was stored after all
            session_dir.rmdir()
