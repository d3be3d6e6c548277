"""What a pause asks of the tracks, and when they may go on."""

from __future__ import annotations

import threading


class PauseOrder:
    """Told to every track at once; nothing that arrives after it is written.

    The tracks hold what arrives until it is decided whether the pause stands: only when its
    beginning is on the disk is anything dropped.

    Attributes:
        from_ns: When it was given, on the recorder's clock.
    """

    def __init__(self, now_ns: int) -> None:
        self.from_ns = now_ns
        self._decided = threading.Event()
        self._lifted = threading.Event()
        self._stands = False

    def decide(self, *, stands: bool) -> None:
        """Say whether the pause is, or everything goes on as if nobody had asked."""
        self._stands = stands
        self._decided.set()

    def wait_whether_it_stands(self) -> bool:
        """Wait for ``decide``, which comes as soon as the disk has answered."""
        self._decided.wait()
        return self._stands

    def lift(self) -> None:
        """End the pause."""
        self._lifted.set()

    def wait_until_lifted(self, seconds: float) -> bool:
        """Wait; False when the pause goes on."""
        return self._lifted.wait(seconds)
