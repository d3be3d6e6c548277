"""A form, in place, to choose a document, what it says, for whom, and where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.communications import Audience
from app.domain.ids import EntryId
from app.services.export_run import PAPERS, ExportChoice
from ui.export.ticked_list import TickedList
from ui.export.words import AUDIENCES, FORMATS, ON_PAPER, REPORTS, ending_of, section_words
from ui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from app.domain.rules.findings import Finding
    from app.services.export_run import Outlook
    from ui.export.matter import ExportMatter

ROWS_SHOWN = 6
ENOUGH_FOR_A_PATH = 200


class ExportForm(QFrame):
    """Return in the path goes to the button; a file that exists, it asks about.

    Signals:
        outlook_requested: An ``ExportChoice``; what it would leave out is to be counted.
        export_requested: The format, the path, whether it may be replaced, the ``ExportChoice``.
        closed: The form is gone again.
    """

    outlook_requested = Signal(object)
    export_requested = Signal(str, object, bool, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._matter: ExportMatter | None = None
        self._refused = False
        self._filling = False
        self._ending = ""  # of the name that is shown
        self.format = self._chooser(self.tr("What to write"))
        self.audience = self._chooser(self.tr("For whom"))
        self.paper = self._chooser(self.tr("Paper"), {paper: paper for paper in PAPERS})
        self.standing = self._chooser(
            self.tr("Draft or final"), {self.tr("Draft"): False, self.tr("Final"): True}
        )
        self.approver = QLineEdit()
        self.approver.setPlaceholderText(self.tr("Approved by (name)"))
        self.approver.setAccessibleName(self.tr("Who approved what leaves the house"))
        self.approver.textChanged.connect(self._on_changed)
        self.sections = TickedList(self.tr("Sections that are printed"))
        self.entries = TickedList(self.tr("Entries of the timeline that are printed"))
        self.told = QLabel()
        self.told.setObjectName("secondary")
        self.findings = QPlainTextEdit()
        self.path = QLineEdit()
        self.complaint = QLabel()
        self.button = QPushButton(self.tr("Export"))
        self._lay_out()
        self.hide()

    def open_form(self, matter: ExportMatter) -> None:
        """Show what can be chosen: a PDF at first, of everything, for engineers, as a draft."""
        self._matter = matter
        self._filling = True
        self.path.clear()
        self._ending = ""
        self._fill(matter)
        self._filling = False
        self.complaint.hide()
        self.show()
        self._on_format_changed()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now."""
        matter = self._matter
        is_final = matter is not None and bool(self.standing.currentData())
        return ExportChoice(
            page_size=self.paper.currentData() or PAPERS[0],
            final_by=matter.actor if matter is not None and is_final else "",
            audience=self._chosen_audience,
            approved_by=self.approver.text().strip(),
            sections_left_out=self.sections.left_out,
            entries_left_out=frozenset(map(EntryId, self.entries.left_out)),
        )

    @property
    def _chosen_audience(self) -> Audience:
        return Audience(self.audience.currentData() or Audience.ENGINEERING)

    def show_outlook(self, choice: ExportChoice, seen: Outlook) -> None:
        """Tell what a choice would leave out, if it is still the one."""
        if choice != self.choice or self.isHidden():
            return
        self.told.setText(self._told(seen))
        self._show_refusals(seen.refusals if choice.final_by else ())

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        self.hide()
        self.closed.emit()

    # How it is made

    def _chooser(self, name: str, choices: dict[str, object] | None = None) -> Chooser:
        chooser = Chooser()
        chooser.setAccessibleName(name)
        chooser.setToolTip(name)
        for words, value in (choices or {}).items():
            chooser.addItem(words, value)
        chooser.activated.connect(self._on_format_changed)
        return chooser

    def _lay_out(self) -> None:
        for words in (self.told, self.complaint):
            words.setWordWrap(True)
        self.complaint.setObjectName("warning")
        self.findings.setReadOnly(True)
        self.findings.setTabChangesFocus(True)
        self.findings.setAccessibleName(self.tr("What keeps it from being final"))
        self.path.setAccessibleName(self.tr("Where it goes"))
        self.path.setMinimumWidth(ENOUGH_FOR_A_PATH)
        self.path.textChanged.connect(self._on_path_changed)
        height = self.fontMetrics().lineSpacing() * ROWS_SHOWN + 12
        for box in (self.sections, self.entries, self.findings):
            box.setFixedHeight(height)
        for ticked in (self.sections, self.entries):
            ticked.changed.connect(self._on_changed)
        self.button.setObjectName("primary")
        self.button.clicked.connect(self._on_clicked)
        elsewhere = QPushButton(self.tr("Choose…"))
        elsewhere.setToolTip(self.tr("Choose a folder and a name"))
        elsewhere.clicked.connect(self._on_choose)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 6, 12, 6)
        rows.setSpacing(6)
        what = (self.format, self.audience, self.approver, self.paper, self.standing)
        rows.addLayout(_row(*what, stretch=self.approver))
        rows.addLayout(_row(self.sections, self.entries, stretch=self.entries))
        rows.addWidget(self.told)
        rows.addWidget(self.complaint)
        rows.addWidget(self.findings)
        rows.addLayout(_row(self.path, elsewhere, self.button, cancel, stretch=self.path))

    def _fill(self, matter: ExportMatter) -> None:
        self.format.clear()
        for known, words in FORMATS.items():
            if known in matter.formats:
                self.format.addItem(self.tr(words), known)
        self.format.setCurrentIndex(0)
        self.audience.clear()
        for audience, words in AUDIENCES.items():
            self.audience.addItem(self.tr(words), audience.value)
        self.standing.setCurrentIndex(0)
        self.approver.clear()
        self.sections.fill([(name, section_words(name)) for name in matter.sections])
        self.entries.fill(matter.entries)

    # What a person does

    def _told(self, seen: Outlook) -> str:
        if self._chosen_audience is not Audience.ENGINEERING:
            return self.tr("They read what is confirmed, in words for them; no hypotheses.")
        left = self.tr("Left out: {0} of {1} sections, {2} of {3} entries.").format(
            len(seen.sections_left_out),
            self.sections.count(),
            seen.left_out,
            seen.left_out + seen.entries,
        )
        kept = ""
        if seen.kept_out:
            kept = self.tr("{0} more stay out as the record says.").format(seen.kept_out)
        whole = ""
        if self.format.currentData() in {"pack", "bundle", "json"}:
            whole = self.tr("The record in it is whole, whatever the report leaves out.")
        redacted = ""
        if seen.redactions:
            redacted = self.tr("{0} redactions hold in it; it is searched for what they took.")
            redacted = redacted.format(seen.redactions)
        return " ".join(part for part in (left, kept, redacted, whole) if part)

    @Slot()
    def _on_format_changed(self) -> None:
        """Show what the format can be told."""
        if self._matter is None or self._filling:
            return
        chosen = str(self.format.currentData())
        for_others = chosen in self._matter.audience_formats
        if not for_others:
            self.audience.setCurrentIndex(0)
        self.audience.setEnabled(for_others)
        audience = self._chosen_audience
        self.approver.setVisible(audience.is_external)
        self.paper.setVisible(chosen in ON_PAPER)
        is_report = chosen in REPORTS and audience is Audience.ENGINEERING
        self.standing.setVisible(is_report)
        if not is_report:
            self.standing.setCurrentIndex(0)
        self.sections.setVisible(is_report and chosen != "bundle")
        self.entries.setVisible(is_report)
        named = self.path.text() or str(self._matter.place(self._ending))
        if named.endswith(self._ending):  # else a person calls it something else
            self.path.setText(named.removesuffix(self._ending) + ending_of(chosen))
        self._ending = ending_of(chosen)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        if not self.choice.final_by:
            self._show_refusals(())  # at once: what is counted comes a moment later
        if not self._filling:
            self.outlook_requested.emit(self.choice)

    @Slot()
    def _on_path_changed(self) -> None:
        if not self._refused:
            self.complaint.hide()
            self.button.setText(self.tr("Export"))

    @Slot()
    def _on_choose(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self,
            self.tr("Where it goes"),
            self.path.text(),
            options=QFileDialog.Option.DontConfirmOverwrite,  # the form asks itself
        )
        if path:
            self.path.setText(path)

    @Slot()
    def _on_clicked(self) -> None:
        if self._refused:  # the button says so: a draft instead
            self.standing.setCurrentIndex(0)
            self._show_refusals(())
        path = Path(self.path.text().strip()).expanduser()
        replaces = self.button.text() == self.tr("Replace it")
        missing = self._missing(path)
        if missing:
            self._complain(missing)
        elif path.exists() and not replaces:
            self._complain(self.tr("{0} exists already.").format(path.name))
            self.button.setText(self.tr("Replace it"))
        else:
            self.export_requested.emit(str(self.format.currentData()), path, replaces, self.choice)
            self.close_form()

    def _missing(self, path: Path) -> str:
        """Say what is not told yet; nothing where all is."""
        if not path.name:
            return self.tr("Say where it is to go.")
        if self._chosen_audience.is_external and not self.approver.text().strip():
            return self.tr("It leaves the house: name who approved it.")
        return ""

    def _show_refusals(self, findings: Sequence[Finding]) -> None:
        """Tell what keeps it from being final, and offer a draft; or take that back."""
        was_refused, self._refused = self._refused, bool(findings)
        self.findings.setPlainText(
            "\n".join(f"{f.rule}  {f.message} {f.remedy}" for f in findings)
        )
        self.findings.setVisible(self._refused)
        if self._refused:
            self._complain(self.tr("It cannot be final until these are mended:"))
            self.button.setText(self.tr("Export a draft instead"))
        elif was_refused:
            self.complaint.hide()
            self.button.setText(self.tr("Export"))

    def _complain(self, words: str) -> None:
        self.complaint.setText(f"! {words}")
        self.complaint.show()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape; Return presses the button that has the focus, or goes to it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            else:
                self.button.setFocus()
        else:
            super().keyPressEvent(event)


def _row(*widgets: QWidget, stretch: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        is_wide = widget is stretch or isinstance(widget, QComboBox)
        row.addWidget(widget, 3 if widget is stretch else int(is_wide))
    return row
