from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from transcription import batch_sizes
from transcription.batch_sizes import fastest_batch, largest_batch

if TYPE_CHECKING:
    from collections.abc import Callable

GIB = 2**30


@pytest.mark.parametrize(
    ("memory", "largest"), [(0, 1), (2 * GIB, 2), (8 * GIB, 10), (64 * GIB, 32)]
)
def test_batches_are_as_large_as_an_eighth_of_the_memory_holds(memory: int, largest: int) -> None:
    assert largest_batch(memory) == largest


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], float]], list[int]]:
    """Make a machine on which a batch takes as long as is said; return what sizes it is given."""

    def make(seconds: Callable[[int], float]) -> list[int]:
        sizes: list[int] = []
        clock = iter(range(1_000))

        def tick() -> float:
            """Tell the time before a batch, and after it, the last that was run."""
            return seconds(sizes[-1]) if next(clock) % 2 else 0.0

        monkeypatch.setattr(batch_sizes.time, "perf_counter", tick)
        return sizes

    return make


def test_batches_grow_as_long_as_that_saves_time(
    machine: Callable[[Callable[[int], float]], list[int]],
) -> None:
    """Each batch costs a second more whatever its size, until from 8 on it costs too much."""
    sizes = machine(lambda size: 1 + size if size <= 8 else 3.0 * size)

    assert fastest_batch(sizes.append, 32) == 8
    assert sizes == [1, 1, 2, 4, 8, 16]


def test_batches_that_save_nothing_stay_small(
    machine: Callable[[Callable[[int], float]], list[int]],
) -> None:
    sizes = machine(lambda size: 0.98 * size)

    assert fastest_batch(sizes.append, 32) == 1


def test_no_batch_is_larger_than_fits(
    machine: Callable[[Callable[[int], float]], list[int]],
) -> None:
    sizes = machine(lambda size: 1 + size)

    assert fastest_batch(sizes.append, 10) == 8
    assert max(sizes) == 8
