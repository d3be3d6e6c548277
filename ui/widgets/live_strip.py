"""Where the incident stands: severity, state, how long it runs, when the next update is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from app.domain.incident import IncidentState
from ui.widgets.due_label import DueLabel
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NO_SEVERITY = ""


class LiveStrip(QFrame):
    """Shows what it is told; it takes the focus only where a person clicks or tabs.

    Signals:
        severity_requested: The name of a level; empty for none.
        state_requested: The ``IncidentState`` that it is to have.
        card_requested: A person wants the card for who joins late, or has seen enough of it.
        due_shown: What it says of the next update, the tip to it, and whether it warns.
    """

    severity_requested = Signal(str)
    state_requested = Signal(object)
    card_requested = Signal()
    due_shown = Signal(str, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.severity = QPushButton()
        self.state = QPushButton()
        self.running = QLabel()
        self.running.setObjectName("heading")
        self.due = DueLabel()
        self.commander = ElidedLabel()
        self.commander.setObjectName("secondary")
        self.card_button = QPushButton(self.tr("Card"))
        self.card_button.setToolTip(self.tr("Show and copy the card for who joins late (Ctrl+K)"))
        self.card_button.clicked.connect(self.card_requested)
        self._severities, self._states = QMenu(self), QMenu(self)
        for button, menu in ((self.severity, self._severities), (self.state, self._states)):
            button.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(12)
        for widget in (self.severity, self.state, self.running, self.due):
            row.addWidget(widget)
        row.addWidget(self.commander, 1)
        row.addWidget(self.card_button)
        self._make_states()
        self.show_standing(None, IncidentState.ACTIVE)
        self.hide()

    def offer_levels(self, levels: Mapping[str, str]) -> None:
        """Offer the rubric's levels, each with what it means."""
        self._severities.clear()
        self._severities.setToolTipsVisible(True)
        for name, meaning in levels.items():
            self._add(self._severities, name, name, self._on_severity_chosen).setToolTip(meaning)
        self._severities.addSeparator()
        self._add(
            self._severities, self.tr("None declared"), NO_SEVERITY, self._on_severity_chosen
        )

    def show_standing(self, severity: str | None, state: IncidentState) -> None:
        """Show how grave it is and where it stands."""
        name = severity or self.tr("No severity")
        words = state.value.replace("_", " ")
        self.severity.setText(f"{name} ▾")
        self.severity.setToolTip(
            self.tr("Severity: {0}. Declare another; Ctrl+Z takes it back").format(name)
        )
        self.severity.setAccessibleName(self.tr("Severity: {0}").format(name))
        self.state.setText(f"{words} ▾")
        self.state.setToolTip(self.tr("State: {0}. Move on; Ctrl+Z takes it back").format(words))
        self.state.setAccessibleName(self.tr("State: {0}").format(words))
        _check(self._severities, severity or NO_SEVERITY)
        _check(self._states, state)

    def show_running(self, text: str, tip: str) -> None:
        """Show how long it has been running; nothing where it does not run."""
        self.running.setText(text)
        self.running.setToolTip(tip)
        self.running.setVisible(bool(text))

    def show_due(self, text: str, tip: str, *, warns: bool) -> None:
        """Show when the next update is due; nothing where none is."""
        self.due.show_due(text, tip, warns)
        self.due_shown.emit(text, tip, warns)

    def show_commander(self, text: str) -> None:
        """Show who leads."""
        self.commander.show_text(text)

    def _make_states(self) -> None:
        for state in IncidentState:
            words = state.value.replace("_", " ")
            self._add(self._states, words, state, self._on_state_chosen)

    def _add(self, menu: QMenu, text: str, data: object, slot: Callable[[], None]) -> QAction:
        action = QAction(text, menu)
        action.setCheckable(True)
        action.setData(data)
        action.triggered.connect(slot)
        menu.addAction(action)
        return action

    @Slot()
    def _on_severity_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.severity_requested.emit(str(action.data()))

    @Slot()
    def _on_state_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.state_requested.emit(IncidentState(action.data()))  # Qt hands back a plain str


def _check(menu: QMenu, data: object) -> None:
    for action in menu.actions():
        action.setChecked(not action.isSeparator() and action.data() == data)
