"""Debian's and Ubuntu's packages: installed when we may, else the command is told."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from console import SetupError, run, say, succeeds

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends")

# A desktop may be mending itself in the background; on PipeWire machines a package of the tests
# could push one of the desktop's own out, which nobody asked for.
CAREFUL = ("--no-remove", "-o", "DPkg::Lock::Timeout=180", "-o", "Dpkg::Use-Pty=0")


def can_be_used() -> bool:
    """Tell whether this is a system with apt."""
    return shutil.which("apt-get") is not None


def install(packages: Sequence[str], *, why: str) -> None:
    """Install packages as root or through sudo.

    Args:
        packages: Their names.
        why: The beginning of a sentence, said if we may not install: what they are needed for.

    Raises:
        SetupError: We may not (the remedy is the exact command), or apt failed.
    """
    by_hand = command_by_hand(packages)
    prefix = _as_root()
    if prefix is None:
        raise SetupError(
            f"{why}, and that takes an administrator.",
            remedy=f"Run this, then the same make command again:\n\n    {by_hand}\n",
        )
    environment = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
    apt_get = [*prefix, *environment]
    say(f"  system       apt: {' '.join(packages)}")
    # A mirror that does not answer matters only if the package is not to be had afterwards.
    succeeds([*apt_get, "apt-get", "update", "-qq"])
    size = _download_size([*apt_get, *INSTALL, "--assume-no", *packages])
    say(f"               {size} to download, a minute or so")
    run(
        [*apt_get, *INSTALL, *CAREFUL, *packages],
        failure="apt could not install the packages",
        remedy=f"Mend what apt complains about, then run:\n\n    {by_hand}\n",
    )


def command_by_hand(packages: Sequence[str]) -> str:
    """Return the command with which an administrator installs them."""
    command = shlex.join([*INSTALL, *packages])
    return f"sudo {command}" if shutil.which("sudo") else f"su -c {shlex.quote(command)}"


def known_name(names: Sequence[str]) -> str:
    """Return the name under which apt knows a package that was renamed between releases."""
    for name in names:
        told = subprocess.run(
            ["apt-cache", "policy", name],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout
        if "Candidate:" in told and "Candidate: (none)" not in told:
            return name
    return names[0]  # the later packages answer to their old name as well


def _as_root() -> list[str] | None:
    """Return what to put before a command to run it as root; None if we may not."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if succeeds(["sudo", "-n", "true"]) else None


def _download_size(command: Sequence[str]) -> str:
    told = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    ).stdout
    found = re.search(r"Need to get (?:\S+ [kMG]?B/)?([\d.,]+ [kMG]?B)", told)
    return found.group(1) if found else "some MB"
