"""What to read out to people who are recorded, and the stamp that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget


class ConsentForm(QFrame):
    """Appears in place: no dialog. Escape gives up.

    Signals:
        stamp_requested: People were told; by which method.
        closed: The form is gone again.
    """

    stamp_requested = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.method = Chooser()
        for method in (self.tr("said aloud"), self.tr("a tone"), self.tr("in the chat")):
            self.method.addItem(method)
        self.method.setAccessibleName(self.tr("How people were told"))
        self.method.setToolTip(self.method.accessibleName())
        self.stamp_button = QPushButton(self.tr("They were told"))
        self.stamp_button.setObjectName("primary")
        self.stamp_button.setToolTip(self.tr("Stamp this moment into the recording's journal"))
        self.stamp_button.clicked.connect(self._on_stamp)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for widget in (self.method, self.stamp_button, cancel):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addLayout(row)
        self.hide()

    def open_form(self, text: str) -> None:
        """Show what to read out."""
        self.text.setText(text.strip())
        self.show()
        self.stamp_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    @Slot()
    def _on_stamp(self) -> None:
        self.stamp_requested.emit(self.method.currentText())
        self.close_form()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)
