"""The transcript on screen: what is selected in it, and what a person asks for by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip

from app.domain.timeline import EntryKind
from ui.transcript.doubts import next_doubt
from ui.transcript.layout import PADDING
from ui.transcript.painting import RowState
from ui.transcript.row_area import RowArea
from ui.transcript.selection import Place, TextSelection
from ui.transcript.selection_keys import after_key
from ui.transcript.tool_tip import row_tip
from ui.widgets.empty_text import paint_empty_text

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from ui.transcript.model import TranscriptModel
    from ui.transcript.row import Passage, Row

KIND_KEYS = {getattr(Qt.Key, f"Key_{kind.letter}"): kind for kind in EntryKind}
SHIFT = Qt.KeyboardModifier.ShiftModifier


class TranscriptView(RowArea):
    """Shows a TranscriptModel; selects rows and words by mouse and keyboard.

    Signals:
        promote_requested: An ``EntryKind``; the selection is to become an entry of it.
        play_requested: A list of ``Passage`` to hear.
        stop_requested: The person has heard enough.
        selection_changed: Other words are selected.
        redact_requested: What is selected is to be redacted.
        as_heard_requested: The glossary's spellings in what is selected are to be taken back.
        entry_line_requested: A person begins to type a line for the timeline.
        who_requested: The voice of the selected line is to be named.
        give_requested: The selected words are of the voice with this number.
        split_requested: They are of a new voice; True: and what theirs says from there on.
    """

    promote_requested = Signal(object)
    play_requested = Signal(object)
    stop_requested = Signal()
    selection_changed = Signal()
    redact_requested = Signal()
    as_heard_requested = Signal()
    entry_line_requested = Signal()
    who_requested = Signal()
    give_requested = Signal(int)
    split_requested = Signal(bool)

    def __init__(self, model: TranscriptModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.selection: TextSelection | None = None
        self._playing: tuple[str, int | None] | None = None
        self._pressed: Place | None = None
        self._kept: tuple[str, str] | None = None
        self._empty_text = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(self.tr("Transcript"))
        model.rowsInserted.connect(self._on_rows_inserted_before)
        model.modelAboutToBeReset.connect(self._on_about_to_be_reset)
        model.modelReset.connect(self._on_reset)

    # What others ask of it

    @property
    def empty_text(self) -> str:
        """What stands where there is no row."""
        return self._empty_text

    @empty_text.setter
    def empty_text(self, text: str) -> None:
        self._empty_text = text
        self.viewport().update()

    def selected_rows(self) -> list[tuple[Row, int | None, int | None]]:
        """Return each selected row with its first and last word; both None for a whole row."""
        if self.selection is None:
            return []
        result: list[tuple[Row, int | None, int | None]] = []
        for number in self.selection.rows:
            row = self.model.row(number)
            words = self.selection.words_of(number, len(row.words))
            whole = words is None or words == (0, max(0, len(row.words) - 1))
            if words is None or whole or not row.words_are_timed:
                result.append((row, None, None))
            else:
                result.append((row, *words))
        return result

    def select(self, selection: TextSelection | None) -> None:
        """Select something else and bring it into view."""
        self.selection = selection
        if selection is not None:
            self.reveal(selection.focus.row)
        self._tell_selection()

    def select_doubt(self, *, back: bool = False) -> None:
        """Select the next unsure word or doubtful line, if there is one."""
        found = next_doubt(self.model, self.selection, back=back)
        if found is not None:
            self.select(found)

    def show_playing(self, passage: Passage | None, position_ms: int = 0) -> None:
        """Light up the words that are heard now; None when there is silence again."""
        playing: tuple[str, int | None] | None = None
        if passage is not None and passage.segment_id is not None:
            number = self.model.number_of(passage.segment_id)
            if number is not None:
                playing = passage.segment_id, self.model.row(number).word_at(position_ms)
                if self._playing is None or self._playing[0] != passage.segment_id:
                    self.reveal(number)
        if playing != self._playing:
            self._playing = playing
            self.viewport().update()

    # What the model tells

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted_before(self, _parent: QModelIndex, first: int, last: int) -> None:
        if self.selection is not None:
            self.selection = self.selection.after_insertion(first, last - first + 1)

    @Slot()
    def _on_about_to_be_reset(self) -> None:
        """Remember what is selected by the rows' ids: row numbers will mean others."""
        self._kept = None
        if self.selection is not None:
            anchor = self.model.row(self.selection.anchor.row).id
            self._kept = anchor, self.model.row(self.selection.focus.row).id

    @Slot()
    def _on_reset(self) -> None:
        kept, self._kept = self._kept, None
        before, self.selection, self._pressed = self.selection, None, None
        if kept is not None and before is not None:
            anchor, focus = (self.model.number_of(segment_id) for segment_id in kept)
            if anchor is not None and focus is not None:
                self.selection = TextSelection(
                    replace(before.anchor, row=anchor),
                    replace(before.focus, row=focus),
                    before.by_words,
                )
        self._tell_selection()

    def _tell_selection(self) -> None:
        rows = self.selected_rows()
        index = self.model.index(self.selection.focus.row) if self.selection and rows else None
        # Custom painting says nothing to a screen reader by itself
        role = Qt.ItemDataRole.AccessibleTextRole
        self.setAccessibleDescription(str(index.data(role)) if index is not None else "")
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
        self.viewport().update()
        self.selection_changed.emit()

    # Mouse

    def _place_at(self, point: QPoint) -> tuple[int, int | None] | None:
        """Return row and word at a point of the viewport; word None beside the text."""
        y = point.y() + self.verticalScrollBar().value()
        if not 0 <= y < self._heights.total:
            return None
        number = self._heights.row_at(y)
        x = point.x() - self._columns.text
        if x < 0:
            return number, None
        measure = self._painter.measure
        placed = measure.place(self.model.row(number).words, self._columns.text_width)
        return number, measure.word_at(placed, x, y - self._heights.top(number) - PADDING)

    def _play(self, number: int, word: int | None) -> None:
        self.play_requested.emit([self.model.row(number).passage(word)])

    def _asked_whose(self, event: QKeyEvent) -> bool:
        """Ask for what a key says of who speaks; False where it says nothing of that."""
        number = event.key() - Qt.Key.Key_0
        if event.key() == Qt.Key.Key_W and event.modifiers() == SHIFT:
            self.split_requested.emit(True)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        elif event.key() == Qt.Key.Key_W:
            self.who_requested.emit()
        elif number == 0:
            self.split_requested.emit(False)
        elif 0 < number < 10:  # noqa: PLR2004  the keys there are
            self.give_requested.emit(number)
        else:
            return False
        return True

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the row; with Shift, up to the row."""
        found = self._place_at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or found is None:
            return
        place = Place(found[0], found[1] or 0)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection is not None:
            self._pressed = None
            self.select(TextSelection(self.selection.anchor, place))
            return
        self._pressed = place
        self.select(TextSelection.of_row(place.row, place.word))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select words from where the button went down."""
        found = self._place_at(event.position().toPoint())
        if self._pressed is None or found is None or found[1] is None:
            return
        place = Place(found[0], found[1])
        if place != self._pressed or (self.selection is not None and self.selection.by_words):
            self.select(TextSelection(self._pressed, place, by_words=True))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Play from the word, or the whole line, unless words were selected by dragging."""
        found = self._place_at(event.position().toPoint())
        pressed, self._pressed = self._pressed, None
        dragged = self.selection is not None and self.selection.by_words
        if pressed is not None and found is not None and not dragged and found[0] == pressed.row:
            self._play(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection, promote it, or play it."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        selection = after_key(
            event,
            self.selection,
            row_count=self.model.rowCount(),
            words_in=lambda number: len(self.model.row(number).words),
            page_rows=max(1, self.viewport().height() // (2 * self._painter.measure.line_height)),
            start_row=self.start_row,
        )
        if selection is not None:
            self.select(selection)
        elif plain and event.key() in KIND_KEYS and self.selection is not None:
            self.promote_requested.emit(KIND_KEYS[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.play_requested.emit([row.passage(*words) for row, *words in self.selected_rows()])
        elif plain and event.key() == Qt.Key.Key_N:
            self.select_doubt(back=bool(event.modifiers() & SHIFT))
        elif plain and event.key() == Qt.Key.Key_Backspace:
            self.as_heard_requested.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() == SHIFT:
            self.redact_requested.emit()
        elif event.text() == "/":
            self.entry_line_requested.emit()
        elif self.selection is not None and self._asked_whose(event):
            return
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Tell about the line under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._place_at(event.pos())
            tip = row_tip(self.model.row(found[0]), found[1]) if found is not None else ""
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are in sight, and no others."""
        if len(self._heights) == 0:
            paint_empty_text(self, self._empty_text)
            return
        painter = QPainter(self.viewport())
        offset = self.verticalScrollBar().value()
        width = self.viewport().width()
        number = self._heights.row_at(offset + event.rect().top())
        while 0 <= number < len(self._heights):
            top = self._heights.top(number) - offset
            if top > event.rect().bottom():
                break
            rect = QRect(0, top, width, self._heights.height(number))
            row = self.model.row(number)
            self._painter.paint(painter, rect, self._columns, row, self._state(number, row))
            number += 1
        painter.end()

    def _state(self, number: int, row: Row) -> RowState:
        playing: int | None = None
        if self._playing is not None and self._playing[0] == row.id:
            playing = -1 if self._playing[1] is None else self._playing[1]
        if self.selection is None:
            return RowState(playing=playing)
        words = self.selection.words_of(number, len(row.words))
        focused = self.hasFocus() and number == self.selection.focus.row
        whole = words is not None and not self.selection.by_words
        return RowState(words, whole, focused, playing)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which row the keys act on."""
        super().focusInEvent(event)
        self.viewport().update()
