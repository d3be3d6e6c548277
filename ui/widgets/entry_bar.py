"""The line under the timeline: what is typed here is entered, or answers a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.colors import colors_of
from ui.theme import SMALL_PX, sized
from ui.widgets.badge import BADGE_SIZE, paint_badge
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.named_look import look_like
from ui.widgets.two_line_label import TwoLineLabel
from ui.widgets.typed_line import TypedLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from app.domain.timeline import EntryKind

MOST_RECALLED = 1_000
LONGEST_LINE = 10_000
LONGEST_PASTE = 2_000_000  # far beyond what is typed: a field cuts what is longer, silently
LINE_ENDS = ("\n", "\r", "\u2028", "\u2029")
MOST_SHOWN = 20
EXAMPLE = "/fact 14:02 checkout returns 503 @ops"


@dataclass(frozen=True, slots=True)
class Preview:
    """What Return would do; or, as a problem, why it would not.

    What ``warns`` looks like a problem, but Return does it.
    """

    text: str
    kind: EntryKind | None = None
    is_problem: bool = False
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something else that is asked for in the line, for a moment.

    ``preview`` is asked at each key, ``answer`` is called on Return unless it is a problem;
    ``paste`` at Ctrl+V, and says whether it took what the clipboard holds. That an empty field
    answers nothing is a problem from the Return on, not before.
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


class EntryBar(QFrame):
    """Previews what is typed; Return gives it away, Escape leaves, Up and Down recall lines.

    Of several lines that are pasted the first stands in the field and the others wait: Return
    brings the next, Escape puts them away to where Up recalls them.

    Signals:
        entered: A line that was understood, to be stored.
        left: The focus is to go back to where it was: a QWidget, or None.
        put_away: So many pasted lines wait no longer, and are to be recalled.
    """

    entered = Signal(str)
    left = Signal(object)
    put_away = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("entryBar")
        self.understand: Callable[[str], Preview] = lambda _text: Preview("")
        self.line = TypedLine()
        self.line.setAccessibleName(self.tr("Entry line"))
        self.line.setMaxLength(LONGEST_PASTE)
        self.sign = BadgeSign()
        self.said = TwoLineLabel()
        self.prompt = ElidedLabel()
        self.prompt.setObjectName("heading")
        self.waiting = QLabel()
        self.waiting.setObjectName("hint")
        self._question: Question | None = None
        self._draft = ""
        self._lines: list[str] = []
        self._waiting: list[str] = []
        self._recalled: int | None = None
        self._came_from: QWidget | None = None
        self._lay_out()
        self.line.textChanged.connect(lambda _text: self.look())
        self.line.textEdited.connect(self._on_text_edited)
        self.line.returnPressed.connect(self._on_return)
        self.line.left.connect(self.leave)
        self.line.recall_requested.connect(self._on_recall_requested)
        self.line.focus_changed.connect(self.look)
        self._show_asked()
        self._wait_for([])
        self.setEnabled(False)

    def _lay_out(self) -> None:
        told = QHBoxLayout()
        told.setSpacing(4)
        told.addWidget(self.sign)
        told.addWidget(self.said, 1)
        told.addWidget(self.waiting)
        self.prompt.hide()
        self.sign.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 6)
        column.setSpacing(2)
        column.addWidget(self.prompt)
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
        elif self._question is None and self._waiting:
            self._wait_for([self.line.text(), *self._waiting])
            self.line.setText(text)
        elif self._question is not None and not self._draft:
            self._draft = text
        else:
            self._lines.append(text)

    @Slot()
    def look(self, *, insists: bool = False) -> None:
        """Say what Return would do now; of an empty field only if one insists."""
        text, focused = self.line.text(), self.line.hasFocus()
        if self._question is not None:
            preview = self._question.preview(text)
            if preview.is_problem and not text.strip() and not insists:
                preview = Preview("")
        elif text.strip():
            preview = self._understood(text)
        elif focused:
            preview = Preview(self.tr("/fact /hyp /dec /act /status /role  ·  ↑ recalls"))
        else:
            preview = Preview("")
        self._show(preview)

    def _show(self, preview: Preview) -> None:
        problem = preview.is_problem or preview.warns
        self.sign.show_kind(preview.kind)
        self.said.show_text(f"! {preview.text}" if problem else preview.text, wraps=problem)
        look_like(self.said, "warning" if problem else "hint")
        self.said.setVisible(bool(preview.text))
        self.line.setAccessibleDescription(preview.text)

    @Slot()
    def leave(self) -> None:
        """Go back to where one was; a line that was begun stays, a question is dropped."""
        if self._question is None and self._waiting:
            self._lines += reversed(self._waiting)  # so that Up brings them in their order
            self.put_away.emit(len(self._waiting))
            self._wait_for([])
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
            self._bring_next()
            return
        preview = self._understood(text) if question is None else question.preview(text)
        if preview.is_problem:
            self.look(insists=True)
        elif question is not None:
            self.leave()
            question.answer(text)
        else:
            self._lines = [*self._lines[1 - MOST_RECALLED :], text]
            self._recalled = None
            self._bring_next()
            self.entered.emit(text)

    def _understood(self, text: str) -> Preview:
        if len(text) > LONGEST_LINE:
            words = self.tr("A line of {0} letters is too long. Split it, or attach it by V.")
            return Preview(words.format(len(text)), is_problem=True)
        return self.understand(text)

    def _bring_next(self) -> None:
        following, rest = [*self._waiting[:1], ""][0], self._waiting[1:]
        self.line.setText(following)
        self._wait_for(rest)

    def _wait_for(self, lines: list[str]) -> None:
        self._waiting = lines
        text = self.tr("1 more line waits") if len(lines) == 1 else self.tr("{0} more lines wait")
        self.waiting.setText(text.format(len(lines)))
        self.waiting.setToolTip("\n".join(lines[:MOST_SHOWN]))
        self.waiting.setVisible(bool(lines))

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        """Part what was pasted, by whatever way, into its lines."""
        self._recalled = None
        if len(text.splitlines()) <= 1 and not text.endswith(LINE_ENDS):
            return
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if self._question is not None:
            self.line.setText(" ".join(lines))
            return
        self.line.setText([*lines, ""][0])
        self._wait_for([*lines[1:], *self._waiting])

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
        """Return room for both rows, so that nothing moves while one types.

        A question has a row of its own, and a long problem a second one.
        """
        hint = super().minimumSizeHint()
        told = max(BADGE_SIZE, self.said.sizeHint().height() if self.said.text() else 0)
        asked = self.prompt.sizeHint().height() + 2 if self._question is not None else 0
        return QSize(hint.width(), self.line.sizeHint().height() + told + asked + 14)

    def sizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())
