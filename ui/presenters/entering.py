"""Enters what is typed under the timeline, and follows it with the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.first_words import first_words
from ui.presenters.line_preview import line_preview
from ui.widgets.entry_bar import Preview

if TYPE_CHECKING:
    from app.domain.ports import Clock
    from app.services.live_log import Logged
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident

LOOK_AGAIN_MS = 1_000  # a line without a time is of the moment it is entered


class Entering(QObject):
    """Connects the entry line with the live log. Lines are stored in the order they came."""

    def __init__(
        self,
        program: Program,
        storage: Lane,
        window: MainWindow,
        incident: OpenIncident,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._log = program.live_work.log
        self._clock = clock
        self._storage = storage
        self._window = window
        self._bar = window.entry
        self._incident = incident
        self._bar.understand = self._preview
        self._bar.entered.connect(self._on_entered)
        self._bar.left.connect(self._on_left)
        self._bar.put_away.connect(self._on_put_away)
        window.transcript.view.entry_line_requested.connect(self._bar.begin_command)
        window.record.timeline.entry_line_requested.connect(self._bar.begin_command)
        incident.record_changed.connect(self._on_record_changed)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self._on_tick)
        self._again.start()

    def _preview(self, text: str) -> Preview:
        record = self._incident.record
        if record is None:
            return Preview(self.tr("The incident is being read."), is_problem=True)
        line = self._log.understand(record, text)
        return line_preview(line, record.incident.display_timezone, now=self._clock())

    @Slot(str)
    def _on_entered(self, text: str) -> None:
        incident_id = self._incident.incident_id
        if incident_id is None:
            self._bar.give_back(text)
            return
        self._storage.run(
            lambda: self._log.enter(incident_id, text),
            self._on_logged,
            lambda error: self._on_refused(error, text),
        )

    def _on_logged(self, logged: Logged) -> None:
        self._window.record.timeline.show_entry(logged.entry.id)
        text = self.tr("Entered as {0}: {1}. Ctrl+Z takes it back.")
        entry = logged.entry
        self._window.status.say(text.format(entry.kind.value, first_words(entry.text)))

    def _on_refused(self, error: Exception, text: str) -> None:
        self._bar.give_back(text)
        self._storage.failed.emit(error)

    @Slot(int)
    def _on_put_away(self, number: int) -> None:
        text = self.tr("{0} pasted lines wait no longer. ↑ in the entry line recalls each.")
        if number == 1:
            text = self.tr("1 pasted line waits no longer. ↑ in the entry line recalls it.")
        self._window.status.say(text.format(number))

    @Slot()
    def _on_record_changed(self) -> None:
        self._bar.setEnabled(self._incident.incident_id is not None)
        self._bar.look()

    @Slot()
    def _on_tick(self) -> None:
        if self._bar.line.hasFocus() and self._bar.line.text():
            self._bar.look()

    @Slot(object)
    def _on_left(self, came_from: object) -> None:
        places = (came_from, self._window.record.timeline, self._window.transcript.view)
        for place in places:
            if isinstance(place, QWidget) and _can_have_keys(place, self._window):
                place.setFocus()
                return


def _can_have_keys(widget: QWidget, window: QWidget) -> bool:
    """Whether it is still there, in this window: what one came from may have gone since."""
    if not isValid(widget) or widget.window() is not window:
        return False
    return widget.isVisible() and widget.isEnabled()
