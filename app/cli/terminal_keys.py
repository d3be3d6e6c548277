"""Single keys on the terminal, without Enter."""

from __future__ import annotations

import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOWS_POLL_S = 0.05

if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _single_keys() -> Iterator[None]:
        """Nothing needs to be arranged."""
        yield

    def _key(seconds: float) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if msvcrt.kbhit():
                return msvcrt.getwch().lower()
            time.sleep(WINDOWS_POLL_S)
        return ""

else:
    import os
    import select
    import termios
    import tty

    @contextmanager
    def _single_keys() -> Iterator[None]:
        """Let each key through at once; Ctrl-C stays what it is."""
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor, termios.TCSADRAIN)  # what was typed ahead is not lost
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def _key(seconds: float) -> str:
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        if not ready:
            return ""
        # Not through sys.stdin, whose buffer would hold the second of two quick keys
        key = os.read(sys.stdin.fileno(), 1)
        if not key:
            time.sleep(seconds)  # the terminal is gone, and always ready to say so
        return key.decode(errors="ignore").lower()


@contextmanager
def pressed_keys() -> Iterator[Callable[[float], str] | None]:
    """Return a function that waits so many seconds for a key, empty for none.

    None where no person types: in a pipe, in a script. The terminal is left as it was.
    """
    if not sys.stdin.isatty():
        yield None
        return
    with _single_keys():
        yield _key


@contextmanager
def finishing() -> Iterator[None]:
    """Let what is under way end before Ctrl-C has its effect: half a step would be on record."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt
