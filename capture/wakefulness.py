"""Keeps the machine from falling asleep while something is recorded."""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import shutil
import subprocess
import sys
import threading
from typing import Any

ANSWER_SECONDS = 3.0
LOGIND = "/org/freedesktop/login1"
ES_CONTINUOUS, ES_SYSTEM_REQUIRED = 0x8000_0000, 0x0000_0001


class SleepNotPreventedError(Exception):
    """The system was asked to stay awake and did not agree; the words tell why."""


class KeptAwake:
    """The machine does not fall asleep by itself until this is let go, or the process ends.

    On Windows to be made and let go by the same thread, which lives as long as the recording.

    Attributes:
        problem: A sentence if the system does not agree, empty otherwise.
    """

    def __init__(self) -> None:
        self._held = contextlib.ExitStack()
        self.problem = ""
        try:
            _hold(self._held)
        except SleepNotPreventedError as cause:
            self.problem = f"The machine may fall asleep while it records: {cause}."

    def release(self) -> None:
        """Let the machine sleep again."""
        self._held.close()


def _hold(held: contextlib.ExitStack) -> None:
    if sys.platform == "win32":
        _tell_windows(held)
    elif sys.platform == "darwin":
        _run_caffeinate(held)
    else:
        _ask_logind(held)


def _ask_logind(held: contextlib.ExitStack) -> None:
    """Hold logind's lock: a descriptor that the system closes with this process."""
    outcome: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            outcome.put(_inhibit())
        except ImportError:
            outcome.put(SleepNotPreventedError("the Python package “jeepney” is missing"))
        except (OSError, ValueError, RuntimeError, SleepNotPreventedError) as cause:
            outcome.put(cause)

    # A daemon: the library waits for ever for a bus that greets nobody.
    threading.Thread(target=ask, name="sleep-inhibitor", daemon=True).start()
    try:
        found = outcome.get(timeout=ANSWER_SECONDS)
    except queue.Empty as cause:
        raise SleepNotPreventedError("the system bus does not answer") from cause
    if isinstance(found, SleepNotPreventedError):
        raise found
    if isinstance(found, Exception):
        raise SleepNotPreventedError(f"there is no system bus ({found})") from found
    held.callback(found.close)


def _inhibit() -> Any:
    """Return logind's lock; it is let go by ``close``."""
    from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415  Linux alone
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415  as above

    manager = DBusAddress(LOGIND, "org.freedesktop.login1", "org.freedesktop.login1.Manager")
    words = ("sleep:idle", "Hotwash", "An incident is being recorded", "block")
    with open_dbus_connection("SYSTEM", enable_fds=True) as bus:
        call = new_method_call(manager, "Inhibit", "ssss", words)
        answer = bus.send_and_get_reply(call, timeout=ANSWER_SECONDS)
    if answer.header.message_type is MessageType.error:
        reason = next(iter(answer.body), "refused")
        raise SleepNotPreventedError(f"logind answers “{reason}”")
    return answer.body[0]


def _tell_windows(held: contextlib.ExitStack) -> None:
    if sys.platform == "win32":
        kernel: Any = ctypes.windll.kernel32
        if not kernel.SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED):
            raise SleepNotPreventedError("Windows does not agree")
        held.callback(kernel.SetThreadExecutionState, ES_CONTINUOUS)


def _run_caffeinate(held: contextlib.ExitStack) -> None:
    """Have macOS's own program hold the assertion; it ends with this process."""
    program = shutil.which("caffeinate")
    if program is None:
        raise SleepNotPreventedError("“caffeinate” is missing")
    command = [program, "-i", "-w", str(os.getpid())]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  the system's own
    held.callback(process.wait)
    held.callback(process.terminate)
