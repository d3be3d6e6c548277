"""What is done to an entry after it stands: its time, its life, its result, its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication

from app.domain.errors import AppError, InvalidRecordError
from app.domain.timeline import EntryKind
from app.services.typed_moment import typed_moment
from ui.first_words import first_words
from ui.presenters.evidence_line import evidence_of, evidence_preview, kind_of
from ui.presenters.line_preview import typed_time, when_text
from ui.timeline.entry_commands import (
    EntryCommand,
    anchor_menu,
    fits,
    result_menu,
)
from ui.timeline.offered import Offered, offered
from ui.widgets.entry_bar import Preview, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.evidence import Evidence, EvidenceKind
    from app.domain.ids import IncidentId
    from app.domain.timeline import Anchor, MitigationResult, TimelineEntry
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident

_PLACE = "time"


class EntryLife(QObject):
    """Asks in the entry line what must be asked, and has it done on the storage lane."""

    def __init__(
        self, program: Program, storage: Lane, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._program = program
        self._storage = storage
        self._window = window
        self._view = window.record.timeline
        self._bar = window.entry
        self._incident = incident
        self._view.command_requested.connect(self._on_command_requested)
        self._view.evidence_offered.connect(self._on_evidence_offered)

    @Slot(object, object)
    def _on_command_requested(self, command: EntryCommand, entry: TimelineEntry) -> None:
        if not fits(command, entry):
            self._window.status.say(_unfit(self, command, entry))
            return
        editing = self._program.timeline_editing
        match command:
            case EntryCommand.RETIME:
                self._ask_time(entry)
            case EntryCommand.CONFIRM:
                self._confirm(entry)
            case EntryCommand.DISPROVE:
                self._do(lambda one: editing.disprove(one, entry.id), self.tr("Ruled out"), entry)
            case EntryCommand.REOPEN:
                self._do(lambda one: editing.reopen(one, entry.id), self.tr("Open again"), entry)
            case EntryCommand.RESULT:
                menu = result_menu(self._view, entry, lambda one: self._set_result(entry, one))
                self._view.open_menu(menu)
            case EntryCommand.ANCHOR:
                self._open_anchors(entry)
            case EntryCommand.EVIDENCE:
                self._ask_evidence(entry)
            case EntryCommand.LOOK:
                self._window.shelf.setFocus(Qt.FocusReason.ShortcutFocusReason)
            case _:
                pass

    def _do(
        self,
        work: Callable[[IncidentId], object],
        said: str,
        entry: TimelineEntry,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Have something done, and say to which entry and that Ctrl+Z takes it back."""
        incident_id = self._incident.incident_id
        if incident_id is not None:
            text = self.tr("{0}: {1}. Ctrl+Z takes it back.").format(said, first_words(entry.text))
            self._storage.run(
                lambda: work(incident_id), lambda _done: self._window.status.say(text), failed
            )

    # When

    def _ask_time(self, entry: TimelineEntry) -> None:
        record = self._incident.record
        if record is None:
            return
        zone = record.incident.display_timezone
        stands = typed_time(entry, zone)

        def preview(typed: str) -> Preview:
            if typed.strip() == stands and entry.occurred_at is not None:
                when = when_text(entry.occurred_at, entry.precision, zone)
                return Preview(self.tr("{0}, as it stands").format(when))
            if not typed.strip():
                words = self.tr("Type when it was, such as 14:02, or “unknown”.")
                return Preview(words, is_problem=True)
            try:
                moment = typed_moment(record, typed, entry=entry, place=_PLACE)
            except InvalidRecordError as error:
                problem = str(error).removeprefix(f"{_PLACE}: ")
                return Preview(f"{problem} {error.remedy}", is_problem=True)
            return Preview(
                f"→ {when_text(moment.at, moment.precision, zone, now=entry.occurred_at)}"
            )

        def answer(typed: str) -> None:
            if typed.strip() == stands:
                self._window.status.say(self.tr("Its time stays as it was."))
                return
            editing = self._program.timeline_editing
            said = self.tr("Re-timed, its first time is kept")
            self._do(lambda one: editing.retime(one, entry.id, typed), said, entry)

        prompt = self.tr("When was “{0}”?").format(first_words(entry.text))
        example = self.tr("14:02 or unknown")
        self._bar.ask(Question(prompt, preview, answer, text=stands, example=example))

    # What it marks, and what it led to

    def _set_result(self, entry: TimelineEntry, result: MitigationResult | None) -> None:
        editing = self._program.timeline_editing
        said = self.tr("Result set") if result is not None else self.tr("Result taken off")
        self._do(lambda one: editing.set_result(one, entry.id, result), said, entry)

    def _open_anchors(self, entry: TimelineEntry) -> None:
        menu = anchor_menu(
            self._view,
            entry,
            lambda anchor: self._set_anchor(entry, anchor),
            lambda: self._ask_because(entry),
        )
        self._view.open_menu(menu)

    def _set_anchor(
        self, entry: TimelineEntry, anchor: Anchor | None, because: str | None = None
    ) -> None:
        editing = self._program.timeline_editing
        self._do(
            lambda one: editing.set_anchor(one, entry.id, anchor, because=because),
            self.tr("Anchor set") if anchor is not None else self.tr("Anchor taken off"),
            entry,
        )

    def _ask_because(self, entry: TimelineEntry) -> None:
        self._bar.ask(
            Question(
                self.tr("No evidence, because"),
                lambda _typed: Preview(self.tr("Empty takes the reason back.")),
                lambda reason: self._set_anchor(entry, entry.anchor, reason.strip()),
                text=entry.no_evidence_because or "",
                example=self.tr("the dashboard keeps a week only"),
            )
        )

    # What proves it

    def _confirm(self, entry: TimelineEntry) -> None:
        if not entry.evidence:
            self._ask_evidence(entry, confirms=True)
            return
        editing = self._program.timeline_editing
        self._do(lambda one: editing.confirm(one, entry.id), self.tr("Confirmed"), entry)

    def _ask_evidence(
        self, entry: TimelineEntry, *, text: str = "", confirms: bool = False, failed: str = ""
    ) -> None:
        prompt = self.tr("What confirms it?") if confirms else self.tr("Evidence:")
        clip = offered(QGuiApplication.clipboard().mimeData())
        if not text and len(clip.things) == 1:
            text = str(clip.things[0])
        picture = clip.picture

        def preview(typed: str) -> Preview:
            if not typed.strip() and picture:
                return Preview(self.tr("Ctrl+V attaches the picture in the clipboard"))
            found = evidence_preview(typed)
            if failed and typed == text and not found.is_problem:
                return Preview(failed, warns=True)  # Return tries it once more
            return found

        def answer(typed: str) -> None:
            thing, kind = evidence_of(typed)

            def on_failed(error: Exception) -> None:
                if self._bar.is_asking or not isinstance(error, AppError):
                    self._storage.failed.emit(error)
                else:
                    words = f"{error} {error.remedy}"
                    self._ask_evidence(entry, text=typed, confirms=confirms, failed=words)

            self._attach(entry, (thing,), kind, confirms=confirms, failed=on_failed)

        def paste() -> bool:
            now = offered(QGuiApplication.clipboard().mimeData())
            if now.picture:
                self._bar.leave()
                self._attach_picture(entry, now.picture, confirms=confirms)
            return bool(now.picture)

        example = self.tr("https://… or a file; Ctrl+V pastes a picture")
        self._bar.ask(Question(prompt, preview, answer, text=text, example=example, paste=paste))

    @Slot(object, object)
    def _on_evidence_offered(self, entry: TimelineEntry, things: Offered) -> None:
        unsure = [one for one in things.things if kind_of(one) is None]
        if things.picture:
            self._attach_picture(entry, things.picture)
        elif len(unsure) == 1 == len(things.things):
            self._ask_evidence(entry, text=str(unsure[0]))  # its kind is for a person to say
        elif things.things:
            self._attach(entry, things.things)
        else:
            self._window.status.say(
                self.tr("The clipboard holds no picture, link or file. V types one.")
            )

    def _attach(
        self,
        entry: TimelineEntry,
        things: Sequence[str | Path],
        kind: EvidenceKind | None = None,
        *,
        confirms: bool = False,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        # Pillow comes with it, and must not hold up the first picture of the window
        from app.services.evidence_store import EvidenceWords  # noqa: PLC0415

        store, words = self._program.evidence, EvidenceWords(kind)
        self._keep(
            entry,
            lambda one: store.add(one, things, words, entry_id=entry.id),
            confirms=confirms,
            failed=failed,
        )

    def _attach_picture(
        self, entry: TimelineEntry, picture: bytes, *, confirms: bool = False
    ) -> None:
        store = self._program.evidence
        self._keep(
            entry,
            lambda one: [store.add_picture(one, picture, entry_id=entry.id)],
            confirms=confirms,
        )

    def _keep(
        self,
        entry: TimelineEntry,
        add: Callable[[IncidentId], Sequence[Evidence]],
        *,
        confirms: bool,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        editing = self._program.timeline_editing

        def work(incident_id: IncidentId) -> None:
            add(incident_id)
            if confirms:
                editing.confirm(incident_id, entry.id)

        said = self.tr("Confirmed by what was attached") if confirms else self.tr("Attached")
        self._do(work, said, entry, failed)


def _unfit(owner: QObject, command: EntryCommand, entry: TimelineEntry) -> str:
    if command is EntryCommand.LOOK:
        return owner.tr("It has no evidence. V attaches some.")
    if command is EntryCommand.RESULT:
        if entry.kind is EntryKind.HYPOTHESIS:
            return owner.tr(
                "A hypothesis has no result: C confirms it, X rules it out. A makes it an action."
            )
        moment = "" if entry.anchor is None else entry.anchor.value.replace("_", " ")
        words = owner.tr("What marks “{0}” has no result. N makes it a mitigation attempt.")
        return words.format(moment)
    if entry.kind is not EntryKind.HYPOTHESIS:
        return owner.tr("It is a {0}, not a hypothesis. H makes it one.").format(entry.kind.value)
    return owner.tr("It stands so already.")
