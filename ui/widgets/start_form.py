"""A strip in which a person says when a session really began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton

from app.domain.times import after
from ui.widgets.chooser import Chooser
from ui.widgets.kind_chooser import kind_names
from ui.widgets.start_line import StartLine, start_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from app.domain.sessions import Session


class StartForm(QFrame):
    """Appears in place, as the other forms do. Return corrects, Escape gives up.

    Signals:
        correct_requested: The session's id, and an aware moment.
        closed: The form is gone again.
    """

    correct_requested = Signal(str, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._sessions: tuple[Session, ...] = ()
        self.session = Chooser()
        self.session.setAccessibleName(self.tr("Which session"))
        self.session.setToolTip(self.session.accessibleName())
        self.session.currentIndexChanged.connect(self._on_chosen)
        self.start = StartLine()
        self.start.returnPressed.connect(self._on_correct)
        self.complaint = QLabel()
        self.complaint.setObjectName("warning")
        self._lay_out()
        self.hide()

    def open_form(self, sessions: Sequence[Session]) -> None:
        """Show the form for these sessions, at the last of them."""
        self._sessions = tuple(sessions)
        names = kind_names()
        self.session.clear()
        for session in self._sessions:
            self.session.addItem(f"{names[session.kind]}, {_began(session)}")
        self.session.setCurrentIndex(len(self._sessions) - 1)
        self.complaint.hide()
        self.show()
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)
        self.start.selectAll()

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        self.hide()
        self.closed.emit()

    def _lay_out(self) -> None:
        correct = QPushButton(self.tr("Correct the start"))
        correct.setObjectName("primary")
        correct.clicked.connect(self._on_correct)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        hint = QLabel(self.tr("What was promoted from the session keeps the times it has."))
        hint.setObjectName("hint")
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.session, QLabel(self.tr("really began (UTC)")), self.start):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(correct)
        row.addWidget(cancel)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        grid.setVerticalSpacing(8)
        grid.addLayout(row, 0, 0)
        grid.addWidget(hint, 1, 0)
        grid.addWidget(self.complaint, 2, 0)

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        if number >= 0:
            self.start.setText(_began(self._sessions[number]))

    @Slot()
    def _on_correct(self) -> None:
        try:
            moment = self.start.moment()
        except ValueError as problem:
            self.complaint.setText(f"! {problem}")
            self.complaint.show()
            self.start.setFocus()
            return
        self.correct_requested.emit(self._sessions[self.session.currentIndex()].id, moment)
        self.close_form()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)


def _began(session: Session) -> str:
    return start_text(after(session.start_utc, session.clock_offset_ms))
