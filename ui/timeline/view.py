"""The timeline on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.domain.timeline import EntryKind, TimelineEntry
from ui.timeline.delegate import TimelineDelegate, play_box
from ui.widgets.empty_text import paint_empty_text

if TYPE_CHECKING:
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from app.domain.ids import EntryId
    from ui.timeline.model import TimelineModel

KIND_KEYS = {getattr(Qt.Key, f"Key_{kind.letter}"): kind for kind in EntryKind}


class TimelineView(QListView):
    """Shows a TimelineModel; its entries are played, edited and removed from here.

    Signals:
        play_requested: The ``TimelineEntry`` whose audio is to be heard.
        remove_requested: The id of an entry to take off the timeline.
        kind_requested: The id of an entry and the ``EntryKind`` it is to have.
        stop_requested: The person has heard enough.
        entry_line_requested: A person begins to type a line.
    """

    play_requested = Signal(object)
    remove_requested = Signal(str)
    kind_requested = Signal(str, object)
    stop_requested = Signal()
    entry_line_requested = Signal()

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries = model
        self._delegate = TimelineDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Timeline"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        model.rowsInserted.connect(self._on_rows_inserted)

    @property
    def current_entry(self) -> TimelineEntry | None:
        """The entry that the keys act on."""
        index = self.currentIndex()
        return self.entries.entry(index.row()) if index.isValid() else None

    def show_entry(self, entry_id: EntryId) -> None:
        """Select an entry and bring it into view."""
        number = self.entries.number_of(entry_id)
        if number is not None:
            self.setCurrentIndex(self.entries.index(number))

    @Slot()
    def _on_rows_inserted(self) -> None:
        self.scheduleDelayedItemsLayout()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play, edit, remove, or change the kind of the current entry."""
        entry = self.current_entry
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        elif event.text() == "/":
            self.entry_line_requested.emit()
        elif entry is None or not plain:
            super().keyPressEvent(event)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if not event.isAutoRepeat():  # held down since it ended an edit
                self.play_requested.emit(entry)
        elif event.key() == Qt.Key.Key_E:
            self.edit(self.currentIndex())
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove_requested.emit(entry.id)
        elif event.key() in KIND_KEYS:
            self.kind_requested.emit(entry.id, KIND_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entries, or how to make the first."""
        super().paintEvent(event)
        if self.entries.rowCount() == 0:
            paint_empty_text(
                self,
                self.tr("Nothing promoted yet. Select words on the left, press F, H, D or A."),
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Play an entry whose sign was clicked."""
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and play_box(self.visualRect(index)).contains(point):
            entry = self.entries.entry(index.row())
            if entry.sources:
                self.play_requested.emit(entry)

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
        if not self.currentIndex().isValid() and self.entries.rowCount():
            self.setCurrentIndex(self.entries.index(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines anew."""
        self._delegate.width = self.viewport().width()
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)
