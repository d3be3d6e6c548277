"""What this machine has for recognition: cores, memory, a graphics card. Loads no engine."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NVIDIA_TIMEOUT_S = 5.0
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine has.

    Attributes:
        processor: Its name, as far as the system tells.
        cores: Those that this process may use.
        memory: In bytes; 0 if unknown.
        card: Name of the NVIDIA card with the most memory, empty if there is none.
        card_memory: That card's, in bytes.
    """

    processor: str
    cores: int
    memory: int
    card: str = ""
    card_memory: int = 0

    def __str__(self) -> str:
        """Return it in words."""
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        memory = f"{self.memory / GIB:.0f} GB of memory" if self.memory else "unknown memory"
        card = f"{self.card} ({self.card_memory / GIB:.0f} GB)" if self.card else "no NVIDIA card"
        return f"{cores}, {memory}, {card}"


def this_machine() -> Machine:
    """Return what this machine has; asks NVIDIA's tool where that is installed."""
    card, card_memory = _card()
    return Machine(_processor(), _cores(), _memory(), card, card_memory)


def cards_in(listing: str) -> list[tuple[int, str]]:
    """Return memory in bytes and name of each card in ``nvidia-smi``'s listing (CSV, MiB)."""
    found = []
    for line in listing.splitlines():
        name, _, memory = line.rpartition(",")
        if name and memory.strip().isdigit():
            found.append((int(memory) * 2**20, name.strip()))
    return found


def _card() -> tuple[str, int]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "", 0
    command = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(  # noqa: S603  the system's own program, nothing typed
            command, capture_output=True, text=True, timeout=NVIDIA_TIMEOUT_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):  # a driver that does not work is no card
        return "", 0
    memory, name = max(cards_in(said), default=(0, ""))
    return name, memory


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    with contextlib.suppress(OSError):  # where there is no such file, the system has another way
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> int:
    if sys.platform == "win32":
        return _memory_of_windows()
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if sys.platform == "win32":
    import ctypes

    class _MemoryStatus(ctypes.Structure):
        """``MEMORYSTATUSEX``."""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            *((name, ctypes.c_ulonglong) for name in ("a", "b", "c", "d", "e", "f")),
        )

    def _memory_of_windows() -> int:
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        told = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.total) if told else 0
