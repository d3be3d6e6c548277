"""What is to be known of a recording at a glance, where there is no room for more."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ui.moments import duration_text


class Phase(enum.Enum):
    """What the recorder is doing."""

    IDLE = enum.auto()
    RECORDING = enum.auto()
    PAUSED = enum.auto()


@dataclass(frozen=True, slots=True)
class Glance:
    """``alarm`` is a sentence that says what is wrong, empty if nothing is."""

    phase: Phase = Phase.IDLE
    saved_ms: int = 0
    alarm: str = ""

    @property
    def words(self) -> str:
        """What is being done, and how much of it is safe on disk."""
        return phase_text(self.phase, self.saved_ms)


def phase_text(phase: Phase, saved_ms: int) -> str:
    """Return ``REC 00:42:17 saved`` or what else is true."""
    words = {
        Phase.IDLE: QCoreApplication.translate("Glance", "Not recording"),
        Phase.RECORDING: QCoreApplication.translate("Glance", "REC {0} saved"),
        Phase.PAUSED: QCoreApplication.translate("Glance", "PAUSED {0} saved"),
    }
    return words[phase].format(duration_text(saved_ms))
