"""A list of evidence on screen: that of one entry, or of the whole incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView

from ui.evidence.delegate import ROW_HEIGHT, EvidenceDelegate
from ui.widgets.keyed_list import KeyedList

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from ui.evidence.model import EvidenceModel

FRAME = 4
OPENING = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class EvidenceList(KeyedList):
    """Shows an EvidenceModel.

    With ``most_rows`` it is no higher than so many, and gives way to one where room is short.

    Signals:
        open_requested: The ``Evidence`` that a person wants to see.
        left: The person goes back to where they were.
    """

    open_requested = Signal(object)
    left = Signal()

    def __init__(
        self,
        model: EvidenceModel,
        name: str,
        *,
        empty_text: str = "",
        most_rows: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, name, empty_text, parent)
        self.pieces = model
        self._most_rows = most_rows
        self.setItemDelegate(EvidenceDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._on_clicked)
        if most_rows is not None:
            model.rowsInserted.connect(self._fit)
            model.rowsRemoved.connect(self._fit)
            self._fit()

    @Slot()
    def _fit(self) -> None:
        rows = min(self._most_rows or 0, self.pieces.rowCount())
        self.setMinimumHeight(min(rows, 1) * ROW_HEIGHT + FRAME)
        self.setMaximumHeight(rows * ROW_HEIGHT + FRAME)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.open_requested.emit(self.pieces.evidence(index.row()))

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current piece, or go back."""
        index = self.currentIndex()
        if event.key() in OPENING and index.isValid():
            self.open_requested.emit(self.pieces.evidence(index.row()))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return a width in which a name reads well, and all rows that may be seen."""
        rows = min(self._most_rows or self.pieces.rowCount(), self.pieces.rowCount())
        return QSize(400, rows * ROW_HEIGHT + FRAME)
