"""Connects what people do to the timeline with the use cases that do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.ids import EntryId
from app.domain.timeline import EntryKind, TimelineEntry
from ui.first_words import first_words
from ui.transcript.chosen import chosen_words
from ui.transcript.row import MarkerRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import IncidentId
    from app.domain.record import Operation
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident
    from ui.transcript.row import TranscriptRow


class RecordEditing(QObject):
    """Promotes, rewords, removes, undoes. The screen follows by events, not by what it asked."""

    def __init__(
        self, program: Program, storage: Lane, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._program = program
        self._storage = storage
        self._window = window
        self._incident = incident
        self._timeline = window.record.timeline
        self._tools = window.record.tools
        window.transcript.view.promote_requested.connect(self.promote)
        window.transcript.view.as_heard_requested.connect(self._on_as_heard_requested)
        window.record.timeline_model.text_edited.connect(self._on_text_edited)
        self._timeline.kind_requested.connect(self._on_kind_requested)
        self._timeline.remove_requested.connect(self._on_remove_requested)
        self._tools.undo_requested.connect(self.undo)
        self._tools.redo_requested.connect(self.redo)
        incident.opened.connect(self._on_opened)

    @Slot(object)
    def promote(self, kind: EntryKind) -> None:
        """Make an entry of the selected words, or of the marker that is selected alone."""
        incident_id, promotion = self._incident.incident_id, self._program.promotion
        chosen = self._window.transcript.view.selected_rows()
        selection = chosen_words(self._window.transcript.view)
        if incident_id is None or not chosen:
            return
        marked = chosen[0][0]
        if selection:
            self._storage.run(
                lambda: promotion.promote(incident_id, selection, kind=kind), self._on_promoted
            )
        elif isinstance(marked, MarkerRow):
            marker_id = marked.marker.id
            self._storage.run(
                lambda: promotion.promote_marker(incident_id, marker_id, kind=kind),
                self._on_promoted,
            )

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        self._step(self._program.editing.undo, self._on_undone)

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(self._program.editing.redo, self._on_redone)

    def _step(
        self,
        work: Callable[[IncidentId], Operation | None],
        then: Callable[[Operation | None], None],
    ) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._storage.run(lambda: work(incident_id), then)

    def _on_promoted(self, operation: Operation) -> None:
        entries = [c.after for c in operation.changes if isinstance(c.after, TimelineEntry)]
        for entry in entries:
            self._timeline.show_entry(entry.id)
            text = self.tr("Promoted as {0}: {1}. Ctrl+Z takes it back.")
            self._window.status.say(text.format(entry.kind.value, first_words(entry.text)))

    def _on_undone(self, operation: Operation | None) -> None:
        if operation is None:
            self._window.status.say(self.tr("There is nothing to undo."))
        else:
            self._show_step(self.tr("Taken back: {0}"), operation)

    def _on_redone(self, operation: Operation | None) -> None:
        if operation is None:
            self._window.status.say(self.tr("There is nothing to redo."))
        else:
            self._show_step(self.tr("Done again: {0}"), operation)

    def _show_step(self, text: str, operation: Operation) -> None:
        """Say what was done to which entry; one that came back is current again."""
        for change in operation.changes:
            if None in {change.before, change.after} and isinstance(change.entity, TimelineEntry):
                self._timeline.show_entry(change.entity.id)
        entries = _entries_of(operation)
        words = f" ({first_words(entries[0].text)})" if entries else ""
        self._window.status.say(text.format(operation.label) + words)

    @Slot()
    def _on_as_heard_requested(self) -> None:
        """Take the glossary's spellings in the selected words back."""
        glossary = self._program.glossary
        chosen = [
            (row.segment.id, None if first is None or last is None else range(first, last + 1))
            for row, first, last in self._window.transcript.view.selected_rows()
            if not isinstance(row, MarkerRow) and _holds_spelling(row, first, last)
        ]
        if chosen:
            self._step(lambda one: glossary.take_back(one, chosen), self._on_as_heard)
        else:
            self._window.status.say(self.tr("No spelling of the glossary is selected."))

    def _on_as_heard(self, _operation: Operation | None) -> None:
        self._window.status.say(self.tr("Spelled as it was heard. Ctrl+Z takes it back."))

    @Slot(str, str)
    def _on_text_edited(self, entry_id: str, text: str) -> None:
        editing = self._program.editing
        self._step(lambda one: editing.set_text(one, EntryId(entry_id), text), self._on_reworded)

    @Slot(str, object)
    def _on_kind_requested(self, entry_id: str, kind: EntryKind) -> None:
        editing = self._program.editing
        self._step(lambda one: editing.set_kind(one, EntryId(entry_id), kind), self._on_changed)

    @Slot(str)
    def _on_remove_requested(self, entry_id: str) -> None:
        editing = self._program.editing
        self._step(
            lambda incident_id: editing.remove_entry(incident_id, EntryId(entry_id)),
            self._on_removed,
        )

    def _on_removed(self, operation: Operation | None) -> None:
        for entry in _entries_of(operation):
            text = self.tr("Removed: {0}. Ctrl+Z brings it back.")
            self._window.status.say(text.format(first_words(entry.text)))

    def _on_reworded(self, operation: Operation | None) -> None:
        for entry in _entries_of(operation):
            text = self.tr("Reworded: {0}. Ctrl+Z takes it back.")
            self._window.status.say(text.format(first_words(entry.text)))

    def _on_changed(self, operation: Operation | None) -> None:
        for entry in _entries_of(operation):
            text = self.tr("Now a {0}: {1}. Ctrl+Z takes it back.")
            self._window.status.say(text.format(entry.kind.value, first_words(entry.text)))

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        self._tools.set_ready(on=True)
        self._window.transcript.allow_recognising(on=True)


def _holds_spelling(row: TranscriptRow, first: int | None, last: int | None) -> bool:
    words = range(first or 0, len(row.words) if last is None else last + 1)
    return any(row.heard_as(word) is not None for word in words)


def _entries_of(operation: Operation | None) -> list[TimelineEntry]:
    """Return what of the timeline a step has changed, as it stands, or stood before it went."""
    changes = () if operation is None else operation.changes
    return [one.entity for one in changes if isinstance(one.entity, TimelineEntry)]
