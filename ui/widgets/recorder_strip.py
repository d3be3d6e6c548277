"""The strip on top: is it recording, is it saved, how loud is it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.domain.sessions import TrackLabel, TrackSource
from ui.glance import Phase, phase_text
from ui.widgets.conduct_buttons import ConductButtons
from ui.widgets.kind_chooser import KindChooser
from ui.widgets.marker_buttons import MarkerButtons
from ui.widgets.record_light import RecordLight
from ui.widgets.track_panel import NO_SOURCE, TrackPanel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import AudioSource, RecorderStatus
    from app.domain.sessions import Consent, Pause, Track
    from app.domain.settings import Settings


class RecorderStrip(QFrame):
    """Asks for a recording to start or stop; it does not know how that is done.

    ``records_output`` is True while what this machine plays is recorded, from the moment a
    person asks for it; ``saved_ms`` is what the recording has safe on disk, or the last one had.

    Signals:
        start_requested: The person wants to record: ``SessionKind``, microphone, bridge source.
        stop_requested: The person wants the recording to end.
    """

    start_requested = Signal(object, str, str)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.is_recording = False
        self.records_output = False
        self.saved_ms = 0
        self._offered = False
        self.light = RecordLight()
        self.state = QLabel(phase_text(Phase.IDLE, 0))
        self.state.setObjectName("heading")
        self.kind = KindChooser(self.tr("What is being recorded"))
        room, bridge = self.tr("Room"), self.tr("Bridge")
        self.panels = {TrackLabel.ROOM: TrackPanel(room), TrackLabel.BRIDGE: TrackPanel(bridge)}
        self.markers = MarkerButtons()
        self.conduct = ConductButtons()
        self.button = QPushButton()
        self.button.clicked.connect(self.ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.light)
        row.addWidget(self.state)
        row.addWidget(self.kind)
        row.addSpacing(8)
        row.addWidget(self.panels[TrackLabel.ROOM], 1)
        row.addSpacing(8)
        row.addWidget(self.panels[TrackLabel.BRIDGE], 1)
        row.addStretch()
        row.addWidget(self.markers)
        row.addWidget(self.conduct)
        row.addWidget(self.button)
        self.setEnabled(False)
        self._show_button()

    def show_sources(self, sources: Sequence[AudioSource], settings: Settings) -> None:
        """Offer what can be recorded from, the settings' choice first time round."""
        wanted = {
            TrackLabel.ROOM: (TrackSource.MIC, settings.microphone),
            TrackLabel.BRIDGE: (TrackSource.LOOPBACK, settings.bridge),
        }
        for label, (kind, preset) in wanted.items():
            panel = self.panels[label]
            of_kind = [source for source in sources if source.kind is kind]
            panel.show_sources(of_kind, chosen=panel.chosen if self._offered else preset)
        self._offered = True

    def show_started(self, tracks: Sequence[Track]) -> None:
        """Show that the recorder writes these tracks; none: nobody knows which."""
        self.is_recording = True
        self.records_output = not tracks or any(
            track.source is TrackSource.LOOPBACK for track in tracks
        )
        devices = {track.label: track.device for track in tracks}
        for label, panel in self.panels.items():
            panel.setVisible(label in devices or not devices)
            panel.show_recording(on=True, device=devices.get(label, ""))
        self._show_saved(0)
        self.conduct.show_announced(by="")
        self.conduct.show_pause(on=False)
        self._show_button()

    def show_status(self, status: RecorderStatus) -> None:
        """Show what is safe on disk, and the levels."""
        for track in status.tracks:
            self.panels[track.label].show_status(track)
        self._show_saved(status.saved_ms(self.saved_ms))

    def show_conduct(self, pause: Pause | None, consent: Consent | None) -> None:
        """Show whether the recording is paused, and who announced it if anybody did."""
        if consent is not None:
            self.conduct.show_announced(by=consent.by)
        paused = pause is not None
        if paused is not self.conduct.is_paused:
            self.conduct.show_pause(on=paused)
            self.light.burn(not paused)
            self._show_saved(self.saved_ms)

    def show_stopped(self) -> None:
        """Show that nothing is recorded."""
        self.is_recording = self.records_output = False
        for panel in self.panels.values():
            panel.setVisible(True)
            panel.show_recording(on=False)
        self.state.setText(phase_text(Phase.IDLE, 0))
        self._show_button()

    def show_busy(self, text: str) -> None:
        """Show that the recorder was asked for something and has not answered yet."""
        self.state.setText(text)
        self.button.setEnabled(False)

    @Slot()
    def ask(self) -> None:
        """Ask for what the button says."""
        if self.is_recording:
            self.stop_requested.emit()
        else:
            bridge = self.panels[TrackLabel.BRIDGE].chosen
            self.records_output = bridge != NO_SOURCE
            self.start_requested.emit(
                self.kind.kind(),
                self.panels[TrackLabel.ROOM].chosen,
                bridge,
            )

    def _show_saved(self, saved_ms: int) -> None:
        self.saved_ms = saved_ms
        phase = Phase.PAUSED if self.conduct.is_paused else Phase.RECORDING
        self.state.setText(phase_text(phase, saved_ms))

    def _show_button(self) -> None:
        on = self.is_recording
        self.light.burn(on)
        self.kind.setVisible(not on)
        self.markers.setVisible(on)
        self.conduct.setVisible(on)
        self.button.setEnabled(True)
        self.button.setObjectName("stop" if on else "record")
        self.button.setText(self.tr("■ Stop") if on else self.tr("● Record"))
        self.button.setToolTip(
            self.tr("End the recording (Shift+F9). Closing this window does not end it.")
            if on
            else self.tr("Record the call and the room (F9)")
        )
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
