"""A line in which a person says when a recording began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from app.domain.times import now_utc
from ui.moments import full_text, parsed_utc, utc_text

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

START_EXAMPLE = "2026-03-12 14:46 UTC"
PADDING = 48  # the frame, and the seconds that a person may add


class StartLine(QLineEdit):
    """Takes UTC unless another zone is given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(START_EXAMPLE)
        self.setAccessibleName(self.tr("Start of the recording, UTC"))
        self.setToolTip(self.tr("When the recording begins: date and time in UTC"))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(START_EXAMPLE) + PADDING)

    def show_moment(self, moment: datetime) -> None:
        """Show a start, ready to be mended."""
        self.setText(start_text(moment))

    def moment(self) -> datetime:
        """Return what is said.

        Raises:
            ValueError: It is nothing to go by; the sentence is for people.
        """
        try:
            start = parsed_utc(self.text())
        except ValueError as cause:
            text = self.tr("Write when the recording begins as {0}.").format(START_EXAMPLE)
            raise ValueError(text) from cause
        now = now_utc()
        if start > now:
            text = self.tr("That lies in the future: it is {0} UTC now.")
            raise ValueError(text.format(utc_text(now)))
        return start


def start_text(moment: datetime) -> str:
    """Return ``2026-03-12 14:46:00 UTC``."""
    return full_text(moment).partition(" UTC")[0] + " UTC"
