"""The two sets of colours; a colour never stands alone for a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.sessions import TrackLabel
from app.domain.timeline import EntryKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

DARKEST_LIGHT = 128


@dataclass(frozen=True, slots=True)
class Colors:
    """Names by role, values ``#rrggbb``; ``on_fill`` is for letters on a coloured shape."""

    text: str
    secondary: str
    line: str
    surface: str
    raised: str
    selected: str
    accent: str
    fact: str
    hypothesis: str
    decision: str
    action: str
    status: str
    responsibility: str
    recording: str
    warning: str
    good: str
    room: str
    bridge: str
    on_fill: str

    def kind(self, kind: EntryKind) -> str:
        """Return the colour of a kind of entry."""
        return {
            EntryKind.FACT: self.fact,
            EntryKind.HYPOTHESIS: self.hypothesis,
            EntryKind.DECISION: self.decision,
            EntryKind.ACTION: self.action,
            EntryKind.STATUS: self.status,
            EntryKind.RESPONSIBILITY: self.responsibility,
        }[kind]

    def track(self, label: TrackLabel) -> str:
        """Return the colour of a track."""
        return self.room if label is TrackLabel.ROOM else self.bridge


LIGHT = Colors(
    text="#1b1f24",
    secondary="#59636e",
    line="#d6dbe1",
    surface="#ffffff",
    raised="#f6f7f9",
    selected="#dcecee",
    accent="#0b6e75",
    fact="#1f5fbf",
    hypothesis="#9a6700",
    decision="#6f42c1",
    action="#1a7f37",
    status="#0b6e75",
    responsibility="#59636e",
    recording="#c62828",
    warning="#9a6700",
    good="#1a7f37",
    room="#8a5327",
    bridge="#3d5a80",
    on_fill="#ffffff",
)
DARK = Colors(
    text="#e6e9ed",
    secondary="#9aa4b0",
    line="#333a43",
    surface="#15181c",
    raised="#1d2126",
    selected="#1d3a3d",
    accent="#4fb6bd",
    fact="#7fb0ff",
    hypothesis="#d9a441",
    decision="#b794f6",
    action="#5cc47c",
    status="#4fb6bd",
    responsibility="#9aa4b0",
    recording="#ff7b76",
    warning="#d9a441",
    good="#5cc47c",
    room="#d6a37a",
    bridge="#9db8dc",
    on_fill="#15181c",
)


def colors_of(widget: QWidget) -> Colors:
    """Return the set that is in force for a widget; follows its palette."""
    return DARK if widget.palette().window().color().lightness() < DARKEST_LIGHT else LIGHT
