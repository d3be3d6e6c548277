"""The machine does not fall asleep while it records; logind is a stand-in on a private bus."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture import wakefulness
from capture.wakefulness import KeptAwake
from tests.message_bus import FakeLogind, logind, message_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="logind is of Linux")

HOLD = """
from capture.wakefulness import KeptAwake
awake = KeptAwake()
print(awake.problem, flush=True)
input()
"""


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLogind]:
    with message_bus() as address, logind(address) as fake:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield fake


def test_logind_is_asked_to_block_sleep_until_the_end(system: FakeLogind) -> None:
    awake = KeptAwake()

    assert awake.problem == ""
    assert system.asked == [
        ("sleep:idle", "Hotwash", "An incident is being recorded", "block"),
    ]
    system.locks[0].setblocking(False)
    with pytest.raises(BlockingIOError):
        system.locks[0].recv(1)
    awake.release()
    assert system.released()


def test_a_killed_process_holds_no_lock(system: FakeLogind) -> None:
    command = [sys.executable, "-c", HOLD]
    root = Path(__file__).parents[3]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"\n"
        holder.kill()

        assert system.released()


def test_a_refusal_is_told(system: FakeLogind) -> None:
    system.refuses = True

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
