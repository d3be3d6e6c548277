"""A form, in place, to say what some audio files are and when they begin."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.domain.sessions import SessionKind, TrackLabel
from ui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
FILE_FILTER = "*.wav *.flac *.mp3 *.m4a *.ogg *.opus *.aac *.mp4 *.mkv *.webm *.mov *.avi"
GUESS_FROM_NAME = ""


class AttachForm(QFrame):
    """Files come by typing a path, by choosing, or by dropping them on the window.

    Signals:
        attach_requested: Paths, aware start, ``SessionKind``, and labels (None: from the names).
        closed: The form is gone again.
    """

    attach_requested = Signal(object, object, object, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._files: list[Path] = []
        self.path = QLineEdit()
        self.path.setPlaceholderText(self.tr("Path of an audio or video file, or drop files here"))
        self.path.setAccessibleName(self.tr("Path of a file"))
        self.path.returnPressed.connect(self._on_attach)
        choose = QPushButton(self.tr("Choose…"))
        choose.setToolTip(self.tr("Choose files from a folder"))
        choose.clicked.connect(self._on_choose)
        self.start = QLineEdit()
        self.start.setAccessibleName(self.tr("Start of the recording, UTC"))
        self.start.setToolTip(self.tr("When the recording begins: date and time in UTC"))
        self.start.returnPressed.connect(self._on_attach)
        self.kind = self._chooser(
            {
                self.tr("Bridge call"): SessionKind.BRIDGE,
                self.tr("War room"): SessionKind.ROOM,
                self.tr("Hallway"): SessionKind.HALLWAY,
                self.tr("Handoff"): SessionKind.HANDOFF,
                self.tr("Debrief"): SessionKind.HOTWASH,
            },
            self.tr("What was recorded"),
        )
        self.track = self._chooser(
            {
                self.tr("Track by name"): GUESS_FROM_NAME,
                self.tr("Room"): TrackLabel.ROOM,
                self.tr("Bridge"): TrackLabel.BRIDGE,
            },
            self.tr("Which track the files are"),
        )
        self.complaint = QLabel()
        self.complaint.setObjectName("warning")
        self._lay_out(choose)
        self.hide()

    @Slot()
    def open_form(self) -> None:
        """Show the form, ready to type."""
        self._files = []
        self.path.clear()
        self.start.setText(f"{datetime.now(UTC):{TIME_FORMAT}}")
        self.complaint.hide()
        self.show()
        self.path.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def offer(self, files: Iterable[Path]) -> None:
        """Show the form for these files; their own time is the first guess for the start."""
        self.open_form()
        self._files = list(files)
        self.path.setText("; ".join(str(file) for file in self._files))
        changed = [file.stat().st_mtime for file in self._files if file.exists()]
        if changed:
            self.start.setText(f"{datetime.fromtimestamp(min(changed), UTC):{TIME_FORMAT}}")

    @Slot()
    def close_form(self) -> None:
        """Hide the form."""
        self.hide()
        self.closed.emit()

    def _chooser(self, choices: dict[str, object], name: str) -> Chooser:
        chooser = Chooser()
        for text, value in choices.items():
            chooser.addItem(text, value)
        chooser.setAccessibleName(name)
        chooser.setToolTip(name)
        return chooser

    def _lay_out(self, choose: QPushButton) -> None:
        attach = QPushButton(self.tr("Attach and transcribe"))
        attach.setObjectName("primary")
        attach.clicked.connect(self._on_attach)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.close_form)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(8)
        first.addWidget(QLabel(self.tr("Files")))
        first.addWidget(self.path, 1)
        first.addWidget(choose)
        second.addWidget(QLabel(self.tr("Begins (UTC)")))
        for widget in (self.start, self.kind, self.track, self.complaint):
            second.addWidget(widget)
        second.addStretch()
        second.addWidget(attach)
        second.addWidget(cancel)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        grid.setVerticalSpacing(8)
        grid.addLayout(first, 0, 0)
        grid.addLayout(second, 1, 0)

    def _complain(self, text: str, where: QWidget) -> None:
        self.complaint.setText(f"! {text}")
        self.complaint.show()
        where.setFocus()

    @Slot()
    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Audio and video ({0})").format(FILE_FILTER), "* (*)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.filesSelected.connect(self._on_chosen)
        dialog.show()

    @Slot(list)
    def _on_chosen(self, files: list[str]) -> None:
        self.offer(Path(file) for file in files)

    @Slot()
    def _on_attach(self) -> None:
        typed = [part.strip() for part in self.path.text().split(";")]
        files = [Path(part).expanduser() for part in typed if part]
        if not files:
            self._complain(self.tr("Name a file."), self.path)
            return
        try:
            start = datetime.fromisoformat(self.start.text().strip())
        except ValueError:
            self._complain(self.tr("Write the start as 2026-03-12 14:46:00."), self.start)
            return
        start = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
        label = self.track.currentData()
        labels = None if label == GUESS_FROM_NAME else [TrackLabel(label)] * len(files)
        kind = SessionKind(self.kind.currentData())  # Qt hands back a plain str
        self.attach_requested.emit(files, start, kind, labels)
        self.close_form()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)
