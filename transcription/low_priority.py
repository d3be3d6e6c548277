"""Lets a process give way to all others: what it does is welcome, and nobody waits for it."""

from __future__ import annotations

import os
import sys

LOWEST_NICENESS = 19


def give_way() -> None:
    """Run from now on with the lowest priority."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  needed there alone

        idle_class = 0x40
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), idle_class)
    else:
        os.nice(LOWEST_NICENESS)
