"""Shows the remembered voices, and has done what a person chooses there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.errors import (
    AppError,
    NameTakenError,
    PassphraseNeededError,
    WrongPassphraseError,
)
from app.domain.transcript import Speaker
from app.domain.voice_prints import VoicePrint, VoiceSuggestion
from ui.voices.rows import VoicesShown, nameable

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import IncidentId
    from app.services.program import Program
    from ui.background import Lanes
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident
    from ui.voices.rows import Row


class RememberedVoices(QObject):
    """Works off the window's thread: a keyring may ask a person, and listening takes time."""

    def __init__(
        self, program: Program, lanes: Lanes, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._program = program
        self._lanes = lanes
        self._window = window
        self._form = window.voices
        self._incident = incident
        self._shown = VoicesShown(is_on=False, kept_by="")
        self._after_passphrase: Callable[[], None] = self._look
        window.transcript.voices_requested.connect(self._on_requested)
        self._form.switched.connect(self._on_switched)
        self._form.passphrase_given.connect(self._on_passphrase_given)
        self._form.row_chosen.connect(self._on_row_chosen)
        self._form.forget_all_requested.connect(self._on_forget_all_requested)
        incident.opened.connect(self._on_opened)

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        self._window.transcript.voices_button.setEnabled(True)
        self._form.close_form()

    @Slot()
    def _on_requested(self) -> None:
        if self._form.isVisible():
            self._form.close_form()
        else:
            self._form.open_form()
            self._look()

    def _look(self) -> None:
        """Read what is kept; then, where it is allowed, listen for who the others may be."""
        self._after_passphrase = self._look
        self._lanes.looking.run(self._read, self._on_read, self._on_failed)

    def _read(self) -> VoicesShown:
        prints, incident_id = self._program.voice_prints, self._incident.incident_id
        kept = prints.kept()
        speakers = () if incident_id is None else self._program.store.record(incident_id).speakers
        is_on = prints.is_on
        return VoicesShown(
            is_on,
            prints.kept_by if kept else "",
            named=nameable(speakers, kept) if is_on else (),
            kept=kept,
        )

    def _on_read(self, shown: VoicesShown) -> None:
        self._show(shown)
        incident_id = self._incident.incident_id
        if shown.is_on and shown.kept and incident_id is not None and self._form.isVisible():
            self._form.say(self.tr("Listening for who the other voices may be…"))
            self._lanes.work.run(
                lambda: self._program.voice_prints.suggest(incident_id),
                lambda found: self._on_suggested(shown, tuple(found)),
                self._on_failed,
            )

    def _on_suggested(self, shown: VoicesShown, found: tuple[VoiceSuggestion, ...]) -> None:
        if self._shown is shown:  # else it was asked for again meanwhile
            self._show(VoicesShown(shown.is_on, shown.kept_by, found, shown.named, shown.kept))

    def _show(self, shown: VoicesShown) -> None:
        self._shown = shown
        if self._form.isVisible():
            self._form.show_voices(shown)

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:  # noqa: FBT001  a slot
        self._lanes.looking.run(
            lambda: self._program.voice_prints.switch(on=on),
            lambda _nothing: self._look(),
            self._on_failed,
        )

    @Slot(str)
    def _on_passphrase_given(self, passphrase: str) -> None:
        self._program.voice_prints.unlock(passphrase)
        self._after_passphrase()

    @Slot(object)
    def _on_row_chosen(self, row: Row) -> None:
        incident_id = self._incident.incident_id
        prints = self._program.voice_prints
        match row:
            case VoiceSuggestion() if incident_id is not None:
                self._lanes.storage.run(
                    lambda: self._accept(incident_id, row),
                    lambda _step: self._look(),
                    self._on_failed,
                )
            case Speaker():
                self._remember(row)
            case VoicePrint():
                self._lanes.looking.run(
                    lambda: prints.forget(row.id), lambda _gone: self._look(), self._on_failed
                )
            case _:
                pass

    def _accept(self, incident_id: IncidentId, suggestion: VoiceSuggestion) -> None:
        """Name a voice as the person says; where one is called so, the two are the same person."""
        people, voice = self._program.people, suggestion.speaker_id
        try:
            people.rename(incident_id, voice, suggestion.name)
        except NameTakenError as taken:
            people.merge(incident_id, voice, taken.other)

    def _remember(self, speaker: Speaker) -> None:
        prints = self._program.voice_prints
        self._after_passphrase = lambda: self._remember(speaker)
        self._form.say(self.tr("Listening to {0}…").format(speaker.shown_as))
        self._lanes.work.run(
            lambda: prints.remember(speaker.incident_id, speaker.id),
            lambda _made: self._look(),
            self._on_failed,
        )

    @Slot()
    def _on_forget_all_requested(self) -> None:
        self._lanes.looking.run(
            self._program.voice_prints.forget_all,
            lambda _nothing: self._look(),
            self._on_failed,
        )

    def _on_failed(self, error: Exception) -> None:
        """Say what a person can mend where they look; all else is told as everywhere."""
        if not isinstance(error, AppError) or not self._form.isVisible():
            self._lanes.work.failed.emit(error)
            return
        if isinstance(error, PassphraseNeededError | WrongPassphraseError):
            prints = self._program.voice_prints
            self._form.ask_passphrase(str(error), is_on=prints.is_on, is_new=not prints.keeps_any)
        else:
            self._form.say(f"{error} {error.remedy}")
