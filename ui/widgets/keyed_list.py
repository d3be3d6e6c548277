"""A list that is worked by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ui.widgets.empty_text import paint_empty_text

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractListModel, QItemSelection
    from PySide6.QtGui import QFocusEvent, QPaintEvent


class KeyedList(QListView):
    """Once it has the focus its keys act on something, and a screen reader is told on what.

    ``empty_text`` stands where there is no row.
    """

    def __init__(
        self, model: QAbstractListModel, name: str, empty_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self.setModel(model)
        self.setAccessibleName(name)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or how to make the first."""
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            paint_empty_text(self, self._empty_text)

    def selectionChanged(  # noqa: N802  Qt's name
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Tell a screen reader what is current."""
        super().selectionChanged(selected, deselected)
        index = self.currentIndex()
        self.setAccessibleDescription(str(index.data()) if index.isValid() else "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have the keys act on something."""
        super().focusInEvent(event)
        if not self.selectedIndexes() and self.model().rowCount():
            # Qt makes the first row current, and leaves it unselected
            now = self.currentIndex()
            self.setCurrentIndex(now if now.isValid() else self.model().index(0, 0))
