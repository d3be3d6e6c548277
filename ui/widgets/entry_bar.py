"""The line under the timeline: what is typed here is entered, or answers a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.colors import colors_of
from ui.theme import SMALL_PX, sized
from ui.widgets.badge import BADGE_SIZE, paint_badge
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent

    from app.domain.timeline import EntryKind

MOST_RECALLED = 100
EXAMPLE = "/fact 14:02 checkout returns 503 @ops"


@dataclass(frozen=True, slots=True)
class Preview:
    """What Return would do; or, as a problem, why it would not."""

    text: str
    kind: EntryKind | None = None
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something else that is asked for in the line, for a moment.

    ``preview`` is asked at each key, ``answer`` is called on Return unless it is a problem;
    ``paste`` at Ctrl+V, and says whether it took what the clipboard holds.
    """

    prompt: str
    preview: Callable[[str], Preview]
    answer: Callable[[str], object]
    text: str = ""
    example: str = ""
    paste: Callable[[], bool] | None = None


class BadgeSign(QWidget):
    """The badge of a kind, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind: EntryKind | None = None
        self.setFixedSize(BADGE_SIZE + 4, BADGE_SIZE + 2)

    def show_kind(self, kind: EntryKind | None) -> None:
        """Show the badge of another kind."""
        self.kind = kind
        self.setVisible(kind is not None)
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the badge."""
        if self.kind is not None:
            painter = QPainter(self)
            box = QRectF(2, 1, BADGE_SIZE - 2, BADGE_SIZE - 2)
            font = sized(self.font(), SMALL_PX, strong=True)
            paint_badge(painter, self.kind, box, colors=colors_of(self), font=font)
            painter.end()


class TypedLine(QLineEdit):
    """A line that asks its bar before it takes a key."""

    left = Signal()
    recall_requested = Signal(int)
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paste_elsewhere: Callable[[], bool] | None = None

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave, recall, paste a picture, or type."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.recall_requested.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.matches(QKeySequence.StandardKey.Paste) and self._was_taken():
            pass
        else:
            super().keyPressEvent(event)
        event.accept()

    def _was_taken(self) -> bool:
        mime = QGuiApplication.clipboard().mimeData()
        text = mime.hasText() and not mime.hasImage()
        return not text and self.paste_elsewhere is not None and self.paste_elsewhere()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the bar, which then shows what the keys do."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the bar."""
        super().focusOutEvent(event)
        self.focus_changed.emit()


class EntryBar(QFrame):
    """Previews what is typed; Return gives it away, Escape leaves, Up and Down recall lines.

    Signals:
        entered: A line that was understood, to be stored.
        left: The focus is to go back to where it was: a QWidget, or None.
    """

    entered = Signal(str)
    left = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("entryBar")
        self.understand: Callable[[str], Preview] = lambda _text: Preview("")
        self.line = TypedLine()
        self.line.setAccessibleName(self.tr("Entry line"))
        self.line.setMaxLength(10_000)
        self.sign = BadgeSign()
        self.said = ElidedLabel()
        self.prompt = ElidedLabel()
        self.prompt.setObjectName("heading")
        self._question: Question | None = None
        self._draft = ""
        self._lines: list[str] = []
        self._recalled: int | None = None
        self._came_from: QWidget | None = None
        self._lay_out()
        self.line.textChanged.connect(self.look)
        self.line.textEdited.connect(self._on_text_edited)
        self.line.returnPressed.connect(self._on_return)
        self.line.left.connect(self.leave)
        self.line.recall_requested.connect(self._on_recall_requested)
        self.line.focus_changed.connect(self.look)
        self._show_asked()
        self.setEnabled(False)

    def _lay_out(self) -> None:
        told = QHBoxLayout()
        told.setSpacing(4)
        told.addWidget(self.prompt)
        told.addWidget(self.sign)
        told.addWidget(self.said, 1)
        self.prompt.hide()
        self.sign.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 6)
        column.setSpacing(2)
        column.addLayout(told)
        column.addWidget(self.line)

    @property
    def is_asking(self) -> bool:
        """Whether a question stands in the line, rather than a line for the timeline."""
        return self._question is not None

    @Slot()
    def open_line(self) -> None:
        """Have the keys go here; what was begun is still there."""
        if self.isEnabled():
            self._remember_focus()
            # The reason ShortcutFocusReason would select what was begun, to be typed over
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def begin_command(self) -> None:
        """The same, with the slash that was typed."""
        if self.isEnabled() and self._question is None and not self.line.text():
            self.line.setText("/")
        self.open_line()

    def ask(self, question: Question) -> None:
        """Ask for something else; the line that was begun comes back afterwards."""
        if self._question is None:
            self._draft, self._recalled = self.line.text(), None
        self._question = question
        self._show_asked()
        self.line.setText(question.text)
        self.line.selectAll()
        self._remember_focus()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    def give_back(self, text: str) -> None:
        """Put back a line that could not be stored; beside one that was begun, one key away."""
        if self._lines and self._lines[-1] == text:
            self._lines.pop()
        if self._question is None and not self.line.text():
            self.line.setText(text)
        elif self._question is not None and not self._draft:
            self._draft = text
        else:
            self._lines.append(text)

    @Slot()
    def look(self) -> None:
        """Say what Return would do now."""
        text, focused = self.line.text(), self.line.hasFocus()
        if self._question is not None:
            preview = self._question.preview(text)
        elif text.strip():
            preview = self.understand(text)
        elif focused:
            preview = Preview(self.tr("/fact /hyp /dec /act /status /role  ·  ↑ recalls"))
        else:
            preview = Preview("")
        self.sign.show_kind(preview.kind)
        self.said.show_text(f"! {preview.text}" if preview.is_problem else preview.text)
        name = "warning" if preview.is_problem else "hint"
        if self.said.objectName() != name:
            self.said.setObjectName(name)
            self.said.style().polish(self.said)
        self.said.setVisible(bool(preview.text))
        self.line.setAccessibleDescription(preview.text)

    @Slot()
    def leave(self) -> None:
        """Go back to where one was; a line that was begun stays, a question is dropped."""
        self._end_question()
        came_from, self._came_from = self._came_from, None
        self.left.emit(came_from)

    def _end_question(self) -> None:
        if self._question is not None:
            self._question = None
            self._show_asked()
            self.line.setText(self._draft)
            self._draft = ""

    def _show_asked(self) -> None:
        question = self._question
        self.prompt.show_text("" if question is None else question.prompt)
        self.prompt.setVisible(question is not None)
        example = self.tr("Enter a line: {0}").format(EXAMPLE)
        self.line.setPlaceholderText(example if question is None else question.example)
        self.line.paste_elsewhere = None if question is None else question.paste

    def _remember_focus(self) -> None:
        now = QApplication.focusWidget()
        if now is not self.line:
            self._came_from = now

    @Slot()
    def _on_return(self) -> None:
        text, question = self.line.text(), self._question
        if not text.strip() and question is None:
            return
        preview = self.understand(text) if question is None else question.preview(text)
        if preview.is_problem:
            self.look()
        elif question is not None:
            self.leave()
            question.answer(text)
        else:
            self._lines = [*self._lines[1 - MOST_RECALLED :], text]
            self._recalled = None
            self.line.clear()
            self.entered.emit(text)

    @Slot(str)
    def _on_text_edited(self, _text: str) -> None:
        self._recalled = None

    @Slot(int)
    def _on_recall_requested(self, step: int) -> None:
        if self._question is not None or not self._lines:
            return
        if self._recalled is None:
            if step > 0:
                return
            self._draft, self._recalled = self.line.text(), len(self._lines)
        self._recalled = max(0, self._recalled + step)
        if self._recalled >= len(self._lines):
            self._recalled = None
            self.line.setText(self._draft)
        else:
            self.line.setText(self._lines[self._recalled])

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        """Return room for both rows, so that nothing moves while one types."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), self.line.sizeHint().height() + BADGE_SIZE + 14)

    def sizeHint(self) -> QSize:
        """Return the same height, whatever is shown."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())
