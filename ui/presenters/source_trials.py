"""Lets a person hear of a source whether it works, before it matters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.sessions import TrackLabel, TrackSource

if TYPE_CHECKING:
    from app.domain.source_trial import Level, SourceTrial
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.widgets.track_panel import TrackPanel

KINDS = {TrackLabel.ROOM: TrackSource.MIC, TrackLabel.BRIDGE: TrackSource.LOOPBACK}


class TryingSources(QObject):
    """Listens for three seconds, shows the level meanwhile, and says what was heard.

    Signals:
        failed: An exception; the source could not be tried.
    """

    failed = Signal(object)
    _level_came = Signal(object, object)  # from the lane's thread: a panel, a level

    def __init__(self, program: Program, lane: Lane, window: MainWindow) -> None:
        super().__init__(window)
        self._program = program
        self._lane = lane
        self._window = window
        self._level_came.connect(self._on_level_came)
        for label, panel in window.recorder.panels.items():
            panel.test_requested.connect(partial(self._begin, panel, KINDS[label]))

    def _begin(self, panel: TrackPanel, kind: TrackSource) -> None:
        chosen, tell = panel.chosen, partial(self._level_came.emit, panel)
        panel.show_trial_begun()
        self._window.status.say(self.tr("Listening for three seconds; nothing is kept."))
        self._lane.run(
            lambda: self._program.source_trials.run(chosen, kind, on_level=tell),
            partial(self._on_ended, panel),
            partial(self._on_failed, panel),
        )

    @Slot(object, object)
    def _on_level_came(self, panel: TrackPanel, level: Level) -> None:
        panel.show_level(level)

    def _on_ended(self, panel: TrackPanel, trial: SourceTrial) -> None:
        panel.show_trial_ended(trial)
        name = trial.source.name
        self._window.status.say(f"{name}: {trial.sentence} {trial.remedy}".rstrip())

    def _on_failed(self, panel: TrackPanel, error: Exception) -> None:
        panel.show_trial_ended(None)
        self.failed.emit(error)
