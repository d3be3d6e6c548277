"""The window: where everything stands. What it does is connected by ``ui.presenters.desk``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QVBoxLayout, QWidget

from ui.evidence.model import EvidenceModel
from ui.evidence.view import EvidenceList
from ui.evidence.viewer import EvidenceViewer
from ui.export.form import ExportForm
from ui.panes import RecordTabs, TranscriptPane
from ui.voices.form import VoicesForm
from ui.widgets.attach_form import AttachForm
from ui.widgets.banner import BannerStrip
from ui.widgets.card_panel import CardPanel
from ui.widgets.consent_form import ConsentForm
from ui.widgets.entry_bar import EntryBar
from ui.widgets.incident_form import IncidentForm
from ui.widgets.incident_strip import IncidentStrip
from ui.widgets.live_strip import LiveStrip
from ui.widgets.recorder_strip import RecorderStrip
from ui.widgets.redact_form import RedactForm
from ui.widgets.start_form import StartForm
from ui.widgets.status_strip import StatusStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent

SMALLEST = (960, 600)
FIRST_SIZE = (1280, 800)
FIRST_SPLIT = [760, 520]
ROWS_ON_SHELF = 2
NARROWEST_RECORD = 410  # its three tabs and the tools beside them
LOWEST_RECORD = 200  # what stands below it gives way first


class MainWindow(QMainWindow):
    """Strips on top, transcript on the left, timeline and report on the right.

    Signals:
        first_painted: The window is on the screen; from now on the program may be loaded.
        closed: The person closed the window.
    """

    first_painted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("main")
        self.setWindowTitle("Hotwash")
        self.recorder = RecorderStrip()
        self.incidents = IncidentStrip()
        self.live = LiveStrip()
        self.form = IncidentForm()
        self.attach = AttachForm()
        self.mend_start = StartForm()
        self.redact = RedactForm()
        self.export = ExportForm()
        self.voices = VoicesForm()
        self.consent = ConsentForm()
        self.banner = BannerStrip()
        self.transcript = TranscriptPane()
        self.record = RecordTabs()
        self.shelf = EvidenceList(
            EvidenceModel(self.record.looks),
            self.tr("Evidence of the entry"),
            most_rows=ROWS_ON_SHELF,
        )
        self.shelf.setObjectName("shelf")
        self.entry = EntryBar()
        self.status = StatusStrip()
        self._painted = False
        self._lay_out()
        self._add_keys()
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.resize(*FIRST_SIZE)
        self.incidents.new_requested.connect(self.form.open_form)
        self.incidents.attach_requested.connect(self.attach.open_form)
        self.form.closed.connect(self._focus_transcript)
        self.attach.closed.connect(self._focus_transcript)
        self.mend_start.closed.connect(self._focus_transcript)
        self.redact.closed.connect(self._focus_transcript)
        self.export.closed.connect(self._focus_transcript)
        self.voices.closed.connect(self._focus_transcript)
        self.consent.closed.connect(self._focus_transcript)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        self.transcript.view.empty_text = self.tr("Starting…")
        self.transcript.view.setFocus()

    @Slot()
    def record_now(self) -> None:
        """Ask for a recording, if there is none and none is beginning."""
        if not self.recorder.is_recording and self.recorder.button.isEnabled():
            self.recorder.ask()

    @Slot()
    def stop_recording(self) -> None:
        """Ask for the end of the recording, if there is one."""
        if self.recorder.is_recording and self.recorder.button.isEnabled():
            self.recorder.ask()

    @Slot()
    def pause_or_resume(self) -> None:
        """Ask for a pause of the recording, or for its end."""
        if self.recorder.is_recording and self.recorder.conduct.pause_button.isEnabled():
            self.recorder.conduct.ask()

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.transcript)
        splitter.addWidget(_column(self.record, self.shelf, self.entry))
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes(FIRST_SPLIT)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        forms = (
            self.form,
            self.attach,
            self.mend_start,
            self.redact,
            self.export,
            self.voices,
        )
        strips = (self.recorder, self.consent, self.incidents, self.live, *forms, self.banner)
        for strip in strips:
            column.addWidget(strip)
        column.addWidget(splitter, 1)
        column.addWidget(self.status)
        self.setCentralWidget(middle)
        self.card = CardPanel(middle, below=self.live)
        self.viewer = EvidenceViewer(middle, over=splitter)

    def _add_keys(self) -> None:
        tools = self.record.tools
        self._key("Ctrl+N", self.incidents.new_button.click)
        self._key("Ctrl+O", self.incidents.attach_button.click)
        self._key("Ctrl+L", self.entry.open_line)
        self._key("Ctrl+K", self.live.card_button.click)
        self._key("Ctrl+Shift+V", self.transcript.voices_button.click)
        self._key("F8", self.status.compact_button.click)
        self._key("F9", self.record_now)
        self._key("Shift+F9", self.stop_recording)
        self._key("F10", self.pause_or_resume)
        self._key("Ctrl+Z", tools.undo_button.click)
        self._key("Ctrl+Shift+Z", tools.redo_button.click)
        self._key("Ctrl+E", tools.export_button.click)
        self._key("Ctrl+End", self.transcript.view.jump_to_live)
        self._key("Ctrl+1", self._focus_transcript)
        self._key("Ctrl+2", self._focus_timeline)
        self._key("Ctrl+3", self._focus_report)
        self._key("Ctrl+4", self._focus_evidence)
        self._key("Ctrl+5", self._focus_waveform)
        self._key("Ctrl+6", self.transcript.people_button.click)

    def _key(self, key: str, slot: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(key)
        action.triggered.connect(slot)
        self.addAction(action)

    @Slot()
    def _focus_transcript(self) -> None:
        self.transcript.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _focus_timeline(self) -> None:
        self.record.setCurrentWidget(self.record.timeline)
        self.record.timeline.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _focus_report(self) -> None:
        self.record.setCurrentWidget(self.record.report)
        self.record.report.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _focus_evidence(self) -> None:
        self.record.setCurrentWidget(self.record.evidence)
        self.record.evidence.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _focus_waveform(self) -> None:
        if self.transcript.waveform.isVisible():
            self.transcript.waveform.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        pieces = self.tr("Enter opens  ·  ↑↓ pieces  ·  Esc goes back")
        hints: dict[QWidget | None, str] = {
            self.transcript.view: self.tr(
                "F fact  H hypothesis  D decision  A action  S status  R responsibility  ·  "
                "↑↓ lines  ←→ words  Shift extends  ·  Space plays  ·  N next unsure  ·  "
                "W who  1-9 whose  ·  / enters a line"
            ),
            self.transcript.waveform.view: self.tr(
                "←→ 5 s  Shift one minute  ·  ↑↓ track  ·  G gap  M marker  Shift the one before  "
                "·  Space plays  ·  Esc ends it"
            ),
            self.record.timeline: self.tr(
                "Enter plays  ·  E edits  T re-times  V attaches  L looks  M result  N anchor  ·  "
                "C confirms  X rules out  ·  F H D A S R kind  ·  Del removes  ·  Menu shows all"
            ),
            self.transcript.people.table: self.tr(
                "Enter names  R role  ·  Space plays three samples  ·  M merges  "
                "U takes apart  ·  G gives the selection  ·  Esc goes back"
            ),
            self.shelf: pieces,
            self.record.evidence: pieces,
            self.viewer: self.tr("Esc closes the picture"),
            self.entry.line: self.tr(
                "Return enters  ·  Esc leaves  ·  ↑↓ recall  ·  14:02 or -5m when  ·  @role  "
                "!anchor  =result  ·  Ctrl+K card"
            ),
        }
        elsewhere = self.tr(
            "F9 records  ·  F8 compact bar  ·  Ctrl+L enters a line  ·  Ctrl+K card  ·  "
            "Ctrl+N new incident  ·  Ctrl+1 transcript  Ctrl+2 timeline  Ctrl+3 report  "
            "Ctrl+4 evidence  Ctrl+5 waveform  Ctrl+6 people  ·  Ctrl+E exports"
        )
        self.status.show_hints(hints.get(now, elsewhere))

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window is on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # After this event: then the children are painted as well
            QTimer.singleShot(0, self.first_painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once; a recorder is a process of its own and goes on."""
        event.accept()
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  Qt's name
        """Take files."""
        if event.mimeData().hasUrls() and self.incidents.attach_button.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  Qt's name
        """Offer the dropped files for attaching."""
        files = [url.toLocalFile() for url in event.mimeData().urls()]
        self.attach.offer(Path(file) for file in files if file)


def _column(body: QWidget, *feet: QWidget) -> QWidget:
    """Return widgets one above the other; the uppermost has the room."""
    column = QWidget()
    column.setMinimumWidth(NARROWEST_RECORD)
    body.setMinimumHeight(LOWEST_RECORD)
    rows = QVBoxLayout(column)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    rows.addWidget(body, 1)
    for foot in feet:
        rows.addWidget(foot)
    return column
