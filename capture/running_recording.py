"""A running recorder as seen over its socket."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    answer_challenge,
    deliver_challenge,
)
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.errors import RecorderUnreachableError
from app.domain.ids import SessionId
from capture.recorder_address import read_address
from capture.recorder_messages import (
    consent_from,
    error_from,
    marker_from,
    pack,
    pause_from,
    status_from,
    unpack,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.engine_types import RecorderStatus
    from app.domain.sessions import Consent, Marker, MarkerKind, Pause
    from capture.recorder_address import RecorderAddress

ANSWER_SECONDS = 3.0
STOP_SECONDS = 60.0
PAUSE_SECONDS = 15.0  # a slow disk is waited for: half a pause would be none


class RunningRecording:
    """Implements ``Recording``. Safe from any thread; connects anew after a failure."""

    def __init__(self, session_dir: Path, session_id: SessionId) -> None:
        self._dir = session_dir
        self._session_id = session_id
        self._mutex = threading.Lock()
        self._connection: _PatientConnection | None = None

    @classmethod
    def found(cls, session_dir: Path) -> RunningRecording | None:
        """Return the recorder that ``recorder.json`` names; None if it lives no more.

        Raises:
            RecorderUnreachableError: It lives and does not answer.
        """
        recording = cls(session_dir, SessionId(""))
        try:
            recording._session_id = recording.status().session_id
        except _RecorderGoneError:
            return None
        return recording

    @property
    def session_id(self) -> SessionId:
        """The session it writes."""
        return self._session_id

    def status(self) -> RecorderStatus:
        """Return what the recorder says now; waits three seconds at most.

        Raises:
            RecorderUnreachableError: It does not answer any more.
        """
        return status_from(self._ask({"do": "status"})["status"])

    def mark(self, kind: MarkerKind, *, by: str, text: str = "") -> Marker:
        """Have the recorder stamp a marker; it is durable when this returns.

        Raises:
            RecorderUnreachableError: It does not answer any more.
            AudioNotStoredError: The disk is full.
        """
        request = {"do": "mark", "kind": kind.value, "by": by, "text": text}
        return marker_from(self._ask(request)["marker"])

    def pause(self, *, by: str) -> Pause:
        """Have nothing recorded from now on.

        Raises:
            RecorderUnreachableError: It does not answer any more.
            CaptureError: It is paused already, or the disk did not take the word of it.
        """
        return pause_from(self._ask({"do": "pause", "by": by}, PAUSE_SECONDS)["pause"])

    def resume(self, *, by: str) -> Pause:
        """End the pause; raises as ``pause`` does."""
        return pause_from(self._ask({"do": "resume", "by": by}, PAUSE_SECONDS)["pause"])

    def announce(self, *, by: str, method: str) -> Consent:
        """Stamp now as the moment at which people were told of the recording.

        Raises:
            RecorderUnreachableError: It does not answer any more.
            AudioNotStoredError: The disk is full.
        """
        answer = self._ask({"do": "announce", "by": by, "method": method})
        consent = consent_from(answer["consent"])
        if consent is None:
            raise AssertionError("an announcement is answered with one")
        return consent

    def stop(self) -> RecorderStatus:
        """Have the recorder seal its files and end; return its last status.

        Raises:
            RecorderUnreachableError: It does not answer any more.
        """
        status = status_from(self._ask({"do": "stop"}, seconds=STOP_SECONDS)["status"])
        self.close()
        return status

    def close(self) -> None:
        """Let go of the recorder, which keeps recording."""
        with self._mutex:
            self._disconnect()

    def _ask(self, request: dict[str, Any], seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        with self._mutex:
            try:
                if self._connection is None:
                    self._connection = _connect(self._dir)
                answer = self._connection.ask(request, seconds)
            except (OSError, EOFError, ValueError, AuthenticationError) as cause:
                self._disconnect()
                raise RecorderUnreachableError(
                    "The recorder does not answer.",
                    remedy="What it has recorded is safe. Start the recording again.",
                ) from cause
            except BaseException:  # Ctrl-C: the answer would pass for that to the next question
                self._disconnect()
                raise
        if "error" in answer:
            raise error_from(answer["error"])
        return answer

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _RecorderGoneError(RecorderUnreachableError):
    """Nobody listens where a recorder did."""


class _Channel(Protocol):
    """What the connections of all systems can do."""

    def send_bytes(self, message: bytes, /) -> None:
        """Send a message."""

    def recv_bytes(self, maxlength: int | None = None, /) -> bytes:
        """Wait for a message."""

    def poll(self, timeout: float, /) -> bool:
        """Wait until there is a message."""

    def close(self) -> None:
        """Hang up."""


class _PatientConnection:
    """A connection on which nobody waits for ever: a stopped recorder says nothing."""

    def __init__(self, connection: _Channel, authkey: bytes) -> None:
        self._connection = connection
        self._seconds = ANSWER_SECONDS
        try:
            answer_challenge(self, authkey)  # type: ignore[arg-type]  # these two methods do
            deliver_challenge(self, authkey)  # type: ignore[arg-type]
        except BaseException:
            connection.close()
            raise

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the answer to a request.

        Raises:
            TimeoutError: There was none in time.
        """
        self._seconds = seconds
        self.send_bytes(pack(request))
        return unpack(self.recv_bytes())

    def send_bytes(self, message: bytes) -> None:
        """Send; a request is far smaller than what the system keeps for a slow receiver."""
        self._connection.send_bytes(message)

    def recv_bytes(self, maxlength: int | None = None) -> bytes:
        """Receive, or raise ``TimeoutError``."""
        if not self._connection.poll(self._seconds):
            raise TimeoutError("no answer")
        return self._connection.recv_bytes(maxlength)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _connect(session_dir: Path) -> _PatientConnection:
    address = read_address(session_dir)
    if address is None:
        raise _gone()
    try:
        return _PatientConnection(_dial(address), bytes.fromhex(address.authkey))
    except (FileNotFoundError, ConnectionError, EOFError) as cause:
        raise _gone() from cause  # nobody listens, or the listener died this moment


def _dial(address: RecorderAddress) -> _Channel:
    if sys.platform == "win32":
        return Client(address.address)
    with contextlib.ExitStack() as on_failure:
        dialled = socket.socket(socket.AF_UNIX)
        on_failure.callback(dialled.close)
        dialled.settimeout(ANSWER_SECONDS)
        dialled.connect(address.address)
        dialled.setblocking(True)
        on_failure.pop_all()
    return Connection(dialled.detach())


def _gone() -> _RecorderGoneError:
    return _RecorderGoneError(
        "The recorder has ended.", remedy="What it has recorded is safe. Start it again."
    )
