"""The machine does not fall asleep while it records; python-dbusmock plays logind."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture import wakefulness
from capture.wakefulness import KeptAwake
from tests.dbusmock import Mock, a_mock
from tests.message_bus import message_bus
from tests.sound import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="logind is of Linux")

MANAGER = "org.freedesktop.login1.Manager"
HOLD = """
from capture.wakefulness import KeptAwake
awake = KeptAwake()
print(awake.problem, flush=True)
input()
"""


@pytest.fixture
def logind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mock]:
    name, path = "org.freedesktop.login1", "/org/freedesktop/login1"
    with message_bus() as bus, a_mock(bus, "logind", name, path) as mock:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
        yield mock


def locks(logind: Mock) -> list[tuple[str, ...]]:
    """What is blocked, by whom, why and how, as long as they hold it."""
    (inhibitors,) = logind.call(MANAGER, "ListInhibitors")
    return [words[:4] for words in inhibitors]


def test_logind_is_asked_to_block_sleep_until_the_end(logind: Mock) -> None:
    awake = KeptAwake()

    assert awake.problem == ""
    assert locks(logind) == [("sleep:idle", "Hotwash", "An incident is being recorded", "block")]
    awake.release()
    wait_until(lambda: locks(logind) == [], "the lock is let go")


def test_a_killed_process_holds_no_lock(logind: Mock) -> None:
    command = [sys.executable, "-c", HOLD]
    root = Path(__file__).parents[3]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"\n"
        assert len(locks(logind)) == 1
        holder.kill()

        wait_until(lambda: locks(logind) == [], "the lock is let go")


def test_a_refusal_is_told(logind: Mock) -> None:
    denied = "dbus.exceptions.DBusException('no', name='org.freedesktop.DBus.Error.AccessDenied')"
    logind.control("AddMethod", "sssss", MANAGER, "Inhibit", "ssss", "h", f"raise {denied}")

    assert "may fall asleep while it records: logind answers “no”" in KeptAwake().problem


def test_a_bus_without_logind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with message_bus() as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)

        assert "may fall asleep" in KeptAwake().problem


def test_a_bus_that_does_not_answer_holds_up_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakefulness, "ANSWER_SECONDS", 0.3)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as mute:
        mute.bind(f"{folder}/bus")
        mute.listen()  # and accept nobody
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={folder}/bus")

        assert "the system bus does not answer" in KeptAwake().problem


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=x,port=1", "nonsense"])
def test_a_machine_without_a_bus_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    awake = KeptAwake()

    assert "there is no system bus" in awake.problem
    awake.release()
