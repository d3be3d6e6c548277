"""Says what was recorded, in the words that every place of the window has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.sessions import SessionKind
from ui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def kind_names() -> dict[SessionKind, str]:
    """Return what each kind of session is called."""
    names = {
        SessionKind.BRIDGE: "Bridge call",
        SessionKind.ROOM: "War room",
        SessionKind.HALLWAY: "Hallway",
        SessionKind.HANDOFF: "Handoff",
        SessionKind.HOTWASH: "Debrief",
        SessionKind.IMPORT: "Imported",
    }
    return {kind: QCoreApplication.translate("SessionKind", name) for kind, name in names.items()}


class KindChooser(Chooser):
    """Holds every kind that a person may choose; ``name`` says what is asked."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for kind, text in kind_names().items():
            if kind is not SessionKind.IMPORT:
                self.addItem(text, kind)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def kind(self) -> SessionKind:
        """Return what is chosen."""
        return SessionKind(self.currentData())  # Qt hands back a plain str
