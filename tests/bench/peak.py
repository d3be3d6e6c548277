"""The most memory that a run has held."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_bytes() -> int:
    """Return the peak of this process and of the largest of its ended children, together.

    ``RUSAGE_SELF`` is no measure of the first: Linux lets a process begin with the peak of the one
    that started it, such as the one that wrote the recordings. That of a child begins with ours.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (own,) = (int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + children) * 1_024
