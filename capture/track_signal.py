"""What a track hears, as far as alarms are concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.sessions import GapReason

CLIPPED_PEAK = 0.999


@dataclass(slots=True)
class TrackSignal:
    """Written by the track's thread, read by any.

    Attributes:
        missing: Why nothing is heard; None while something is.
        sounded_ns: Monotonic time of the last block in which not every sample was zero.
        clipped_blocks: How many blocks touched full scale so far.
    """

    sounded_ns: int
    missing: GapReason | None = None
    clipped_blocks: int = 0

    def heard(self, peak: float, now_ns: int) -> None:
        """Note a block."""
        self.missing = None
        if peak > 0:
            self.sounded_ns = now_ns
        if peak >= CLIPPED_PEAK:
            self.clipped_blocks += 1

    def rest(self, now_ns: int) -> None:
        """Note that nothing is to be heard at the moment."""
        self.missing = None
        self.sounded_ns = now_ns
