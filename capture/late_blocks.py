"""After a silence: was nothing delivered, or was it only late?

A sound server, or this whole process, may be stopped for a while. What it held back then comes
all at once, and belongs where it would have come; what is missing shows by the lag that stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capture.device_input import Block

SETTLE_NS = 700_000_000
SMALLEST_LOSS_NS = 120_000_000
STEADY_BLOCKS = 3
AT_ONCE_NS = 50_000_000  # half of a block's length


@dataclass(frozen=True, slots=True)
class Held:
    """A block; it began, by its arrival, so much later than the count of samples says."""

    block: Block
    lag_ns: int


class LateBlocks:
    """Holds what comes after a silence until the delivery is steady again. On one thread."""

    def __init__(self, usual_lag_ns: int, now_ns: int) -> None:
        """Begin; ``usual_lag_ns`` is that of the last block before the silence."""
        self._usual_ns = usual_lag_ns
        self._until_ns = now_ns + SETTLE_NS
        self._held: list[Held] = []

    def hold(self, block: Block, lag_ns: int) -> None:
        """Keep a block."""
        self._held.append(Held(block, lag_ns))

    def is_settled(self, now_ns: int) -> bool:
        """Whether it has been waited long enough."""
        return now_ns >= self._until_ns and len(self._held) >= STEADY_BLOCKS

    def release(self) -> tuple[list[Block], int, list[Block]]:
        """Return what came late, how much is missing after that (ns), and what came in time.

        Where nothing is missing, all of it came late.
        """
        blocks = [held.block for held in self._held]
        steady_ns = min((held.lag_ns for held in self._held[-STEADY_BLOCKS:]), default=0)
        missing_ns = steady_ns - self._usual_ns
        if missing_ns < SMALLEST_LOSS_NS:
            return blocks, 0, []
        first = len(self._held)
        while first and self._held[first - 1].lag_ns - steady_ns < SMALLEST_LOSS_NS:
            first -= 1
        while 0 < first < len(blocks) and _came_at_once(blocks[first - 1], blocks[first]):
            first += 1  # the last of a burst have caught up with the clock
        return blocks[:first], missing_ns, blocks[first:]


def _came_at_once(before: Block, block: Block) -> bool:
    return block.arrived_ns - before.arrived_ns < AT_ONCE_NS
