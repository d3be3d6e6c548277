"""Chooses the way in which this system lets a program listen for keys in all others."""

from __future__ import annotations

import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import ShortcutError
from capture.shortcuts.portal import PortalKeys
from capture.shortcuts.ways import NotOfferedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.domain.shortcuts import Shortcut, ShortcutListener
    from capture.shortcuts.ways import Way

STOP_SECONDS = 5.0


class SystemShortcuts:
    """Implements ``GlobalShortcuts``: the first way that this system offers is taken."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._way: Way | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None

    def listen(self, shortcuts: Iterable[Shortcut], listener: ShortcutListener) -> None:
        """Begin to listen; on macOS to be called by the main thread."""
        ways = _ways(tuple(shortcuts), listener)
        if ways:
            # A daemon: an ill desktop must not keep the program.
            self._thread = threading.Thread(
                target=self._run, args=(ways, listener), name="global-shortcuts", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Give the keys back; nobody is told of one after this, unless it is being done now."""
        with self._turn:
            self._stopping = True
            if self._way is not None:
                self._way.stop()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(self, ways: Sequence[Callable[[], Way]], listener: ShortcutListener) -> None:
        for make in ways:
            with self._turn:
                if self._stopping:
                    return
                way = self._way = make()
            try:
                way.run()
            except NotOfferedError:
                continue
            return
        listener.refused(ShortcutError("This desktop lets no program have keys in all others."))


def _ways(
    shortcuts: Sequence[Shortcut], listener: ShortcutListener
) -> Sequence[Callable[[], Way]]:
    """Return the ways to try, in order; none where there is no desktop at all."""
    if sys.platform == "win32":
        from capture.shortcuts.windows import WindowsKeys  # noqa: PLC0415  no other system's

        return [partial(WindowsKeys, shortcuts, listener)]
    if sys.platform == "darwin":
        from capture.shortcuts.macos import MacKeys  # noqa: PLC0415  no other system's

        keys = MacKeys(shortcuts, listener)  # here, for it wants the main thread
        return [lambda: keys]
    from capture.shortcuts.x11 import X11Keys  # noqa: PLC0415  no other system's

    portal, x11 = partial(PortalKeys, shortcuts, listener), partial(X11Keys, shortcuts, listener)
    if is_wayland(os.environ):
        return [portal]  # an X server is there for old programs, and hears their keys alone
    return [portal, x11] if os.environ.get("DISPLAY") else []


def is_wayland(environment: Mapping[str, str]) -> bool:
    """Whether the desktop is Wayland's, whatever else it offers."""
    return bool(environment.get("WAYLAND_DISPLAY")) or (
        environment.get("XDG_SESSION_TYPE") == "wayland"
    )
