"""The button that keeps what is heard off the disk, and records again."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QWidget

WIDTH = 36


class PauseButton(QToolButton):
    """❚❚ while recording, ▶ in a pause."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_paused = False
        self.setFixedWidth(WIDTH)  # the same with either sign: nothing beside it moves
        self.show_pause(on=False)

    def show_pause(self, *, on: bool) -> None:
        """Show whether the recording is paused."""
        self.is_paused = on
        self.setText("▶" if on else "❚❚")
        tip = (
            self.tr("Record again (F10)")
            if on
            else self.tr("Pause: nothing that is heard is stored until you resume (F10)")
        )
        self.setToolTip(tip)
        self.setAccessibleName(tip)
