"""Lets a person look at evidence: small beside its entry, large, or in another program."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QImage

from app.domain.errors import AppError, EvidenceError
from app.domain.evidence import EvidenceKind
from app.domain.evidence_kinds import checked_link, kind_of_file
from ui.evidence.looks import PLAIN, Look
from ui.evidence.model import EvidenceRow
from ui.first_words import first_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.evidence import Evidence
    from app.domain.ids import EvidenceId
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry
    from app.services.evidence_store import OpenedEvidence
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.opener import Opener
    from ui.presenters.open_incident import OpenIncident

T = TypeVar("T")
R = TypeVar("R")
LARGE_PX = 2_560
# What a program that is set for it shows, and does not run
SHOWN_ELSEWHERE = frozenset({".txt", ".log", ".csv", ".tsv", ".json", ".md", ".pdf"})


class Looking(QObject):
    """Reads files on a lane of their own; the record decides what there is to see."""

    def __init__(
        self,
        program: Program,
        lane: Lane,
        window: MainWindow,
        incident: OpenIncident,
        opener: Opener,
    ) -> None:
        super().__init__(window)
        self._store = program.evidence
        self._lane = lane
        self._window = window
        self._incident = incident
        self._opener = opener
        self._looks = window.record.looks
        self._openings = 0  # what was read before another opening may hold no longer
        # Queued: it is sent while painting
        self._looks.wanted.connect(self._on_wanted, Qt.ConnectionType.QueuedConnection)
        for pieces in (window.shelf, window.record.evidence):
            pieces.open_requested.connect(self._on_open_requested)
            pieces.left.connect(self._on_left)
        window.viewer.link_requested.connect(self._follow_link)
        window.viewer.folder_requested.connect(self._on_folder_requested)
        incident.record_changed.connect(self._on_record_changed)
        incident.opened.connect(self._on_incident_opened)
        window.record.currentChanged.connect(self._show_shelf)
        window.record.timeline.selectionModel().currentChanged.connect(self._show_shelf)
        self._show_shelf()

    # What there is

    @Slot()
    def _on_record_changed(self) -> None:
        record = self._incident.record
        rows = [] if record is None else self._rows(record)
        self._looks.forget_flawed()  # added again, a file takes its old place
        tabs = self._window.record
        tabs.evidence.pieces.show(rows)
        title = self.tr("Evidence {0}").format(len(rows)) if rows else self.tr("Evidence")
        tabs.setTabText(tabs.indexOf(tabs.evidence), title)
        self._show_shelf()

    def _rows(self, record: Record) -> list[EvidenceRow]:
        """Return all evidence in the order of the timeline; what no entry names comes last."""
        naming: dict[EvidenceId, list[TimelineEntry]] = {}
        for entry in record.timeline() if record.evidence else ():
            for one in entry.evidence:
                naming.setdefault(one, []).append(entry)
        place = {one: number for number, one in enumerate(naming)}
        pieces = sorted(record.evidence, key=lambda one: place.get(one.id, len(place)))
        return [EvidenceRow(one, self._proves(naming.get(one.id, []))) for one in pieces]

    def _proves(self, entries: Sequence[TimelineEntry]) -> str:
        if not entries:
            return self.tr("! no entry names it")
        first = f"{entries[0].kind.letter}  {first_words(entries[0].text)}"
        if len(entries) == 1:
            return first
        return self.tr("{0}, and {1} more").format(first, len(entries) - 1)

    @Slot()
    def _show_shelf(self) -> None:
        """Show the evidence of the current entry below the timeline."""
        tabs, shelf = self._window.record, self._window.shelf
        entry = tabs.timeline.current_entry
        on_timeline = tabs.currentWidget() is tabs.timeline
        found = tabs.timeline_model.evidence_of(entry) if entry and on_timeline else []
        had_focus = shelf.hasFocus()
        shelf.pieces.show([EvidenceRow(one) for one in found])
        shelf.setVisible(bool(found))
        if had_focus and not found:
            tabs.timeline.setFocus()

    @Slot()
    def _on_incident_opened(self) -> None:
        self._openings += 1
        self._looks.clear()
        self._window.viewer.close_picture()

    # How it looks

    @Slot(object)
    def _on_wanted(self, evidence: Evidence) -> None:
        self._read(
            lambda: self._look(evidence),
            lambda look: self._looks.put(evidence, look),
            lambda error: self._on_flawed(evidence, error),
        )

    def _read(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Read on the lane; what comes of it is told only to the opening that asked for it."""
        opening = self._openings

        def if_still_open(tell: Callable[[R], None]) -> Callable[[R], None]:
            return lambda outcome: tell(outcome) if opening == self._openings else None

        self._lane.run(work, if_still_open(then), if_still_open(failed))

    def _look(self, evidence: Evidence) -> Look:
        if kind_of_file(evidence.file or "") is EvidenceKind.SCREENSHOT:
            small = self._store.thumbnail(evidence)
            image = QImage(str(small))
            if image.isNull():
                raise EvidenceError(
                    f"The small picture {small} is damaged.", remedy="Delete it: it is made anew."
                )
            return Look(image)
        self._store.files.intact(evidence)
        return PLAIN

    def _on_flawed(self, evidence: Evidence, error: Exception) -> None:
        remedy = error.remedy if isinstance(error, AppError) else ""
        self._looks.put(evidence, Look(problem=f"{error} {remedy}".strip()))
        if not isinstance(error, EvidenceError):
            self._lane.failed.emit(error)

    # Opening it

    @Slot(object)
    def _on_open_requested(self, evidence: Evidence) -> None:
        if evidence.file is None:
            self._follow_link(evidence)
            return
        self._read(
            lambda: self._store.opened(evidence, LARGE_PX),
            lambda opened: self._on_opened(evidence, opened),
            lambda error: self._on_not_opened(evidence, error),
        )

    def _on_opened(self, evidence: Evidence, opened: OpenedEvidence) -> None:
        picture, path = opened.picture, opened.path
        if picture is not None:
            form, stride = QImage.Format.Format_RGBA8888, 4 * picture.width
            image = QImage(picture.rgba, picture.width, picture.height, stride, form)
            self._window.viewer.show_picture(evidence, image.copy())  # Qt only lends the bytes
        elif path.suffix in SHOWN_ELSEWHERE or kind_of_file(path.name) is not None:
            self._tell(str(path), opened=self._opener.open_path(path))
        else:
            text = self.tr("A file of that kind may do harm when opened: this is its folder.")
            self._window.status.say(text)
            self._tell(str(path.parent), opened=self._opener.open_path(path.parent))

    def _on_not_opened(self, evidence: Evidence, error: Exception) -> None:
        self._on_flawed(evidence, error)
        if isinstance(error, EvidenceError):
            self._lane.failed.emit(error)

    @Slot(object)
    def _follow_link(self, evidence: Evidence) -> None:
        try:
            url = checked_link(evidence.url or "")
        except ValueError as error:
            # It came with a bundle: what is typed here is checked before it is kept
            self._window.banner.show_problem(
                self.tr("The link is not followed: {0}.").format(error),
                self.tr("Attach it again, with an address that begins with https://."),
            )
            return
        self._tell(url, opened=self._opener.open_link(url))

    @Slot(object)
    def _on_folder_requested(self, evidence: Evidence) -> None:
        path = self._store.files.path_of(evidence)
        if path is not None:
            self._tell(str(path.parent), opened=self._opener.open_path(path.parent))

    def _tell(self, what: str, *, opened: bool) -> None:
        if not opened:
            self._window.banner.show_problem(
                self.tr("No program here opens {0}.").format(what),
                self.tr("Copy it from this line and open it yourself."),
            )

    @Slot()
    def _on_left(self) -> None:
        tabs = self._window.record
        tabs.setCurrentWidget(tabs.timeline)
        tabs.timeline.setFocus(Qt.FocusReason.OtherFocusReason)
