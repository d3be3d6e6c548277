"""The timeline on screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.domain.timeline import EntryKind, TimelineEntry
from ui.timeline.delegate import TimelineDelegate, play_box, text_box
from ui.timeline.entry_commands import COMMAND_KEYS, EntryCommand, entry_menu
from ui.timeline.offered import offered
from ui.widgets.keyed_list import KeyedList

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragMoveEvent,
        QDropEvent,
        QKeyEvent,
        QMouseEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QMenu

    from app.domain.ids import EntryId
    from ui.timeline.model import TimelineModel

KIND_KEYS = {getattr(Qt.Key, f"Key_{kind.letter}"): kind for kind in EntryKind}


class TimelineView(KeyedList):
    """Shows a TimelineModel; its entries are played, edited and removed from here.

    Signals:
        play_requested: The ``TimelineEntry`` whose audio is to be heard.
        remove_requested: The id of an entry to take off the timeline.
        kind_requested: The id of an entry and the ``EntryKind`` it is to have.
        command_requested: An ``EntryCommand`` and the ``TimelineEntry`` that it is meant for.
        evidence_offered: A ``TimelineEntry`` and what was pasted or dropped, an ``Offered``.
        stop_requested: The person has heard enough.
        entry_line_requested: A person begins to type a line.
    """

    play_requested = Signal(object)
    remove_requested = Signal(str)
    kind_requested = Signal(str, object)
    command_requested = Signal(object, object)
    evidence_offered = Signal(object, object)
    stop_requested = Signal()
    entry_line_requested = Signal()

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        empty = self.tr("Nothing promoted yet. Select words on the left, press F, H, D or A.")
        super().__init__(model, self.tr("Timeline"), empty, parent)
        self.entries = model
        self._delegate = TimelineDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        model.rowsInserted.connect(self._on_rows_changed)
        model.rowsRemoved.connect(self._on_rows_changed)
        model.dataChanged.connect(self._on_rows_changed)
        model.rowsMoved.connect(self._on_rows_moved)

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

    def open_menu(self, menu: QMenu, where: QPoint | None = None) -> None:
        """Show a menu there, or at the current entry; it is gone once it is closed."""
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self.visualRect(self.currentIndex())
        menu.popup(where or self.viewport().mapToGlobal(text_box(row).bottomLeft()))

    def _command(self, command: EntryCommand) -> None:
        entry = self.current_entry
        if entry is None:
            return
        match command:
            case EntryCommand.PLAY:
                self.play_requested.emit(entry)
            case EntryCommand.EDIT:
                self.edit(self.currentIndex())
            case EntryCommand.REMOVE:
                self.remove_requested.emit(entry.id)
            case _:
                self.command_requested.emit(command, entry)

    def _offer(self, entry: TimelineEntry, mime: QMimeData, *, dropped: bool = False) -> None:
        self.evidence_offered.emit(entry, offered(mime, dropped=dropped))

    def _consider(self, event: QDragMoveEvent) -> None:
        over = self.indexAt(event.position().toPoint()).isValid()
        if over and offered(event.mimeData(), dropped=True):
            event.acceptProposedAction()
        else:
            event.ignore()

    @Slot()
    def _on_rows_changed(self) -> None:
        """Measure the rows anew: one may show its day because of the row before it."""
        self.scheduleDelayedItemsLayout()

    @Slot()
    def _on_rows_moved(self) -> None:
        """Keep the current entry in view, wherever it has gone."""
        self.scheduleDelayedItemsLayout()
        self.executeDelayedItemsLayout()
        self.scrollTo(self.currentIndex())

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do to the current entry what the key says."""
        entry = self.current_entry
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        command = COMMAND_KEYS.get(Qt.Key(event.key())) if plain else None
        if event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        elif event.text() == "/":
            self.entry_line_requested.emit()
        elif entry is not None and event.matches(QKeySequence.StandardKey.Paste):
            self._offer(entry, QGuiApplication.clipboard().mimeData())
        elif entry is not None and command is not None:
            # A Return that is held down has ended an edit
            if command is not EntryCommand.PLAY or not event.isAutoRepeat():
                self._command(command)
        elif entry is not None and plain and event.key() in KIND_KEYS:
            self.kind_requested.emit(entry.id, KIND_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802  Qt's name
        """Offer everything that can be done to an entry, with its key."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse:
            self.setCurrentIndex(self.indexAt(event.pos()))
        entry = self.current_entry
        if entry is None:
            return
        menu = entry_menu(self, entry, self._command, partial(self.kind_requested.emit, entry.id))
        self.open_menu(menu, event.globalPos() if by_mouse else None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take pictures and links; sound is for the window."""
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802  Qt's name
        """Take them over an entry."""
        self._consider(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        """Attach what was dropped to the entry it was dropped on."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.setCurrentIndex(index)
            self._offer(self.entries.entry(index.row()), event.mimeData(), dropped=True)
            event.acceptProposedAction()
        else:
            event.ignore()

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines anew; the current entry stays in sight where it was."""
        current = self.currentIndex()
        was_seen = QRect(QPoint(), event.oldSize()).intersects(self.visualRect(current))
        self._delegate.width = self.viewport().width()
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)
        if was_seen:
            self.executeDelayedItemsLayout()
            self.scrollTo(current)
