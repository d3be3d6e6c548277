"""The two halves of the workplace: what was said, and what is being made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.evidence.looks import Looks
from ui.evidence.model import EvidenceModel
from ui.evidence.view import EvidenceList
from ui.people.panel import PeoplePanel
from ui.report_view import ReportView
from ui.timeline.model import TimelineModel
from ui.timeline.view import TimelineView
from ui.transcript.legend import TranscriptLegend
from ui.transcript.model import TranscriptModel
from ui.transcript.partial_lines import PartialLines
from ui.transcript.view import TranscriptView
from ui.waveform.strip import WaveformStrip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.engine_types import InstalledModel

MEGABYTE = 1_000_000


def _header(*widgets: QWidget) -> QHBoxLayout:
    """Return a row of a title, free space, and what can be done."""
    row = QHBoxLayout()
    row.setContentsMargins(12, 6, 12, 6)
    row.setSpacing(8)
    for position, widget in enumerate(widgets):
        row.addWidget(widget)
        if position == 0:
            row.addStretch()
    return row


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label


class TranscriptPane(QWidget):
    """The transcript with its title and what must be known of the recognition.

    Signals:
        recognise_requested: The whole transcript is to be made anew, by the better pass; with the
            model of that name, empty for the one of the settings.
        labelling_requested: The voices are to be told apart anew; True: as a draft.
        voices_requested: Somebody wants to see the remembered voices.
        models_requested: A person wants to choose a model: ``show_models`` offers some.
    """

    recognise_requested = Signal(str)
    labelling_requested = Signal(bool)
    voices_requested = Signal()
    models_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TranscriptModel(self)
        self.view = TranscriptView(self.model)
        self.waveform = WaveformStrip()
        self.people = PeoplePanel()
        self.partials = PartialLines(self.view)
        self.legend = TranscriptLegend(self.model)
        self.recognise_button = QPushButton(self.tr("Final pass"))
        self.recognise_button.setToolTip(
            self.tr("Recognise the recordings again, slower and better; edited lines are kept")
        )
        self.recognise_button.clicked.connect(self._on_recognise_clicked)
        self._make_models_button()
        self.allow_recognising(on=False)
        self.people_button = QPushButton(self.tr("People"))
        self.people_button.setToolTip(self.tr("Who speaks: names, roles, samples (Ctrl+6)"))
        self.people_button.setEnabled(False)
        self.voices_button = QPushButton(self.tr("Known voices"))
        self.voices_button.setToolTip(
            self.tr("Whom voices may be, and which are remembered (Ctrl+Shift+V)")
        )
        self.voices_button.clicked.connect(self.voices_requested)
        self.voices_button.setEnabled(False)
        self.note = QLabel()
        self.note.setObjectName("warning")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(12, 0, 12, 6)
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        buttons = (
            self.people_button,
            self.voices_button,
            self.recognise_button,
            self.models_button,
        )
        column.addLayout(_header(_heading(self.tr("Transcript")), *buttons))
        column.addWidget(self.note)
        column.addWidget(self.waveform)
        column.addWidget(self.people)
        column.addWidget(self.legend)
        column.addWidget(self.view, 1)
        column.addWidget(self.partials)

    def _make_models_button(self) -> None:
        self.models_button = QPushButton("▾")
        self.models_button.setToolTip(
            self.tr("Choose the model of the final pass, or only tell voices apart")
        )
        self.models_button.setAccessibleName(self.models_button.toolTip())
        self.models_menu = QMenu(self)
        self.models_menu.aboutToShow.connect(self.models_requested)
        self.models_menu.triggered.connect(self._on_pass_chosen)
        self.labelling_actions = (
            QAction(self.tr("Only tell voices apart"), self),
            QAction(self.tr("…as a draft: sooner, less exact; the labels say so"), self),
        )
        for action, is_draft in zip(self.labelling_actions, (False, True), strict=True):
            action.setData(is_draft)
        self.models_menu.addAction(self.tr("Looking for models…")).setEnabled(False)
        self._offer_labelling()
        self.models_button.setMenu(self.models_menu)

    def show_note(self, note: str) -> None:
        """Say what must be known of the recognition; nothing if nothing must."""
        self.note.setText(f"! {note}")
        self.note.setVisible(bool(note))

    def allow_recognising(self, *, on: bool) -> None:
        """Allow the final pass, where there is something to recognise and nothing under way."""
        self.recognise_button.setEnabled(on)
        self.models_button.setEnabled(on)

    def show_models(self, models: Sequence[InstalledModel]) -> None:
        """Offer models in the menu of their button, which may be open; below, other passes."""
        self.models_menu.clear()
        for model in models:
            action = self.models_menu.addAction(self._model_text(model))
            action.setData(model.name)
        if not models:
            nothing = self.tr(
                "No model is installed. “hotwash models list” shows which there are."
            )
            self.models_menu.addAction(nothing).setEnabled(False)
        self._offer_labelling()

    def _offer_labelling(self) -> None:
        self.models_menu.addSeparator()
        self.models_menu.addActions(self.labelling_actions)

    def _model_text(self, model: InstalledModel) -> str:
        speed = self.tr("speed not measured")
        if model.speed is not None:
            speed = self.tr("{0:.3g} times real time here").format(model.speed)
        facts = [model.name, f"{model.size_bytes / MEGABYTE:.0f} MB", speed]
        if model.demo:
            facts.append(self.tr("for the demonstration only"))
        if model.default:
            facts.append(self.tr("default"))
        return "  ·  ".join(facts)

    @Slot()
    def _on_recognise_clicked(self) -> None:
        self.recognise_requested.emit("")

    @Slot(QAction)
    def _on_pass_chosen(self, action: QAction) -> None:
        if action in self.labelling_actions:
            self.labelling_requested.emit(action.data())
        else:
            self.recognise_requested.emit(str(action.data()))


class TimelineTools(QWidget):
    """Undo, redo and export; they stand beside the tabs.

    Signals:
        undo_requested, redo_requested: The last step is to be taken back, or done again.
        export_requested: A document is to be chosen and written.
    """

    undo_requested = Signal()
    redo_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.undo_button = self._button("↶", self.tr("Undo (Ctrl+Z)"))
        self.undo_button.clicked.connect(self.undo_requested)
        self.redo_button = self._button("↷", self.tr("Redo (Ctrl+Shift+Z)"))
        self.redo_button.clicked.connect(self.redo_requested)
        tip = self.tr("Write the postmortem or its evidence pack (Ctrl+E)")
        self.export_button = self._button(self.tr("Export…"), tip)
        self.export_button.clicked.connect(self.export_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 12, 4)
        row.setSpacing(8)
        for button in (self.undo_button, self.redo_button, self.export_button):
            row.addWidget(button)
        self.set_ready(on=False)

    def set_ready(self, *, on: bool) -> None:
        """Allow what needs an incident."""
        for button in (self.undo_button, self.redo_button, self.export_button):
            button.setEnabled(on)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button


class RecordTabs(QTabWidget):
    """What is being made: the timeline, the report once it was exported, and all evidence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline_model = TimelineModel(self)
        self.timeline = TimelineView(self.timeline_model)
        self.tools = TimelineTools()
        self.report = ReportView()
        self.looks = Looks(self)
        self.evidence = EvidenceList(
            EvidenceModel(self.looks),
            self.tr("Evidence of the incident"),
            empty_text=self.tr("No evidence yet. V or a paste on an entry attaches some."),
        )
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setExpanding(False)
        self.addTab(self.timeline, self.tr("Timeline"))
        self.addTab(self.report, self.tr("Report"))
        self.addTab(self.evidence, self.tr("Evidence"))
        self.tabBar().setAccessibleName(self.tr("Timeline, report or evidence"))
        self.setCornerWidget(self.tools)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_report(self, path: Path) -> None:
        """Turn to the report."""
        self.report.show_file(path)
        self.setCurrentWidget(self.report)
        self.report.setFocus(Qt.FocusReason.OtherFocusReason)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Return a width in which a line of the timeline reads well."""
        return QSize(400, 480)
