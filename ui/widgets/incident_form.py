"""A line in which a new incident is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton

from ui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

LEVELS = ("SEV1", "SEV2", "SEV3", "SEV4")


class IncidentForm(QFrame):
    """Appears in place: no dialog. Enter creates, Escape gives up.

    Signals:
        create_requested: Title and severity; the severity is empty while nobody declared one.
        closed: The form is gone again.
    """

    create_requested = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.title = QLineEdit()
        self.title.setPlaceholderText(self.tr("What is broken, in a few words"))
        self.title.setAccessibleName(self.tr("Title of the incident"))
        self.severity = Chooser()
        self.severity.setEditable(True)
        self.severity.addItems(["", *LEVELS])
        self.severity.setAccessibleName(self.tr("Severity"))
        self.severity.setToolTip(self.tr("A word of your own rubric; empty until it is declared"))
        create = QPushButton(self.tr("Create"))
        create.setObjectName("primary")
        create.clicked.connect(self._on_create)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        for text, widget, stretch in (
            (self.tr("New incident"), self.title, 1),
            (self.tr("Severity"), self.severity, 0),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget, stretch)
        row.addWidget(create)
        row.addWidget(cancel)
        self.title.returnPressed.connect(self._on_create)
        self.hide()

    @Slot()
    def open_form(self) -> None:
        """Show the form, empty, ready to type."""
        self.title.clear()
        self.severity.setCurrentIndex(0)
        self.show()
        self.title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        self.hide()
        self.closed.emit()

    @Slot()
    def _on_create(self) -> None:
        title = self.title.text().strip()
        if not title:
            self.title.setFocus()
            return
        self.create_requested.emit(title, self.severity.currentText().strip())
        self.close_form()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)
