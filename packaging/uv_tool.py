"""Finds uv, or gets it from pip into ``.uv/``."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import debian_packages
from console import SetupError, run, say, succeeds

OLDEST = (0, 8, 0)
"""The oldest uv on PATH that is used (tried with this very version)."""

PINNED = Path(__file__).parent / "uv.txt"

QUIET_PIP = ("--quiet", "--disable-pip-version-check", "--no-input")


def find_uv(root: Path) -> Path:
    """Return a uv that can be used, installing one into ``root/.uv`` if there is none.

    Raises:
        SetupError: There is no way to install it without a person's help.
    """
    folder = root / ".uv"
    if uv := _on_path() or _in_folder(folder):
        return uv
    shown = ".".join(map(str, _pinned_version()))
    say(f"  uv           getting uv {shown}, the package installer, into .uv (about 25 MB)")
    shutil.rmtree(folder, ignore_errors=True)  # what an interrupted set-up left
    _install(folder)
    if uv := _in_folder(folder):
        return uv
    raise SetupError(f"uv was installed into {folder} and does not start.")


def _on_path() -> Path | None:
    found = shutil.which("uv")
    if found is not None and (version_of(Path(found)) or (0,)) >= OLDEST:
        return Path(found)
    return None


def _in_folder(folder: Path) -> Path | None:
    pinned = _pinned_version()
    return next((uv for uv in _candidates(folder) if version_of(uv) == pinned), None)


def version_of(uv: Path) -> tuple[int, ...] | None:
    """Return the version a uv says it has; None if it does not start."""
    try:
        told = subprocess.run(
            [uv, "--version"], capture_output=True, text=True, check=False, timeout=60
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", told)
    return tuple(int(part) for part in found.groups()) if found else None


def _pinned_version() -> tuple[int, ...]:
    pinned = re.search(r"^uv==(\S+)", PINNED.read_text(encoding="utf-8"), re.MULTILINE)
    if pinned is None:
        raise SetupError(f"{PINNED} names no version of uv.")
    return tuple(int(part) for part in pinned.group(1).split("."))


def _candidates(folder: Path) -> list[Path]:
    """Where the two ways of installing put the program."""
    if os.name == "nt":
        return [folder / "Scripts" / "uv.exe", folder / "lib" / "bin" / "uv.exe"]
    return [folder / "bin" / "uv", folder / "lib" / "bin" / "uv"]


def packages_wanted(root: Path) -> list[str]:
    """Return the Debian packages without which uv cannot be got; none where it can.

    Raises:
        SetupError: This Python has no installer, and the system has no apt to bring one.
    """
    if _on_path() or _in_folder(root / ".uv") or _has_venv() or _has_pip():
        return []
    if not debian_packages.can_be_used():
        raise SetupError(
            "This Python has neither pip nor venv, and one of them is needed to get uv.",
            remedy="Install pip for it, or uv by your system's packages, and run it again.",
        )
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def _install(folder: Path) -> None:
    """Install uv by a pip of its own, else by the system's.

    The system's own packages stay as they are in either case: Debian forbids pip to touch them.
    """
    pip = [sys.executable, "-m", "pip", "install", "--target", str(folder / "lib")]
    if _has_venv():
        run(
            [sys.executable, "-m", "venv", str(folder)],
            failure="A virtual environment for uv could not be made",
        )
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        pip = [str(python), "-m", "pip", "install"]
    run(
        [*pip, *QUIET_PIP, "--require-hashes", "--only-binary", ":all:", "-r", str(PINNED)],
        failure="uv, the package installer, could not be downloaded",
        remedy="Check the network, and pip's own settings if you use a mirror; then run it again.",
    )


def _has_venv() -> bool:
    """Debian takes ensurepip out of Python and puts it into the package pythonX.Y-venv."""
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def _has_pip() -> bool:
    return succeeds([sys.executable, "-m", "pip", "--version"])
