"""Who follows a recorder at the moment, and who of them is to see that people hear of alarms."""

from __future__ import annotations

import threading
import time

GONE_AFTER_S = 3.0


class Audience:
    """The one who has followed longest leads. Safe from any thread."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._asked: dict[int, float] = {}

    def leads(self, client: int) -> bool:
        """Note that a client asks how it goes; return whether it leads.

        A client that asks no more, because it is stopped or frozen, leads no longer.
        """
        now = time.monotonic()
        with self._turn:
            self._asked = {
                known: at for known, at in self._asked.items() if now - at < GONE_AFTER_S
            }
            self._asked[client] = now
            return client == min(self._asked)

    def leave(self, client: int) -> None:
        """Note that a client has hung up."""
        with self._turn:
            self._asked.pop(client, None)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has asked of late."""
        now = time.monotonic()
        with self._turn:
            return all(now - at >= GONE_AFTER_S for at in self._asked.values())
