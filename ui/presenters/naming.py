"""Lets a person say who speaks: names, merges, splits, and whose the selected words are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from app.domain.errors import InvalidRecordError, NameTakenError
from app.domain.ids import SpeakerId
from ui.people.model import voice_rows
from ui.transcript.chosen import chosen_words
from ui.transcript.row import Passage, TranscriptRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import IncidentId
    from app.domain.record import Operation
    from app.domain.voice_samples import VoiceSample
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.people.model import VoiceRow
    from ui.presenters.listening import Listening
    from ui.presenters.open_incident import OpenIncident


SOON_MS = 300  # while people talk, lines come often, and each is counted


class Naming(QObject):
    """The screen follows by events, not by what it asked; the panel lists while it is open."""

    def __init__(
        self,
        program: Program,
        storage: Lane,
        window: MainWindow,
        incident: OpenIncident,
        listening: Listening,
    ) -> None:
        super().__init__(window)
        self._program = program
        self._storage = storage
        self._window = window
        self._incident = incident
        self._listening = listening
        self._view = window.transcript.view
        self._panel = window.transcript.people
        self._returns = False  # to the transcript, once a name is typed
        self._view.who_requested.connect(self._on_who_requested)
        self._view.give_requested.connect(self._on_sign_typed)
        self._view.split_requested.connect(self._on_split_requested)
        self._connect_panel()
        window.transcript.people_button.clicked.connect(self.open_or_close)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._refresh)
        window.transcript.model.modelReset.connect(self._soon.start)
        window.transcript.model.rowsInserted.connect(self._soon.start)
        window.transcript.model.dataChanged.connect(self._soon.start)
        incident.record_changed.connect(self._refresh)
        incident.opened.connect(self._on_opened)

    def _connect_panel(self) -> None:
        panel, table = self._panel, self._panel.table
        panel.model.name_edited.connect(self._on_name_edited)
        panel.model.role_edited.connect(self._on_role_edited)
        panel.merge_chosen.connect(self._on_merge_chosen)
        panel.split_requested.connect(self._on_split_requested)
        panel.closed.connect(self._close)
        table.samples_requested.connect(self._on_samples_requested)
        table.unmerge_requested.connect(self._on_unmerge_requested)
        table.give_requested.connect(self._on_give_requested)
        table.edit_ended.connect(self._on_edit_ended)

    @Slot()
    def open_or_close(self) -> None:
        """Show the voices and have the keys act on them, or hide them."""
        if self._panel.isVisible():
            self._close()
        else:
            self._open()
            self._panel.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # The panel

    def _open(self) -> None:
        self._panel.complain("")
        self._panel.show()
        self._refresh()

    @Slot()
    def _close(self) -> None:
        self._panel.hide()
        self._listening.player.stop()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _refresh(self) -> None:
        if not self._panel.isVisible():
            return
        if self._panel.table.is_editing:
            self._soon.start()
            return
        record = self._incident.record
        roles = () if record is None else record.roles
        known_names = sorted({role.person for role in roles if role.person})
        self._panel.show_voices(self._rows(), known_names)

    def _rows(self) -> list[VoiceRow]:
        record = self._incident.record
        rows = self._window.transcript.model.rows()
        said = [row.segment for row in rows if isinstance(row, TranscriptRow)]
        return [] if record is None else voice_rows(record, said)

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        self._panel.complain("")
        self._window.transcript.people_button.setEnabled(True)

    # Names and roles

    @Slot()
    def _on_who_requested(self) -> None:
        """Let the name of the voice of the current line be typed."""
        chosen = self._view.selected_rows()
        rows = [row for row, _first, _last in chosen if isinstance(row, TranscriptRow)]
        if not rows:
            return
        self._open()
        number = self._number_of(rows[0])
        if number is None:
            self._window.status.say(self.tr("Nobody is said to speak here yet."))
            return
        self._panel.table.choose(self._panel.model.row(number).voice.id)
        self._returns = True
        self._panel.table.edit_name()

    def _number_of(self, row: TranscriptRow) -> int | None:
        """Return the panel's row of who says a line."""
        voice = self._incident.voice_of(row.segment)
        return None if voice is None else self._panel.model.number_of(voice)

    @Slot()
    def _on_edit_ended(self) -> None:
        if self._returns:
            self._returns = False
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str, str)
    def _on_name_edited(self, voice: str, name: str) -> None:
        people = self._program.people
        self._step(
            lambda one: people.rename(one, SpeakerId(voice), name),
            self.tr("Named: {0}. Ctrl+Z takes it back.").format(name.strip() or self.tr("nobody")),
            SpeakerId(voice),
        )

    @Slot(str, str)
    def _on_role_edited(self, voice: str, role: str) -> None:
        people = self._program.people
        self._step(
            lambda one: people.set_role(one, SpeakerId(voice), role),
            self.tr("Role given. Ctrl+Z takes it back."),
        )

    # Which voices are one, and who said what

    @Slot(str, str)
    def _on_merge_chosen(self, voice: str, into: str) -> None:
        people = self._program.people
        self._panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._step(
            lambda one: people.merge(one, SpeakerId(voice), SpeakerId(into)),
            self.tr("Merged: they are one voice now. Ctrl+Z takes it back."),
        )

    @Slot(str)
    def _on_unmerge_requested(self, voice: str) -> None:
        """Take out what was merged into the voice last."""
        record, people = self._incident.record, self._program.people
        inside = (
            [] if record is None else [v.id for v in record.speakers if v.merged_into == voice]
        )
        if not inside:
            self._panel.complain(self.tr("No other voice was merged into this one."))
            return
        self._step(
            lambda one: people.unmerge(one, inside[-1]),
            self.tr("Taken apart again. Ctrl+Z takes it back."),
        )

    @Slot(int)
    def _on_sign_typed(self, sign: int) -> None:
        rows = self._rows()
        if sign <= len(rows):
            self._give(rows[sign - 1].voice.id, rows[sign - 1].voice.shown_as)
        else:
            self._window.status.say(self.tr("There is no voice {0}.").format(sign))

    @Slot(str)
    def _on_give_requested(self, voice: str) -> None:
        number = self._panel.model.number_of(SpeakerId(voice))
        if number is not None:
            self._give(SpeakerId(voice), self._panel.model.row(number).voice.shown_as)

    def _give(self, voice: SpeakerId, name: str) -> None:
        people, selection = self._program.people, chosen_words(self._view)
        self._step(
            lambda one: people.reassign(one, selection, voice),
            self.tr("Said by {0}. Ctrl+Z takes it back.").format(name),
        )

    @Slot(bool)
    def _on_split_requested(self, from_here: bool) -> None:  # noqa: FBT001  a signal's argument
        people, selection = self._program.people, chosen_words(self._view)

        def split(incident_id: IncidentId) -> Operation | None:
            if from_here and selection:
                return people.split_from(incident_id, selection[0].segment_id)
            return people.split(incident_id, selection)

        self._step(split, self.tr("A new voice. W names it; Ctrl+Z takes it back."))

    def _step(
        self,
        work: Callable[[IncidentId], Operation | None],
        done: str,
        voice: SpeakerId | None = None,
    ) -> None:
        """Do a step and say so; ``voice`` is the one that is named."""
        incident_id = self._incident.incident_id
        if incident_id is None:
            return
        self._panel.complain("")
        self._storage.run(
            lambda: work(incident_id),
            lambda operation: self._window.status.say(done) if operation is not None else None,
            lambda error: self._on_refused(error, voice),
        )

    def _on_refused(self, error: Exception, voice: SpeakerId | None) -> None:
        if not isinstance(error, InvalidRecordError):
            self._storage.failed.emit(error)
            return
        if not self._panel.isVisible():
            self._open()
        same = None
        if isinstance(error, NameTakenError) and voice is not None:
            same = voice, error.other
        self._panel.complain(f"{error} {error.remedy}", same)

    # Listening

    @Slot(str)
    def _on_samples_requested(self, voice: str) -> None:
        """Play three samples of a voice, one after the other; again: be silent."""
        incident_id, people = self._incident.incident_id, self._program.people
        if incident_id is not None:
            self._storage.run(
                lambda: people.samples(incident_id, SpeakerId(voice)), self._on_samples
            )

    def _on_samples(self, samples: tuple[VoiceSample, ...]) -> None:
        if not samples:
            self._panel.complain(self.tr("Nothing that this voice says is clear enough to tell."))
        self._listening.play(
            [
                Passage(one.track_id, one.span.start_ms, one.span.end_ms, one.segment_id)
                for one in samples
            ]
        )
