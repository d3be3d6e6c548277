"""The device that a track hears, which may change while it is recorded."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError

if TYPE_CHECKING:
    from app.domain.engine_types import AudioSource, TrackPlan
    from capture.device_input import Block, InputStream, OpenInput

# A source that is there and does not open is left alone so long: what is heard instead is cut
# off by each attempt.
REFUSED_FOR_S = 30.0


class SourceRoster(Protocol):
    """Knows which source a track is to hear at the moment; answers at once, on any thread."""

    def wanted(self, plan: TrackPlan) -> AudioSource:
        """Return the source; the plan's own where nothing better is there."""


class PlannedSources:
    """A roster for systems on which sources do not come and go."""

    def wanted(self, plan: TrackPlan) -> AudioSource:
        """Return the plan's own source."""
        return plan.source


class TrackInput:
    """An open device, or none. On the track's thread, but for ``close`` at the very end.

    Attributes:
        blocks: What the device has delivered.
        source: What is heard, or was last.
        format: Its sample rate and channels.
        refusal: Why nothing opened at the beginning; None if something did.
    """

    def __init__(
        self,
        plan: TrackPlan,
        open_input: OpenInput,
        roster: SourceRoster,
        *,
        may_be_away: bool = False,
    ) -> None:
        """Open the source; blocks gather from now on.

        With ``may_be_away`` open what is to be heard now, or nothing: ``refusal`` then tells why.

        Raises:
            AppError: It is not there or does not open.
        """
        self._plan = plan
        self._open_input = open_input
        self._roster = roster
        self.blocks: queue.SimpleQueue[Block] = queue.SimpleQueue()
        self.source = plan.source
        self._refused = ("", 0.0)
        self._stream: InputStream | None = None
        self.format = (plan.source.sample_rate, 1)
        self.refusal: AppError | None = None
        if not may_be_away:
            self._open(plan.source)
            return
        try:
            self.open_again()
        except AppError as error:
            self.refusal = error

    @property
    def has_gone(self) -> bool:
        """Whether the device will deliver no more."""
        stream = self._stream
        return stream is None or not stream.active

    @property
    def may_be_silent(self) -> bool:
        """Whether the device delivers nothing at all while there is nothing to hear."""
        return self._stream is not None and self._stream.may_be_silent

    @property
    def is_another(self) -> bool:
        """Whether what is heard is not what the plan names first."""
        return self.source.id != self._plan.source.id

    def should_change(self) -> bool:
        """Whether the track is to hear another source from now on."""
        wanted = self._roster.wanted(self._plan).id
        refused, until = self._refused
        if wanted == refused and time.monotonic() < until:
            return False
        return wanted != self.source.id

    def close(self) -> None:
        """Let go of the device, which may take long when the sound server hangs."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def open_again(self) -> None:
        """Open what is wanted now, or else the fallback; what the old device left is dropped.

        Raises:
            AppError: Nothing opens.
        """
        self.close()
        while not self.blocks.empty():
            self.blocks.get()
        wanted = self._roster.wanted(self._plan)
        try:
            self._open(wanted)
        except AppError:
            fallback = self._plan.fallback
            if fallback is None or fallback.id == wanted.id:
                raise
            self._open(fallback)
            self._refused = (wanted.id, time.monotonic() + REFUSED_FOR_S)

    def _open(self, source: AudioSource) -> None:
        stream = self._open_input(source, self.blocks.put)
        self.source = source
        self.format = (stream.sample_rate, stream.channels)
        self._stream = stream
