"""The field of the entry line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent


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
