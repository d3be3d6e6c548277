"""The strip of notices: what went wrong, what to do about it. It never takes the focus."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SHOWN = 3
SIGN_WIDTH = 14


class Tone(enum.Enum):
    """How much a notice matters; each has a sign of its own."""

    PROBLEM = "▲"
    BUG = "!"
    INFO = "✓"
    NUDGE = "→"


class Notice(QFrame):
    """One sentence and its remedy."""

    dismissed = Signal(object)

    def __init__(
        self, tone: Tone, sentence: str, remedy: str, parent: QWidget, *, name: str = ""
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.name = name
        self.tone, self.sentence, self.remedy, self.count = tone, sentence, remedy, 1
        sign = QLabel(tone.value)
        sign.setObjectName("hint" if tone in {Tone.INFO, Tone.NUDGE} else "warning")
        sign.setFixedWidth(SIGN_WIDTH)  # so that the sentences stand one below the other
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setText("✕")
        close.setToolTip(self.tr("Dismiss"))
        close.setAccessibleName(self.tr("Dismiss this notice"))
        close.clicked.connect(self._on_close_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addWidget(self.label, 1)
        row.addWidget(close)
        self._write()

    def again(self) -> None:
        """The same happened once more."""
        self.count += 1
        self._write()

    def reword(self, sentence: str, remedy: str) -> None:
        """Say it in other words, in the same place."""
        if (sentence, remedy) != (self.sentence, self.remedy):
            self.sentence, self.remedy = sentence, remedy
            self._write()

    def _write(self) -> None:
        times = self.tr(" ({0} times)").format(self.count) if self.count > 1 else ""
        self.label.setText(f"{self.sentence}{times} {self.remedy}".strip())
        self.setAccessibleName(self.label.text())

    @Slot()
    def _on_close_clicked(self) -> None:
        self.dismissed.emit(self)


class BannerStrip(QWidget):
    """Shows the latest notices, newest first; the same one twice is counted, not repeated.

    Signals:
        dismissed: The name of a notice that a person has closed.
    """

    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(self.tr("Notices"))
        self.hide()

    def notices(self) -> Iterator[Notice]:
        """Yield what is shown, newest first."""
        for position in range(self._column.count()):
            item = self._column.itemAt(position)
            widget = item.widget() if item is not None else None
            if isinstance(widget, Notice):
                yield widget

    @Slot(str, str)
    def show_problem(self, sentence: str, remedy: str) -> None:
        """Tell of something a person can act on."""
        self.tell(Tone.PROBLEM, sentence, remedy)

    @Slot(str)
    def show_bug(self, line: str) -> None:
        """Tell of a bug."""
        self.tell(
            Tone.BUG,
            self.tr("Something in the program is broken: {0}.").format(line),
            self.tr("Your recording and your record are safe. Details are in the log."),
        )

    def show_info(self, sentence: str, detail: str = "") -> None:
        """Tell of something that is as it should be."""
        self.tell(Tone.INFO, sentence, detail)

    def tell(self, tone: Tone, sentence: str, remedy: str) -> None:
        """Show a notice on top of the others."""
        for notice in self.notices():
            if (notice.sentence, notice.remedy) == (sentence, remedy):
                notice.again()
                return
        self._put(Notice(tone, sentence, remedy, self))

    def hold(self, name: str, tone: Tone, sentence: str, remedy: str) -> None:
        """Show the one notice of a name, as it stands now."""
        for notice in self.notices():
            if notice.name == name:
                notice.reword(sentence, remedy)
                return
        self._put(Notice(tone, sentence, remedy, self, name=name))

    def release(self, name: str) -> None:
        """Take back the notice of a name."""
        for notice in list(self.notices()):
            if notice.name == name:
                self._drop(notice)

    def _put(self, notice: Notice) -> None:
        notice.dismissed.connect(self._on_dismissed)
        self._column.insertWidget(0, notice)
        for old in list(self.notices())[MOST_SHOWN:]:
            self._drop(old)
        self.show()

    def forget(self, sentence: str) -> None:
        """Take back a notice that holds no longer."""
        for notice in list(self.notices()):
            if notice.sentence == sentence:
                self._drop(notice)

    def _drop(self, notice: Notice) -> None:
        self._column.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
        self.setVisible(self._column.count() > 0)

    @Slot(object)
    def _on_dismissed(self, notice: Notice) -> None:
        self._drop(notice)
        if notice.name:
            self.dismissed.emit(notice.name)
