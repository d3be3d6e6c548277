"""Lets a process give way to all others: what it does is welcome, and nobody waits for it."""

from __future__ import annotations

import os
import sys

NICENESS = 10  # a tenth of what the others get where all are busy


def give_way() -> None:
    """Run from now on with a low priority."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  needed there alone

        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(NICENESS)
