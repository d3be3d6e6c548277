"""A strip that shows what a redaction would change and asks why, before it is done: for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from app.domain.redaction_plan import Reach
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

LINES_SHOWN = 5


class RedactForm(QFrame):
    """Return in the reason goes to the button: only that redacts.

    The button waits for the preview, for a reason and, where other incidents hold the words, for
    a choice what becomes of them there.

    Signals:
        preview_requested: The spans, as the redaction understands them, and the reach (or None).
        redact_requested: The spans, the reason, and the reach.
        closed: The form is gone again.
    """

    preview_requested = Signal(object, object)
    redact_requested = Signal(object, str, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._spans: tuple[str, ...] = ()
        self._is_previewed = False
        self.told = ElidedLabel()
        self.reason = self._made_reason()
        self.reach = self._made_reach()
        self.preview = self._made_preview()
        self.complaint = QLabel()
        self.complaint.setObjectName("warning")
        self.complaint.hide()
        self.button = QPushButton(self.tr("Redact (cannot be undone)"))
        self.button.setObjectName("record")  # the colour of what is serious
        self.button.clicked.connect(self._on_clicked)
        self._lay_out()
        self.hide()

    def _made_reason(self) -> QLineEdit:
        reason = QLineEdit()
        reason.setPlaceholderText(self.tr("Why, without saying what"))
        reason.setAccessibleName(self.tr("Reason of the redaction"))
        reason.setMinimumWidth(160)
        reason.textChanged.connect(self._on_reason_changed)
        return reason

    def _made_reach(self) -> QComboBox:
        reach = QComboBox()
        reach.setAccessibleName(self.tr("Other incidents that hold the words"))
        reach.addItem("", None)
        reach.addItem(self.tr("Take the words out of their texts, too"), Reach.EVERYWHERE)
        reach.addItem(self.tr("Leave the words there"), Reach.ONLY_HERE)
        reach.activated.connect(self._on_reach_activated)
        return reach

    def _made_preview(self) -> QPlainTextEdit:
        preview = QPlainTextEdit()
        preview.setReadOnly(True)
        preview.setTabChangesFocus(True)
        preview.setAccessibleName(self.tr("What would change"))
        preview.setFixedHeight(preview.fontMetrics().lineSpacing() * LINES_SHOWN + 12)
        return preview

    def _lay_out(self) -> None:
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.told)  # read in full where there is any room: it says what will go
        row.addWidget(self.reach)
        row.addWidget(self.reason, 1)
        row.addWidget(self.button)
        row.addWidget(cancel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 6, 12, 6)
        rows.setSpacing(8)
        rows.addLayout(row)
        rows.addWidget(self.complaint)
        rows.addWidget(self.preview)

    def open_form(self, told: str, spans: Sequence[str], reason: str = "") -> None:
        """Say what would go, ask why, and ask for what would change."""
        self._spans = tuple(spans)
        self.told.show_text(told)
        self.reason.setText(reason)
        self.reach.setCurrentIndex(0)
        self.reach.hide()
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask_for_preview()

    def show_preview(
        self,
        spans: Sequence[str],
        reach: Reach | None,
        told: str,
        lines: Sequence[str],
        holding: int,
    ) -> None:
        """Show what would change, if it was asked for these; ``holding`` other incidents do.

        ``told`` says what would go, now that it is known.
        """
        if (tuple(spans), reach) != (self._spans, self.reach.currentData()):
            return
        self.told.show_text(told)
        self.preview.setPlainText("\n".join(lines))
        if holding:
            asked = self.tr("{0} other incidents hold these words: choose").format(holding)
            self.reach.setItemText(0, asked)
        self.reach.setVisible(holding > 0)
        self._is_previewed = True
        self._update_button()

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        self.hide()
        self.closed.emit()

    def _ask_for_preview(self) -> None:
        self._is_previewed = False
        self.preview.setPlainText(self.tr("Looking for what would change…"))
        self._update_button()
        self.preview_requested.emit(self._spans, self.reach.currentData())

    def _missing(self) -> str:
        """Say what the button waits for; nothing where it is ready."""
        if not self.reason.text().strip():
            return self.tr("Say why, without saying what: a redaction needs a reason.")
        if not self._is_previewed:
            return self.tr("What would change is being looked up. Press Return again in a moment.")
        if not self.reach.isHidden() and self.reach.currentData() is None:
            return self.tr("Choose what becomes of the words in the other incidents.")
        return ""

    def _update_button(self) -> None:
        self.button.setEnabled(not self._missing())
        self.complaint.hide()

    def _go_on(self) -> None:
        """Go from the reason to the button, or say why that cannot be pressed yet."""
        missing = self._missing()
        self.complaint.setText(f"! {missing}")
        self.complaint.setVisible(bool(missing))
        if not missing:
            self.button.setFocus()

    @Slot(str)
    def _on_reason_changed(self, _reason: str) -> None:
        self._update_button()

    @Slot(int)
    def _on_reach_activated(self, _index: int) -> None:
        self._ask_for_preview()

    @Slot()
    def _on_clicked(self) -> None:
        reach = self.reach.currentData()
        self.redact_requested.emit(self._spans, self.reason.text().strip(), reach)
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
                self._go_on()
        else:
            super().keyPressEvent(event)
