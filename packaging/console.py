"""What the set-up says, and how it runs other programs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MISSING = 3
"""Exit code: the environment lacks something."""


class SetupError(Exception):
    """The set-up cannot go on.

    Attributes:
        remedy: What the person can do, one line or several; empty if nothing.
        exit_code: What the set-up ends with.
    """

    def __init__(self, message: str, *, remedy: str = "", exit_code: int = MISSING) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.exit_code = exit_code


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


def run(
    command: Sequence[str],
    *,
    failure: str,
    remedy: str = "",
    env: Mapping[str, str] | None = None,
    show: Callable[[str], None] | None = None,
) -> str:
    """Run a program to its end and return what it wrote, standard error included.

    Args:
        command: The program and its arguments; it gets no standard input.
        failure: What to say if it does not end with 0; its last lines follow.
        remedy: What to do then.
        env: Variables added to ours.
        show: Called with each line as it comes; None keeps quiet.

    Raises:
        SetupError: It ended with something else, or is not there.
    """
    lines: list[str] = []
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                lines.append(line)
                if show is not None:
                    show(line.rstrip())
    except OSError as cause:
        raise SetupError(f"{failure}: {cause}.", remedy=remedy) from cause
    if process.returncode != 0:
        told = "".join(f"    {line}" for line in lines[-15:]).rstrip()
        raise SetupError(f"{failure}:\n{told}\n  ({shlex.join(command)})", remedy=remedy)
    return "".join(lines)


def succeeds(command: Sequence[str]) -> bool:
    """Tell whether a program is there and ends with 0."""
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return done.returncode == 0


def complain(error: SetupError) -> None:
    """Print why the set-up stopped and what to do."""
    print(f"\nSet-up stopped: {error}", file=sys.stderr)
    if error.remedy:
        print(error.remedy, file=sys.stderr)
