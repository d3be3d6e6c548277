"""A line that is typed in a row of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class CellLine(QLineEdit):
    """What is typed here is meant for nobody else."""

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep every key: a line edit passes Return on, and the list would act by it."""
        super().keyPressEvent(event)
        event.accept()
