"""Plays sound and tells where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from app.domain.errors import AppError
from app.domain.times import MS_PER_SECOND
from ui.playback.output import BYTES_PER_SAMPLE, SAMPLE_RATE, DesktopOutput

if TYPE_CHECKING:
    from ui.playback.output import Output

TICK_MS = 50
PATIENCE_MS = 3_000  # an output that died does not get further; then playing ends all the same


class Player(QObject):
    """One at a time: what is played next takes the place of what is playing.

    Signals:
        moved: So much of the sound has been played, in milliseconds.
        ended: It is over, or was stopped.
        failed: An ``AppError``: it cannot be played.
    """

    moved = Signal(int)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, output: Output | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._output: Output = output or DesktopOutput()
        self._duration_ms = 0
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def is_playing(self) -> bool:
        """Whether anything is to be heard."""
        return self._timer.isActive()

    def play(self, pcm: bytes) -> None:
        """Play 16 kHz mono s16le samples."""
        self.stop()
        try:
            self._output.play(pcm)
        except AppError as error:
            self.failed.emit(error)
            return
        self._duration_ms = len(pcm) * MS_PER_SECOND // (SAMPLE_RATE * BYTES_PER_SAMPLE)
        self._since.start()
        self._timer.start()
        self.moved.emit(0)

    @Slot()
    def stop(self) -> None:
        """Be silent."""
        if self._timer.isActive():
            self._timer.stop()
            self._output.stop()
            self.ended.emit()

    @Slot()
    def _on_tick(self) -> None:
        played_ms = self._output.played_ms()
        overdue = self._since.elapsed() > self._duration_ms + PATIENCE_MS
        if played_ms >= self._duration_ms or overdue:
            self.stop()
        else:
            self.moved.emit(played_ms)
