"""The voices that are remembered: what is kept, whom a voice may be, and how to forget it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
)

from app.domain.voice_prints import WHAT_IS_KEPT
from ui.voices.rows import row_action, row_text

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QListWidgetItem, QWidget

    from ui.voices.rows import Row, VoicesShown

FEWEST_LINES, MOST_LINES = 1, 6
ROW_GAP = 3


class VoicesForm(QFrame):
    """Appears in place: no dialog. Return does what the button says, Escape closes.

    Signals:
        switched: Voices may be remembered, or not any more.
        passphrase_given: The passphrase that seals them.
        row_chosen: The row whose action is wanted.
        forget_all_requested: All of them, and the key.
        closed: The form is gone again.
    """

    switched = Signal(bool)
    passphrase_given = Signal(str)
    row_chosen = Signal(object)
    forget_all_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._rows: tuple[Row, ...] = ()
        self._make_widgets()
        self._lay_out()
        self.hide()

    def _make_widgets(self) -> None:
        self.switch = QCheckBox(self.tr("Remember voices that I choose"))
        self.switch.clicked.connect(self.switched)
        self.told = QLabel(WHAT_IS_KEPT)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Voices"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(ROW_GAP)
        self.list.currentRowChanged.connect(self._on_current_changed)
        self.list.itemActivated.connect(self._on_activated)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setPlaceholderText(self.tr("Passphrase, then Return"))
        self.passphrase.setAccessibleName(self.tr("Passphrase of the remembered voices"))
        self.passphrase.returnPressed.connect(self._on_passphrase)
        self.button = QPushButton(self.tr("Remember"))  # until a row says what and whom
        self.button.setObjectName("primary")
        self.button.clicked.connect(self._on_button)
        self.forget_all_button = QPushButton(self.tr("Forget all"))
        self.forget_all_button.setToolTip(
            self.tr("Overwrite what is kept and forget its key; needs no passphrase")
        )
        self.forget_all_button.clicked.connect(self.forget_all_requested)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.close_form)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.switch)
        head.addStretch()
        for widget in (self.button, self.forget_all_button, self.close_button):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(6)
        column.addLayout(head)
        for below in (self.told, self.list, self.state, self.passphrase):
            column.addWidget(below)

    def open_form(self) -> None:
        """Show the form, empty until ``show_voices``."""
        self._fill(())
        self.passphrase.hide()
        self.forget_all_button.setEnabled(False)
        self.say(self.tr("Looking…"))
        self.show()
        self.switch.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        if self.isVisible():
            self.passphrase.clear()
            self.hide()
            self.closed.emit()

    def show_voices(self, shown: VoicesShown) -> None:
        """Show what there is; the row that was current stays so, if it is still there."""
        self.switch.setChecked(shown.is_on)
        self.told.setVisible(not shown.kept)
        self.passphrase.hide()
        self.forget_all_button.setEnabled(bool(shown.kept))
        self._fill(shown.rows)
        self.say(self._state_of(shown))

    def _state_of(self, shown: VoicesShown) -> str:
        if shown.kept:
            return shown.kept_by
        if shown.rows:
            return ""
        if shown.is_on:
            return self.tr("Nobody is remembered. Name a voice, then it can be.")
        return self.tr("Switched off: no voice is remembered, and no name suggested.")

    def ask_passphrase(self, why: str, *, is_on: bool, is_new: bool) -> None:
        """Ask for the passphrase; ``is_new`` is the one with which voices will be sealed."""
        self.switch.setChecked(is_on)
        self._fill(())
        choose = self.tr("Choose one; without it nobody can open them.")
        self.say(f"{why} {choose}" if is_new else why)
        self.forget_all_button.setEnabled(not is_new)
        self.passphrase.clear()
        self.passphrase.show()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, words: str) -> None:
        """Say something below the list."""
        self.state.setText(words)
        self.state.setVisible(bool(words))

    def _fill(self, rows: tuple[Row, ...]) -> None:
        current = self.list.currentRow()
        self._rows = rows
        self.list.clear()
        self.list.addItems([row_text(row) for row in rows])
        self.list.setVisible(bool(rows))
        if rows:
            lines = min(max(len(rows), FEWEST_LINES), MOST_LINES)
            self.list.setFixedHeight(lines * (self.list.sizeHintForRow(0) + 2 * ROW_GAP) + 4)
            self.list.setCurrentRow(min(max(current, 0), len(rows) - 1))
        self._on_current_changed(self.list.currentRow())

    @Slot(int)
    def _on_current_changed(self, number: int) -> None:
        there = 0 <= number < len(self._rows)
        self.button.setVisible(there)
        if there:
            self.button.setText(row_action(self._rows[number]))

    @Slot()
    def _on_button(self) -> None:
        number = self.list.currentRow()
        if 0 <= number < len(self._rows):
            self.row_chosen.emit(self._rows[number])

    @Slot(object)
    def _on_activated(self, _item: QListWidgetItem) -> None:
        self._on_button()

    @Slot()
    def _on_passphrase(self) -> None:
        if self.passphrase.text():
            self.passphrase_given.emit(self.passphrase.text())

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)
