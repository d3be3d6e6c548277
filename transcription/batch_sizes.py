"""Finds out how many windows of audio a model had best be given at once on this machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BYTES_A_WINDOW = 100_000_000  # of 10 s in the largest usual model, WeSpeaker's ResNet34, and more
SHARE_OF_MEMORY = 1 / 8
LARGEST = 32  # what the pipelines are published with
WORTHWHILE = 0.95  # of the time for each window; less gained is noise, and takes memory


def largest_batch(memory: int) -> int:
    """Return how many windows fit on a machine with so many bytes, 0 if that is unknown."""
    fitting = int(memory * SHARE_OF_MEMORY / BYTES_A_WINDOW)
    return max(1, min(LARGEST, fitting))


def fastest_batch(run: Callable[[int], object], largest: int) -> int:
    """Return the size at which a window takes least, of 1, 2, 4 … up to ``largest``.

    ``run`` takes a size and works once. Sizes are doubled as long as that helps.
    """
    run(1)  # the first time everything is slow
    size, least_s = 1, _seconds_each(run, 1)
    while size * 2 <= largest:
        seconds = _seconds_each(run, size * 2)
        if seconds > least_s * WORTHWHILE:
            break
        size, least_s = size * 2, seconds
    return size


def _seconds_each(run: Callable[[int], object], size: int) -> float:
    began = time.perf_counter()
    run(size)
    return (time.perf_counter() - began) / size
