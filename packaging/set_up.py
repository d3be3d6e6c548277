"""The order of the set-up; see bootstrap.py, which starts it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

import system_parts
from console import SetupError, complain, say
from environment import Environment
from uv_tool import find_uv, packages_wanted

ROOT = Path(__file__).resolve().parents[1]
TORCH = ("full", "cpu", "none")
NEEDS = {"program": (), "window": system_parts.WINDOW, "tests": system_parts.TESTS}


def main() -> int:
    """Set up what the arguments ask for; return the exit code."""
    parser = argparse.ArgumentParser(description="Set this checkout of Hotwash up.")
    parser.add_argument(
        "--for",
        dest="purpose",
        choices=tuple(NEEDS),
        default="program",
        help="program: uv and .venv; window: also Qt's and PortAudio's libraries; tests: all",
    )
    purpose = parser.parse_args().purpose
    try:
        _set_up(purpose)
    except SetupError as error:
        complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nSet-up interrupted; run it again to go on.", file=sys.stderr)
        return 130
    return 0


def _set_up(purpose: str) -> None:
    environment = Environment(ROOT)
    wanted = environment.wanted(_chosen_torch(environment))
    fits = environment.fits(wanted)
    needs = NEEDS[purpose]
    if fits and not system_parts.missing_of(needs):
        return
    say(f"Setting Hotwash up with Python {platform.python_version()}:")
    if not fits:
        refuse_platform()
    # First, as it may end here: nobody should learn that after a download of gigabytes.
    system_parts.ensure(needs, also=[] if fits else packages_wanted(ROOT))
    if not fits:
        environment.make(wanted, find_uv(ROOT))


def _chosen_torch(environment: Environment) -> str:
    """Return HOTWASH_TORCH, else what the environment has already, else all of it."""
    chosen = os.environ.get("HOTWASH_TORCH", "").lower()
    if chosen == "cpu" and not sys.platform.startswith("linux"):
        return "full"  # elsewhere that is the CPU build, and its hashes are in the lock
    if chosen in TORCH:
        return chosen
    if chosen:
        raise SetupError(
            f"HOTWASH_TORCH is {chosen!r}; it may be {', '.join(TORCH)}.", exit_code=2
        )
    return environment.chosen_torch() or "full"


def refuse_platform() -> None:
    """Say so where PySide6, ONNX Runtime or PyTorch publish no build for this machine.

    Raises:
        SetupError: This is such a machine.
    """
    machine = platform.machine().lower()
    libc, version = platform.libc_ver()
    if sys.platform == "darwin" and machine == "x86_64":
        raise SetupError("Macs with Intel processors are not supported: ONNX Runtime left them.")
    if sys.platform == "win32" and machine == "arm64":
        raise SetupError(
            "PyTorch has no build for Windows on ARM.",
            remedy="Install Python for x86-64 and name it: py -3.13-64 packaging\\bootstrap.py",
        )
    oldest = (2, 39) if machine == "aarch64" else (2, 34)
    if libc == "glibc" and tuple(int(part) for part in version.split(".")[:2]) < oldest:
        raise SetupError(
            f"This system's glibc is {version}; Qt's builds need {oldest[0]}.{oldest[1]}.",
            remedy="Debian 12 and Ubuntu 22.04 are new enough (on ARM Debian 13, Ubuntu 24.04).",
        )
