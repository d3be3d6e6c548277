"""The card for who joins late, over the work; it takes no focus and waits for nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout

from ui.theme import SMALL_PX, sized

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

EDGE = 12


class CardPanel(QFrame):
    """Lies on its parent's right upper corner, as large as its words, never larger than that.

    ``below`` is the widget under whose lower edge it hangs.
    """

    def __init__(self, parent: QWidget, *, below: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._below = below
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.text.setFont(sized(font, SMALL_PX))
        self.text.setStyleSheet(f"font-family: '{font.family()}'")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setAccessibleName(self.tr("Card for who joins late"))
        self._area = QScrollArea()
        self._area.setWidget(self.text)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        title = QLabel(self.tr("Card for who joins late: copied"))
        title.setObjectName("heading")
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setToolTip(self.tr("Close the card (Ctrl+K)"))
        self.close_button.setAccessibleName(self.tr("Close the card"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.clicked.connect(self.hide)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, 6, EDGE, EDGE)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._area)
        parent.installEventFilter(self)
        self.hide()

    def show_card(self, text: str) -> None:
        """Show a card."""
        self.text.setText(text.rstrip("\n"))
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        top = self._below.mapTo(parent, self._below.rect().bottomLeft()).y() + 1
        words, head = self.text.sizeHint(), self.close_button.sizeHint().height()
        bar = self._area.verticalScrollBar().sizeHint().width()
        width = min(words.width() + 2 * EDGE + bar, parent.width() - 2 * EDGE)
        wanted = words.height() + head + 2 * EDGE + 6
        if width < words.width() + 2 * EDGE:
            wanted += self._area.horizontalScrollBar().sizeHint().height()
        height = min(wanted, parent.height() - top - EDGE)
        self.setGeometry(parent.width() - width - EDGE, top, width, height)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
