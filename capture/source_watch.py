"""Knows at once when a source of the sound server goes away.

The server then moves the stream to another source without a word, and the track would go on with
sound that is not its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading

from app.domain.errors import EnvironmentMissingError
from capture.pulse_listing import PULSE_PREFIX, pulse_sources

RETRY_SECONDS = 1.0


class SourceWatch:
    """Follows the server's list of sources on a thread of its own; costs nothing in between."""

    def __init__(self) -> None:
        """Look once, then begin to follow."""
        self._present: frozenset[str] = frozenset()
        self._stopping = threading.Event()
        self._events: subprocess.Popen[bytes] | None = None
        self._look()
        # A daemon: it waits for the server's next word, which may never come.
        threading.Thread(target=self._follow, name="source-watch", daemon=True).start()

    def present(self, source_id: str) -> bool:
        """Whether the source is there; what does not come from the server always is."""
        return not source_id.startswith(PULSE_PREFIX) or source_id in self._present

    def stop(self) -> None:
        """Follow no longer; ``pactl`` would stay until the server's next word otherwise."""
        self._stopping.set()
        if self._events is not None:
            self._events.terminate()

    def _follow(self) -> None:
        pactl = shutil.which("pactl")
        while pactl is not None and not self._stopping.is_set():
            with subprocess.Popen(  # noqa: S603  found on the person's own path
                [pactl, "subscribe"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"LC_ALL": "C"},
            ) as events:
                self._events = events
                self._look()  # what happened before the first event
                for event in events.stdout or ():
                    if b" on source #" in event:
                        self._look()
            self._look()  # the server is gone, or was restarted
            self._stopping.wait(RETRY_SECONDS)

    def _look(self) -> None:
        try:
            found = pulse_sources() or ()
        except EnvironmentMissingError:
            return  # it hangs: nothing is known, and the stall is told by itself
        self._present = frozenset(source.id for source in found)
