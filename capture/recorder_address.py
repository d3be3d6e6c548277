"""How to reach a running recorder: ``recorder.json``, readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from app.audio_files.durable import write_atomically
from app.audio_files.format import ADDRESS_FILE

OWNER_ONLY = 0o600
MAX_SOCKET_PATH = 100


@dataclass(frozen=True, slots=True)
class RecorderAddress:
    """Where a recorder listens; ``authkey`` (hex) is what a client must know."""

    pid: int
    address: str
    authkey: str


def new_address() -> RecorderAddress:
    """Return an address nobody else can reach or guess, for this process.

    The name of a Unix socket is limited to about 100 bytes, and a data folder may be deep: hence
    the folder for temporary files.
    """
    if sys.platform == "win32":
        address = rf"\\.\pipe\hotwash-{secrets.token_hex(16)}"
    else:
        folder = Path(tempfile.mkdtemp(prefix="hotwash-"))  # made for its owner only
        if len(os.fsencode(folder)) > MAX_SOCKET_PATH - len("/socket"):
            folder.rmdir()
            folder = Path(tempfile.mkdtemp(prefix="hotwash-", dir="/tmp"))
        address = str(folder / "socket")
    return RecorderAddress(os.getpid(), address, secrets.token_hex(32))


def write_address(session_dir: Path, address: RecorderAddress) -> None:
    """Tell clients; readable by the owner from the first byte on."""
    content = json.dumps(asdict(address)).encode()
    write_atomically(session_dir / ADDRESS_FILE, content, mode=OWNER_ONLY)


def read_address(session_dir: Path) -> RecorderAddress | None:
    """Return where the folder's recorder listens; None if none has said so."""
    try:
        fields = json.loads((session_dir / ADDRESS_FILE).read_bytes())
        return RecorderAddress(int(fields["pid"]), fields["address"], fields["authkey"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def withdraw_address(session_dir: Path) -> None:
    """Let no further client find the recorder."""
    (session_dir / ADDRESS_FILE).unlink(missing_ok=True)


def remove_socket(address: RecorderAddress) -> None:
    """Remove what ``new_address`` made, once nobody listens."""
    if sys.platform != "win32":
        socket = Path(address.address)
        socket.unlink(missing_ok=True)
        socket.parent.rmdir()
