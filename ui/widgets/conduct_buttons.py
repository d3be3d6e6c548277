"""Pause and announcement, in the recorder strip while something is recorded."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

WIDTH = 36


class ConductButtons(QWidget):
    """Asks for a pause, for its end, or for the text to read out.

    Signals:
        pause_requested, resume_requested: The person pressed ❚❚, or ▶.
        announce_requested: The person wants to tell the others that they are recorded.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    announce_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_paused = False
        self.pause_button = QToolButton()
        self.pause_button.clicked.connect(self.ask)
        self.announce_button = QToolButton()
        self.announce_button.clicked.connect(self.announce_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.announce_button, self.pause_button):
            button.setFixedWidth(WIDTH)  # the same with any of its signs: nothing beside it moves
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_pause(on=False)
        self.show_announced(by="")

    def show_pause(self, *, on: bool) -> None:
        """Show whether the recording is paused."""
        self.is_paused = on
        self.pause_button.setEnabled(True)
        self.pause_button.setText("▶" if on else "❚❚")
        tip = (
            self.tr("Record again (F10)")
            if on
            else self.tr("Pause: nothing that is heard is stored until you resume (F10)")
        )
        self.pause_button.setToolTip(tip)
        self.pause_button.setAccessibleName(tip)

    def show_announced(self, *, by: str) -> None:
        """Show who told the others that they are recorded; empty: nobody has."""
        self.announce_button.setText("✓" if by else "❝")
        tip = (
            self.tr("{0} has announced the recording; announce it again to latecomers").format(by)
            if by
            else self.tr("Tell the others that they are recorded: shows what to read out")
        )
        self.announce_button.setToolTip(tip)
        self.announce_button.setAccessibleName(tip)

    @Slot()
    def ask(self) -> None:
        """Ask for what the pause button shows."""
        self.pause_button.setEnabled(False)
        if self.is_paused:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()
