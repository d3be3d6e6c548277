"""Shows alarms in the banner, each from its beginning to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.alarms import AlarmKind
from app.domain.events import AlarmCleared, AlarmRaised
from ui.widgets.banner import Tone

if TYPE_CHECKING:
    from app.domain.events import Event
    from ui.main_window import MainWindow


class AlarmNotices(QObject):
    """That the recorder is gone is an error, and shown as one elsewhere."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._banner = window.banner

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Show an alarm, or take it back."""
        match event:
            case AlarmRaised(alarm=alarm) if alarm.kind is not AlarmKind.RECORDER_GONE:
                self._banner.tell(Tone.PROBLEM, alarm.sentence, alarm.remedy)
            case AlarmCleared(alarm=alarm) if alarm.kind is not AlarmKind.RECORDER_GONE:
                self._banner.forget(alarm.sentence)
            case _:
                pass
