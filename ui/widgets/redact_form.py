"""A strip that asks why something is to be redacted, before it is: that is never undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton

from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget


class RedactForm(QFrame):
    """Return in the reason goes to the button: only that redacts.

    Signals:
        redact_requested: The spans, as the redaction understands them, and the reason.
        closed: The form is gone again.
    """

    redact_requested = Signal(object, str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._spans: tuple[str, ...] = ()
        self.told = ElidedLabel()
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Why, without saying what"))
        self.reason.setAccessibleName(self.tr("Reason of the redaction"))
        self.reason.setMinimumWidth(160)
        self.reason.textChanged.connect(self._on_reason_changed)
        self.button = QPushButton(self.tr("Redact (cannot be undone)"))
        self.button.setObjectName("record")  # the colour of what is serious
        self.button.clicked.connect(self._on_clicked)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.told)  # read in full where there is any room: it says what will go
        row.addWidget(self.reason, 1)
        row.addWidget(self.button)
        row.addWidget(cancel)
        self.hide()

    def open_form(self, told: str, spans: Sequence[str], reason: str = "") -> None:
        """Say what would go, and ask why."""
        self._spans = tuple(spans)
        self.told.show_text(told)
        self.reason.setText(reason)
        self._on_reason_changed(reason)
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        self.hide()
        self.closed.emit()

    @Slot(str)
    def _on_reason_changed(self, reason: str) -> None:
        self.button.setEnabled(bool(reason.strip()))

    @Slot()
    def _on_clicked(self) -> None:
        self.redact_requested.emit(self._spans, self.reason.text().strip())
        self.close_form()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape; Return presses the button that has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            # One Return goes to the button, another presses it: none redacts by a slip
            if self.button.hasFocus():
                self.button.click()
            elif self.reason.hasFocus():
                self.button.setFocus()
        else:
            super().keyPressEvent(event)
