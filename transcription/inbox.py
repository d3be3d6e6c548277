"""The child's end of the pipe: requests are taken in while a model is at work."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from transcription.messages import Advance, Follow, KeepPace

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from transcription.messages import Request


class Inbox:
    """Collects requests on a thread, so that nobody who sends one ever waits for a model.

    Of several advances of a track only the last is kept. When the parent asks for the end, or is
    itself at an end, the process is left at once: everything it holds is on disk elsewhere.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._arrived = threading.Condition()
        self._waiting: list[Request] = []
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def take(self, *, wait: bool) -> list[Request]:
        """Return what has arrived; with ``wait``, not before something has."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting or not wait)
            taken, self._waiting = self._waiting, []
            return taken

    def wait_for_the_end(self) -> None:
        """Do nothing more, but stay until the parent ends this process."""
        while True:
            self.take(wait=True)

    def _read(self) -> None:
        try:
            while (request := self._pipe.recv()) is not None:
                with self._arrived:
                    self._waiting = [*self._without_older(request), request]
                    self._arrived.notify()
        except (EOFError, OSError):
            pass  # how a pipe says that the parent is gone
        os._exit(0)

    def _without_older(self, request: Request) -> list[Request]:
        """Return what is waiting, less an advance that ``request`` overtakes."""
        if isinstance(request, Follow | KeepPace):
            return self._waiting
        return [
            other
            for other in self._waiting
            if not (isinstance(other, Advance) and other.track_id == request.track_id)
        ]
