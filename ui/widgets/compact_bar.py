"""A small window above all others, for those who work in another program during a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.domain.sessions import TrackLabel
from ui.glance import Glance, Phase
from ui.widgets.due_label import DueLabel
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.level_meter import LevelMeter
from ui.widgets.marker_buttons import MarkerButtons
from ui.widgets.named_look import look_like
from ui.widgets.pause_button import PauseButton
from ui.widgets.record_light import RecordLight

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from PySide6.QtGui import QCloseEvent, QMouseEvent

    from app.domain.engine_types import RecorderStatus

NOTED_MS = 6_000
FROM_TOP = 8  # where it stands until somebody has moved it
ABOVE_ALL = (
    Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
)


class CompactBar(QFrame):
    """Shows what it is told, and asks; dragged by any place that is no button.

    Signals:
        pause_requested: The person wants a pause, or its end.
        expand_requested: The person wants the whole window.
    """

    pause_requested = Signal()
    expand_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, ABOVE_ALL)
        self.setObjectName("compactBar")
        self.setWindowTitle(self.tr("Compact bar · Hotwash"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # no stop of the Tab key's
        self._glance = Glance()
        self._said = ""
        self.light = RecordLight()
        self.state = QLabel()
        self.state.setObjectName("heading")
        names = {TrackLabel.ROOM: self.tr("Room"), TrackLabel.BRIDGE: self.tr("Bridge")}
        self.names = {label: QLabel(name) for label, name in names.items()}
        self.meters = {label: LevelMeter(name) for label, name in names.items()}
        self.markers = MarkerButtons()
        self.pause_button = PauseButton()
        self.pause_button.clicked.connect(self.pause_requested)
        self.due = DueLabel()
        self.expand_button = QToolButton()
        self.expand_button.setText("⤢")
        self.expand_button.setToolTip(self.tr("Show the whole window (F8)"))
        self.expand_button.setAccessibleName(self.expand_button.toolTip())
        self.expand_button.clicked.connect(self.expand_requested)
        self.note = ElidedLabel()
        self._timer = QTimer(self, singleShot=True, interval=NOTED_MS)
        self._timer.timeout.connect(self._on_noted_long_enough)
        self._lay_out()
        self._key("F8", self.expand_requested.emit)
        self._key("Esc", self.expand_requested.emit)
        self._key("F10", self.pause_requested.emit)
        self.due.show_due("", "", warns=False)
        self.show_glance(self._glance)

    def open_at(self, place: QPoint | None) -> None:
        """Show it where it was; in the middle of the top where that is on no screen."""
        self.adjustSize()
        on_screen = place is not None and QGuiApplication.screenAt(place) is not None
        if place is None or not on_screen:
            room = QGuiApplication.primaryScreen().availableGeometry()
            place = QPoint(room.center().x() - self.width() // 2, room.top() + FROM_TOP)
        self.move(place)
        self.show()
        self.activateWindow()
        self.setFocus()  # on no button: who goes on typing presses none with the space bar

    def show_glance(self, glance: Glance) -> None:
        """Show what the recorder is doing, and what is wrong."""
        if glance.phase is not self._glance.phase or not self.state.text():
            recording = glance.phase is not Phase.IDLE
            self.light.burn(glance.phase is Phase.RECORDING)
            self.tracks.setVisible(recording)
            self.pause_button.setVisible(recording)
            self.pause_button.show_pause(on=glance.phase is Phase.PAUSED)
            for meter in self.meters.values():
                meter.show_level(0.0, 0.0)
        self._glance = glance
        self.state.setText(glance.words)
        self._write_note()

    def show_tracks(self, recorded: Collection[TrackLabel]) -> None:
        """Show the meters of what is recorded; none: nobody knows yet."""
        for label, meter in self.meters.items():
            is_recorded = not recorded or label in recorded
            self.names[label].setVisible(is_recorded)
            meter.setVisible(is_recorded)

    def show_levels(self, status: RecorderStatus) -> None:
        """Show how loud the tracks are."""
        self.show_tracks([track.label for track in status.tracks])
        for track in status.tracks:
            self.meters[track.label].show_level(track.peak, track.rms)

    def say(self, text: str) -> None:
        """Tell for a moment what was done."""
        self._said = text
        self._timer.start()
        self._write_note()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.light)
        row.addWidget(self.state)
        row.addStretch()
        for widget in (self.due, self.pause_button, self.expand_button):
            row.addWidget(widget)
        self.tracks = QWidget()
        second = QHBoxLayout(self.tracks)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(8)
        for label, meter in self.meters.items():
            second.addWidget(self.names[label])
            second.addWidget(meter)
        second.addStretch()
        second.addWidget(self.markers)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(4)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.addLayout(row)
        column.addWidget(self.tracks)
        column.addWidget(self.note)
        *_, last_marker = self.markers.findChildren(QToolButton)
        self.setTabOrder(last_marker, self.pause_button)  # what does most harm comes last

    def _write_note(self) -> None:
        alarm = f"▲ {self._glance.alarm}" if self._glance.alarm else ""
        text = self._said or alarm
        look_like(self.note, "hint" if self._said else "warning")
        self.note.setVisible(bool(text))
        self.note.show_text(text)

    def _key(self, key: str, slot: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(key)
        action.triggered.connect(slot)
        self.addAction(action)

    @Slot()
    def _on_noted_long_enough(self) -> None:
        self._said = ""
        self._write_note()

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the desktop move it: an application may not everywhere."""
        handle = self.windowHandle()
        if event.button() is Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give way to the whole window: who closes this one has no other way back."""
        event.ignore()
        self.expand_requested.emit()
