"""What is seen and done by people who work in another program: tray, compact bar, global keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, Slot
from PySide6.QtGui import QGuiApplication

from app.domain.events import (
    AlarmCleared,
    AlarmRaised,
    AudioStored,
    MomentMarked,
    RecordingStarted,
    RecordingStopped,
    WindowRequested,
)
from ui.glance import Glance, Phase
from ui.moments import duration_text
from ui.tray import Tray
from ui.widgets.compact_bar import CompactBar

if TYPE_CHECKING:
    from app.domain.alarms import Alarm
    from app.domain.engine_types import RecorderStatus
    from app.domain.events import Event
    from app.services.program import Program
    from ui.main_window import MainWindow

PLACE = "compact_bar"
UNSEEN = {"offscreen", "minimal"}  # Qt's platforms on which nobody looks at a window


class Elsewhere(QObject):
    """Asks for nothing by itself: each button does what the one of the window does."""

    def __init__(self, program: Program, window: MainWindow) -> None:
        super().__init__(window)
        self._program = program
        self._window = window
        self._glance = Glance()
        self._alarms: list[Alarm] = []
        self._places = QSettings(str(program.home.window_places), QSettings.Format.IniFormat, self)
        self.bar = CompactBar()
        self.tray = Tray(self)
        window.status.compact_button.clicked.connect(self.open_bar)
        window.live.due_shown.connect(self.bar.due.show_due)
        self.bar.markers.mark_requested.connect(window.recorder.markers.mark_requested)
        self.bar.pause_requested.connect(window.pause_or_resume)
        self.bar.expand_requested.connect(self.show_window)
        self.tray.record_requested.connect(window.record_now)
        self.tray.stop_requested.connect(window.stop_recording)
        self.tray.pause_requested.connect(window.pause_or_resume)
        self.tray.mark_requested.connect(window.recorder.markers.mark_requested)
        self.tray.bar_requested.connect(self.open_bar)
        self.tray.window_requested.connect(self.show_window)

    def start(self) -> None:
        """Go into the panel and listen for keys, unless nobody sees this window."""
        if QGuiApplication.platformName() not in UNSEEN:
            self.tray.open()
            self._program.hotkeys.start()

    def stop(self) -> None:
        """Take everything off the screen."""
        self._keep_place()
        self.tray.close()
        self.bar.hide()
        self.bar.deleteLater()

    @Slot()
    def open_bar(self) -> None:
        """Show the bar in place of the window."""
        place = self._places.value(PLACE)
        self.bar.open_at(place if isinstance(place, QPoint) else None)
        self._window.showMinimized()

    @Slot()
    def show_window(self) -> None:
        """Show the window in place of the bar."""
        self._keep_place()
        self.bar.hide()
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Follow the recorder."""
        match event:
            case RecordingStarted(tracks=tracks):
                self.bar.show_tracks({track.label for track in tracks})
                self._show(Glance(Phase.RECORDING, 0, self._glance.alarm))
            case AudioStored(status=status) if status.running:
                self._follow(status)
            case RecordingStopped():
                self._show(replace(self._glance, phase=Phase.IDLE))
            case AlarmRaised(alarm=alarm):
                self._alarms.append(alarm)
                self._show_alarm()
            case AlarmCleared(alarm=alarm):
                self._alarms = [one for one in self._alarms if one.key != alarm.key]
                self._show_alarm()
            case MomentMarked(marker=marker):
                moment = duration_text(marker.at_ms)
                self.bar.say(self.tr("✓ {0}, {1}").format(marker.kind.value, moment))
            case WindowRequested():
                self.show_window()
            case _:
                pass

    def _follow(self, status: RecorderStatus) -> None:
        phase = Phase.RECORDING if status.pause is None else Phase.PAUSED
        saved_ms = status.saved_ms(self._glance.saved_ms)
        self.bar.show_levels(status)
        self._show(replace(self._glance, phase=phase, saved_ms=saved_ms))

    def _show_alarm(self) -> None:
        urgent = sorted(self._alarms, key=lambda alarm: not alarm.kind.is_urgent)
        self._show(replace(self._glance, alarm=urgent[0].sentence if urgent else ""))

    def _show(self, glance: Glance) -> None:
        self._glance = glance
        self.bar.show_glance(glance)
        self.tray.show_glance(glance)

    def _keep_place(self) -> None:
        if self.bar.isVisible():
            self._places.setValue(PLACE, self.bar.pos())
