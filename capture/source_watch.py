"""Knows at once when a source goes away, comes back, or another becomes the default.

When a source goes, the server moves the stream to another without a word, and the track would go
on with sound that is not its own. Where there is no such server a helper process lists the
devices, for PortAudio's own list is frozen: seldom, and often while one is missed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from app.domain.errors import EnvironmentMissingError
from capture.bound_child import bound
from capture.portaudio_listing import PORTAUDIO_PREFIX, portaudio_sources
from capture.pulse_listing import PULSE_PREFIX, pulse_sources
from capture.wasapi_listing import WASAPI_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.engine_types import AudioSource, TrackPlan

RETRY_SECONDS = 1.0
LIST_EVERY_S = 30.0
LIST_OFTEN_S = 1.5
OF_INTEREST = (b" on source #", b" on server")


class SourceWatch:
    """Follows the list of sources on a thread of its own; costs nothing in between.

    Implements ``SourceRoster``.
    """

    def __init__(
        self, list_devices: Callable[[], Sequence[AudioSource]] = portaudio_sources
    ) -> None:
        """Look once, then begin to follow."""
        self._list_devices = list_devices
        self._sources: dict[str, AudioSource] = {}
        self._serves = sys.platform == "linux" and shutil.which("pactl") is not None
        self._missed = threading.Event()
        self._stopping = threading.Event()
        self._events: subprocess.Popen[bytes] | None = None
        self._look()
        # A daemon: it waits for the server's next word, which may never come.
        threading.Thread(target=self._follow, name="source-watch", daemon=True).start()

    def present(self, source_id: str) -> bool:
        """Whether the source is there; what is not on the list that is followed always is."""
        is_there = source_id in self._sources or not self._lists(source_id)
        if not is_there:
            self._missed.set()
        return is_there

    def wanted(self, plan: TrackPlan) -> AudioSource:
        """Return the default if that is followed, else the plan's source, else its fallback."""
        if plan.follow_default:
            for source in self._sources.values():
                if source.default and source.kind is plan.source.kind:
                    return source
        if self.present(plan.source.id):
            return plan.source
        fallback = plan.fallback
        return fallback if fallback is not None and self.present(fallback.id) else plan.source

    def stop(self) -> None:
        """Follow no longer; ``pactl`` would stay until the server's next word otherwise."""
        self._stopping.set()
        self._missed.set()
        if self._events is not None:
            self._events.terminate()

    def _lists(self, source_id: str) -> bool:
        """Whether a source of this kind would be on the list."""
        followed = (PULSE_PREFIX,) if self._serves else (PORTAUDIO_PREFIX, WASAPI_PREFIX)
        return source_id.startswith(followed) and bool(self._sources or self._serves)

    def _follow(self) -> None:
        if self._serves:
            self._follow_server()
        else:
            self._follow_list()

    def _follow_list(self) -> None:
        while not self._stopping.is_set():
            self._missed.wait(LIST_EVERY_S)
            self._stopping.wait(LIST_OFTEN_S)
            self._missed.clear()
            self._look()

    def _follow_server(self) -> None:
        pactl = shutil.which("pactl")
        while pactl is not None and not self._stopping.is_set():
            with subprocess.Popen(  # noqa: S603  found on the person's own path
                bound(pactl, "subscribe"),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"LC_ALL": "C"},
            ) as events:
                self._events = events
                self._look()  # what happened before the first event
                for event in events.stdout or ():
                    if any(words in event for words in OF_INTEREST):
                        self._look()
            self._look()  # the server is gone, or was restarted
            self._stopping.wait(RETRY_SECONDS)

    def _look(self) -> None:
        try:
            found = (pulse_sources() or ()) if self._serves else self._list_devices()
        except EnvironmentMissingError:
            return  # it hangs: nothing is known, and the stall is told by itself
        self._sources = {source.id: source for source in found}
