"""Answers the recorder's clients, several at once, over a socket of this machine."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from dataclasses import asdict, replace
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from typing import TYPE_CHECKING, Any

from app.domain.errors import AppError
from app.domain.sessions import MarkerKind
from capture.audience import Audience
from capture.recorder_messages import (
    consent_fields,
    error_fields,
    pack,
    status_fields,
    unpack,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from capture.recorder import SessionRecorder
    from capture.recorder_address import RecorderAddress

BACKLOG = 16
LINGER_SECONDS = 1.0


class RecorderServer:
    """Listens for clients; each has a thread, so that one that hangs holds up nobody.

    Attributes:
        audience: Those who follow.
    """

    def __init__(
        self, address: RecorderAddress, recorder: SessionRecorder, request_stop: Callable[[], None]
    ) -> None:
        self._recorder = recorder
        self._request_stop = request_stop
        self._stopped = threading.Event()
        self.audience = Audience()
        self._numbers = itertools.count()
        self._authkey = bytes.fromhex(address.authkey)
        # Without the key here: the listener would wait for one slow client to prove itself.
        self._listener = Listener(address.address, backlog=BACKLOG)
        self._clients: list[threading.Thread] = []
        # Daemons: a client that never closes must not keep the process.
        threading.Thread(target=self._accept, name="recorder-server", daemon=True).start()

    def finish(self) -> None:
        """Tell who asks within a second that the recording has ended, and close."""
        self._stopped.set()
        self._listener.close()
        deadline = time.monotonic() + LINGER_SECONDS
        for thread in self._clients:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return  # closed by ``finish``
            thread = threading.Thread(
                target=self._serve,
                args=(connection, next(self._numbers)),
                name="recorder-client",
                daemon=True,
            )
            self._clients = [client for client in self._clients if client.is_alive()]
            self._clients.append(thread)
            thread.start()

    def _serve(self, connection: Connection, client: int) -> None:
        gone = (EOFError, OSError, AuthenticationError, ValueError)
        with connection, contextlib.suppress(*gone):
            deliver_challenge(connection, self._authkey)
            answer_challenge(connection, self._authkey)
            while not self._stopped.is_set():
                request = unpack(connection.recv_bytes())
                connection.send_bytes(pack(self._answer(request, client)))
        self.audience.leave(client)

    def _answer(self, request: dict[str, Any], client: int) -> dict[str, Any]:
        try:
            return self._do(request, client)
        except AppError as error:
            return {"error": error_fields(error)}
        except (KeyError, ValueError) as cause:
            problem = AppError(f"The recorder does not understand: {cause}.")
            return {"error": error_fields(problem)}

    def _do(self, request: dict[str, Any], client: int) -> dict[str, Any]:
        match request["do"]:
            case "status":
                leads = self.audience.leads(client)
                return {"status": status_fields(replace(self._recorder.status(), leads=leads))}
            case "mark":
                kind, by, text = MarkerKind(request["kind"]), request["by"], request["text"]
                return {"marker": asdict(self._recorder.mark(kind, by=by, text=text))}
            case "pause":
                return {"pause": asdict(self._recorder.pause(by=request["by"]))}
            case "resume":
                return {"pause": asdict(self._recorder.resume(by=request["by"]))}
            case "announce":
                by, method = request["by"], request["method"]
                return {"consent": consent_fields(self._recorder.announce(by=by, method=method))}
            case "stop":
                self._request_stop()
                self._stopped.wait()
                return {"status": status_fields(self._recorder.status())}
            case other:
                raise ValueError(other)
