"""The last line: what the keys do here, what has just been done, what is under way."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.domain.recognition_pace import RecognitionPace
from ui.widgets.elided_label import ElidedLabel

SHOWN_MS = 6_000
BACKLOG_SHOWN_MS = 3_000  # it is told once a second while there is any
STEPS = 1_000


class StatusStrip(QFrame):
    """Hints of the focused part on the left; work under way, then the way to the bar.

    Signals:
        cancel_requested: The work under way is to end; only some can.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self._hints = ""
        self.message = ElidedLabel()
        self.message.setObjectName("hint")
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.backlog = QLabel()
        self.backlog.setObjectName("hint")
        self.backlog.hide()
        self.work = QLabel()
        self.work.setObjectName("hint")
        self.bar = QProgressBar(maximum=STEPS, textVisible=False)
        self.bar.setFixedWidth(96)
        self.cancel_button = QToolButton()
        self.cancel_button.setText("✕")
        self.cancel_button.setToolTip(self.tr("Stop what is under way"))
        self.cancel_button.setAccessibleName(self.cancel_button.toolTip())
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.cancel_button.hide()
        self.compact_button = QToolButton()
        self.compact_button.setText("⤡")
        self.compact_button.setToolTip(
            self.tr("Show a small bar above all other windows in place of this one (F8)")
        )
        self.compact_button.setAccessibleName(self.compact_button.toolTip())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self.message, 1)
        row.addWidget(self.backlog)
        row.addWidget(self.work)
        row.addWidget(self.bar)
        row.addWidget(self.cancel_button)
        row.addWidget(self.compact_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._backlog_timer = QTimer(self)
        self._backlog_timer.setSingleShot(True)
        self._backlog_timer.setInterval(BACKLOG_SHOWN_MS)
        self._backlog_timer.timeout.connect(self.backlog.hide)
        self.show_work("")

    def show_hints(self, hints: str) -> None:
        """Tell what the keys do in the part that has the focus."""
        self._hints = hints
        if not self._timer.isActive():
            self._write(hints)

    def say(self, text: str) -> None:
        """Tell for a moment what was done."""
        self._write(text)
        self._timer.start()

    def show_work(self, stage: str, done: float = 0.0, total: float = 0.0) -> None:
        """Tell how far long work is; no stage when there is none; total 0 where nobody knows."""
        self.work.setText(stage)
        self.work.setVisible(bool(stage))
        self.bar.setVisible(bool(stage))
        self.bar.setMaximum(STEPS if total > 0 else 0)
        if total > 0:
            self.bar.setValue(round(min(1.0, done / total) * STEPS))
        self.bar.setAccessibleName(stage)

    def show_cancel(self, words: str) -> None:
        """Let a person stop what is under way, and say what becomes of it; without words, not."""
        if words:
            self.cancel_button.setToolTip(words)
            self.cancel_button.setAccessibleName(words)
        self.cancel_button.setVisible(bool(words))

    def show_backlog(self, seconds: int, pace: RecognitionPace) -> None:
        """Tell how much audio waits to be recognised; silent again when nobody tells more."""
        waits = self.tr("{0} s of audio wait").format(seconds)
        late = pace is RecognitionPace.CATCHING_UP
        self.backlog.setText(self.tr("Catching up: {0}").format(waits) if late else waits)
        self.backlog.setVisible(pace is not RecognitionPace.PARTIALS)
        self._backlog_timer.start()

    def _write(self, text: str) -> None:
        self.message.show_text(text)

    @Slot()
    def _on_timeout(self) -> None:
        self._write(self._hints)
