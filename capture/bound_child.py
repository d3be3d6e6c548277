"""Commands that end with the process which asked for them, however that ends."""

from __future__ import annotations

import sys

# 1 is PR_SET_PDEATHSIG, 9 SIGKILL. The system does it: a process that is killed cannot.
DIE_WITH_PARENT = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"
)


def bound(*command: str) -> list[str]:
    """Return the command so that it dies with its caller; the command itself elsewhere than Linux.

    A killed recorder would leave ``pactl`` behind: connected for ever (a server allows 64),
    or spinning over a pipe that nobody reads.
    """
    if sys.platform != "linux":
        return [*command]
    return [sys.executable, "-I", "-S", "-c", DIE_WITH_PARENT, *command]
