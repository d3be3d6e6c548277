"""When the next status update is due, in words and, if it presses, in the colour of warnings."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel

from ui.widgets.named_look import look_like


class DueLabel(QLabel):
    """Is there only while an update is due some time."""

    @Slot(str, str, bool)
    def show_due(self, text: str, tip: str, warns: bool) -> None:  # noqa: FBT001  also a slot
        """Show when the next update is due; nothing where none is."""
        self.setText(text)
        self.setToolTip(tip)
        self.setVisible(bool(text))
        look_like(self, "warning" if warns else "secondary")
