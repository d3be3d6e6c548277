"""How pieces of evidence look: found out only for those that somebody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from app.domain.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Look:
    """A small picture, or none; and what is wrong with the file, empty where nothing is."""

    image: QImage | None = None
    problem: str = ""


PLAIN = Look()


class Looks(QObject):
    """Remembers each look by the hash of its file; whoever paints an unknown one asks for it.

    Signals:
        wanted: An ``Evidence`` whose look is to be found out; sent once, while painting.
        changed: The hash (hex) of a file that looks otherwise.
    """

    wanted = Signal(object)
    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, Look | None] = {}

    def of(self, evidence: Evidence) -> Look | None:
        """Return how a piece looks; None until that is known."""
        if evidence.sha256 is None:
            return PLAIN
        if evidence.sha256 not in self._known:
            self._known[evidence.sha256] = None
            self.wanted.emit(evidence)
        return self._known[evidence.sha256]

    def put(self, evidence: Evidence, look: Look) -> None:
        """Learn how a piece looks."""
        if evidence.sha256 is not None:
            self._known[evidence.sha256] = look
            self.changed.emit(evidence.sha256)

    def clear(self) -> None:
        """Forget everything: other evidence is on screen."""
        self._known.clear()

    def forget_flawed(self) -> None:
        """Look again at what was wrong: a file that is added again may have mended it."""
        flawed = [one for one, look in self._known.items() if look is not None and look.problem]
        for one in flawed:
            del self._known[one]
            self.changed.emit(one)
