"""The panel of voices above the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout

from app.domain.ids import SpeakerId
from ui.people.model import PeopleModel
from ui.people.table import ROW_HEIGHT, PeopleTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from ui.people.model import VoiceRow

MOST_ROWS = 6
BORDER = 4  # pixels, of the table and between it and its rows


class PeoplePanel(QFrame):
    """Lists the voices; the buttons do what the table's keys do.

    Signals:
        merge_chosen: Two voices: the first is the second.
        split_requested: The selected words are a new voice's; True: and all from there on.
        closed: It is gone again.
    """

    merge_chosen = Signal(str, str)
    split_requested = Signal(bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.model = PeopleModel(self)
        self.table = PeopleTable(self.model)
        self.complaint = QLabel()
        self.complaint.setObjectName("warning")
        self.complaint.setWordWrap(True)
        self.same_button = QPushButton(self.tr("They are one: merge"))
        self._same: tuple[SpeakerId, SpeakerId] | None = None
        self._lay_out()
        self.table.merge_requested.connect(self.open_merge_menu)
        self.table.leave_requested.connect(self.closed)
        self.same_button.clicked.connect(self._on_same_clicked)
        self.hide()

    def show_voices(self, rows: Sequence[VoiceRow], known_names: Sequence[str]) -> None:
        """List these voices; the current one stays."""
        current = self.table.current
        self.model.replace_all(rows)
        self.table.know_names(known_names)
        self.table.choose(current)
        shown = max(1, min(MOST_ROWS, len(rows)))
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(head + shown * ROW_HEIGHT + 2 * BORDER)

    def complain(self, text: str, same: tuple[SpeakerId, SpeakerId] | None = None) -> None:
        """Say what was not done; ``same`` are two voices that may be one. Nothing: all is well."""
        self._same = same
        self.complaint.setText(f"! {text}")
        self.complaint.setVisible(bool(text))
        self.same_button.setVisible(same is not None)
        if same is not None:
            self.same_button.setFocus()

    @Slot(str)
    def open_merge_menu(self, voice: str) -> None:
        """Ask who the voice is, among the others."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Merge into"))
        for row in self.model.others(SpeakerId(voice)):
            action = QAction(_choice(row), menu)
            action.setData((voice, row.voice.id))
            action.triggered.connect(self._on_merge_chosen)
            menu.addAction(action)
        if menu.isEmpty():
            self.complain(self.tr("There is no other voice to merge with."))
            return
        below = self.table.visualRect(self.table.currentIndex()).bottomLeft() + QPoint(0, 2)
        menu.popup(self.table.viewport().mapToGlobal(below))

    def _lay_out(self) -> None:
        self.complaint.hide()
        self.same_button.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        table = self.table
        made = (
            (self.tr("▶ Who is this?"), self.tr("Plays three samples (Space)"), self._samples),
            (self.tr("Merge…"), self.tr("The voice is another one (M)"), self._merge),
            (self.tr("Give lines"), self.tr("What is selected was said by it (G)"), self._give),
            (
                self.tr("Split off"),
                self.tr("What is selected was said by a new person (0 in the transcript)"),
                self._split,
            ),
            (
                self.tr("…from here on"),
                self.tr("So was all that its voice says later (Shift+W in the transcript)"),
                self._split_from,
            ),
        )
        for text, tip, slot in made:
            buttons.addWidget(_button(text, tip, slot))
        buttons.addStretch()
        buttons.addWidget(_button(self.tr("Close"), self.tr("Back (Esc)"), table.leave_requested))
        told = QHBoxLayout()
        told.addWidget(self.complaint, 1)
        told.addWidget(self.same_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 6, 12, 6)
        rows.setSpacing(6)
        rows.addWidget(table)
        rows.addLayout(told)
        rows.addLayout(buttons)

    @Slot()
    def _samples(self) -> None:
        self._ask(self.table.samples_requested)

    @Slot()
    def _merge(self) -> None:
        self._ask(self.table.merge_requested)

    @Slot()
    def _give(self) -> None:
        self._ask(self.table.give_requested)

    @Slot()
    def _split(self) -> None:
        self.split_requested.emit(False)

    @Slot()
    def _split_from(self) -> None:
        self.split_requested.emit(True)

    def _ask(self, signal: SignalInstance) -> None:
        if self.table.current is not None:
            signal.emit(self.table.current)

    @Slot()
    def _on_merge_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.merge_chosen.emit(*action.data())

    @Slot()
    def _on_same_clicked(self) -> None:
        if self._same is not None:
            self.merge_chosen.emit(*self._same)


def _choice(row: VoiceRow) -> str:
    """Return a voice in a menu, with the key that chooses it; an ampersand in a name is none."""
    key = f"&{row.sign}" if row.sign else ""
    return f"{key}  {row.voice.shown_as.replace('&', '&&')}"


def _button(text: str, tip: str, slot: Callable[[], object] | SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(f"{text}: {tip}")
    button.clicked.connect(slot)
    return button
