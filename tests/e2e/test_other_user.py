"""Another user of this machine neither hears nor steers a recording; needs root to be both."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from capture.recorder_address import read_address
from tests.recorders import ROOT, recorder_pid, start
from tests.sound import sound_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capture.recorder_address import RecorderAddress

pytestmark = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user"
)
NOBODY = 65_534

AS_NOBODY = f"""
import hmac, json, os, sys  # hmac now: the other user may not be able to read this Python
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
session_dir, address, key = sys.argv[1:]

def outcome(act):
    try:
        act()
    except (OSError, AuthenticationError) as error:
        return type(error).__name__
    return "succeeded"

print(json.dumps({{
    "list": outcome(lambda: list(Path(session_dir).iterdir())),
    "read": outcome((Path(session_dir) / "recorder.json").read_bytes),
    "hear": outcome(lambda: open(Path(session_dir) / "room-000001.wav.part", "rb").close()),
    "dial": outcome(lambda: Client(address, authkey=bytes.fromhex(key)).close()),
}}))
"""


@pytest.fixture
def session_dir() -> Iterator[Path]:
    """A folder to which nothing above it bars the way."""
    with sound_server() as server, pytest.MonkeyPatch.context() as patch:
        server.use(patch)
        with tempfile.TemporaryDirectory(prefix="hw-open-") as above:
            Path(above).chmod(0o755)
            folder = Path(above) / "ses-1"
            yield folder
            with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
                psutil.Process(recorder_pid(folder)).kill()


def attempts_of_another(session_dir: Path, address: RecorderAddress, key: str) -> dict[str, str]:
    """Return how each of another user's attempts went, who knows all names."""
    command = [sys.executable, "-c", AS_NOBODY, str(session_dir), address.address, key]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_another_user_cannot_reach_the_recorder_though_its_address_and_key_have_leaked(
    session_dir: Path,
) -> None:
    recording = start(session_dir)
    address = read_address(session_dir)
    assert address is not None

    refused = dict.fromkeys(("list", "read", "hear", "dial"), "PermissionError")
    assert attempts_of_another(session_dir, address, address.authkey) == refused
    assert recording.stop().failure is None


def test_another_user_whom_the_socket_lets_in_still_needs_the_key(session_dir: Path) -> None:
    recording = start(session_dir)
    address = read_address(session_dir)
    assert address is not None
    socket = Path(address.address)
    socket.parent.chmod(0o755)
    socket.chmod(0o777)

    guessed = attempts_of_another(session_dir, address, "00" * 32)
    told = attempts_of_another(session_dir, address, address.authkey)

    assert guessed["dial"] == "AuthenticationError"
    assert told["dial"] == "succeeded", "else the first refusal was for another reason"
    assert recording.stop().failure is None
