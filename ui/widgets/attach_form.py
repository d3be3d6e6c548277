"""A form, in place, to say what some audio files are and when they begin."""

from __future__ import annotations

from dataclasses import dataclass
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
from ui.widgets.kind_chooser import KindChooser
from ui.widgets.start_line import StartLine, start_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent

    from app.domain.media import MediaStream

FILE_FILTER = "*.wav *.flac *.mp3 *.m4a *.ogg *.opus *.aac *.mp4 *.mkv *.webm *.mov *.avi"
GUESS_FROM_NAME = ""
LETTERS_OF_STREAM = 18


@dataclass(frozen=True, slots=True)
class AttachWish:
    """What a person asks to attach.

    ``start_utc`` None: as each file tells it; ``labels`` None: from the names; ``stream`` None:
    every audio stream of a file.
    """

    files: Sequence[Path]
    start_utc: datetime | None
    kind: SessionKind
    labels: Sequence[TrackLabel] | None = None
    stream: int | None = None


class AttachForm(QFrame):
    """Files come by typing a path, by choosing, or by dropping them on the window.

    When they begin is what they tell themselves (``suggest``), else for a person to say.

    Signals:
        files_named: Paths; somebody who can read them may suggest when they begin, and offer
            their streams.
        attach_requested: An ``AttachWish``.
        mend_requested: Not files: a session that is there began at another time.
        closed: The form is gone again.
    """

    files_named = Signal(object)
    attach_requested = Signal(object)
    mend_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.path = QLineEdit()
        self.path.setPlaceholderText(self.tr("Path of an audio or video file, or drop files here"))
        self.path.setAccessibleName(self.tr("Path of a file"))
        self.path.returnPressed.connect(self._on_attach)
        self.path.editingFinished.connect(self._on_named)
        choose = QPushButton(self.tr("Choose…"))
        choose.setToolTip(self.tr("Choose files from a folder"))
        choose.clicked.connect(self._on_choose)
        self.start = StartLine()
        self.start.returnPressed.connect(self._on_attach)
        self.kind = KindChooser(self.tr("What was recorded"))
        self.track = self._chooser(
            {
                self.tr("Track by name"): GUESS_FROM_NAME,
                self.tr("Room"): TrackLabel.ROOM,
                self.tr("Bridge"): TrackLabel.BRIDGE,
            },
            self.tr("Which track the files are"),
        )
        self.stream = self._chooser({}, self.tr("Which audio stream of the file"))
        # A title comes from the file and may be of any length.
        self.stream.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.stream.setMinimumContentsLength(LETTERS_OF_STREAM)
        self.complaint = QLabel()
        self.complaint.setObjectName("warning")
        self.complaint.hide()
        self.told = QLabel()
        self.told.setObjectName("hint")
        self.told.hide()
        self._suggested = ""
        self._named: list[Path] = []
        self._wanted_stream: int | None = None
        self._lay_out(choose)
        self.hide()

    @Slot()
    def open_form(self) -> None:
        """Show the form, empty, ready to type; one that is open already keeps what was typed."""
        if not self.isVisible():
            for line in (self.path, self.start):
                line.clear()
            self._forget_suggestion()
            self.complaint.hide()
            self.show()
        self.path.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def offer(self, files: Iterable[Path]) -> None:
        """Show the form for these files, ready to say when they begin."""
        self.open_form()
        self.path.setText(_joined(files))
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_named()

    def suggest(self, files: Sequence[Path], start: datetime, words: str) -> None:
        """Show when these files begin, as they tell it, unless a person has said so already."""
        if not self.isVisible() or files != self._files():
            return
        if self.start.text().strip() in {"", self._suggested}:
            self._suggested = start_text(start)
            self.start.setText(self._suggested)
            of_one = self.tr("The start is {0}. Mend it where it is wrong.")
            of_several = self.tr(
                "The first start is {0}. Each file begins as it tells itself; another start, "
                "typed here, is that of all of them."
            )
            self.told.setText((of_several if len(files) > 1 else of_one).format(words))
            self.told.show()
            self.complaint.hide()

    def offer_streams(self, files: Sequence[Path], streams: Sequence[MediaStream]) -> None:
        """Let a person choose, where these files have several audio streams."""
        if files != self._files() or len(streams) < 2:  # noqa: PLR2004  one needs no choice
            return
        self.stream.clear()
        self.stream.addItem(self.tr("All {0} audio streams").format(len(streams)), None)
        for stream in streams:
            title = f": {stream.title}" if stream.title else ""
            self.stream.addItem(self.tr("Stream {0}").format(stream.number) + title, stream.number)
        self.stream.setCurrentIndex(max(0, self.stream.findData(self._wanted_stream)))
        self.stream.show()

    def show_again(self, wish: AttachWish) -> None:
        """Show what could not be attached, to be mended; the focus stays where it is.

        Unless the form has been opened for other files meanwhile.
        """
        if self.isVisible():
            return
        self.path.setText(_joined(wish.files))
        self._forget_suggestion()
        self.start.setText("" if wish.start_utc is None else start_text(wish.start_utc))
        self.kind.setCurrentIndex(self.kind.findData(wish.kind))
        label = wish.labels[0] if wish.labels else GUESS_FROM_NAME
        self.track.setCurrentIndex(self.track.findData(label))
        self.complaint.hide()
        self.show()
        self._on_named()
        self._wanted_stream = wish.stream

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
        mend = QPushButton(self.tr("Mend a start…"))
        mend.setToolTip(self.tr("Say when a session that is there already really began"))
        mend.clicked.connect(self.mend_requested)
        for row in (first, second):
            row.setSpacing(8)
        first.addWidget(QLabel(self.tr("Files")))
        first.addWidget(self.path, 1)
        first.addWidget(self.stream)
        first.addWidget(choose)
        first.addWidget(mend)
        second.addWidget(QLabel(self.tr("Begins (UTC)")))
        for widget in (self.start, self.kind, self.track):
            second.addWidget(widget)
        second.addStretch()
        second.addWidget(attach)
        second.addWidget(cancel)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        grid.setVerticalSpacing(8)
        grid.addLayout(first, 0, 0)
        grid.addLayout(second, 1, 0)
        grid.addWidget(self.told, 2, 0)
        grid.addWidget(self.complaint, 3, 0)

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
        files = self._files()
        if not files:
            self._complain(self.tr("Name a file."), self.path)
            return
        as_told = bool(self._suggested) and self.start.text().strip() == self._suggested
        try:
            start = None if as_told else self.start.moment()
        except ValueError as problem:
            self._complain(str(problem), self.start)
            return
        label = self.track.currentData()
        labels = None if label == GUESS_FROM_NAME else [TrackLabel(label)] * len(files)
        wish = AttachWish(files, start, self.kind.kind(), labels, self.stream.currentData())
        self.attach_requested.emit(wish)
        self.close_form()

    def _files(self) -> list[Path]:
        typed = [part.strip() for part in self.path.text().split(";")]
        return [Path(part).expanduser() for part in typed if part]

    @Slot()
    def _on_named(self) -> None:
        files = self._files()
        if files == self._named:
            return
        if self._suggested and self.start.text().strip() == self._suggested:
            self.start.clear()
        self._forget_suggestion()
        self._named = files
        if files:
            self.files_named.emit(files)

    def _forget_suggestion(self) -> None:
        self._suggested = ""
        self._named = []
        self._wanted_stream = None
        self.told.hide()
        self.stream.clear()
        self.stream.hide()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)


def _joined(files: Iterable[Path]) -> str:
    return "; ".join(str(file) for file in files)
