"""The clock everybody in the call goes by."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.times import now_utc
from ui.moments import full_text, local_text, utc_text

TICK_MS = 250  # often enough that no second is skipped


class UtcClock(QLabel):
    """Shows UTC, and the wall clock beside it where that differs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("heading")
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.tick()

    @Slot()
    def tick(self) -> None:
        """Show the present moment."""
        now = now_utc()
        local = local_text(now)
        text = f"{utc_text(now)} UTC" + (f" ({local})" if local else "")
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(self.tr("Time: {0}").format(text))
            self.setToolTip(full_text(now))
