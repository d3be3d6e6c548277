"""Use case: mark, pause and find the window from whichever program one works in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError
from app.domain.events import ProblemArose, WindowRequested
from app.domain.shortcuts import ShortcutAction, shortcuts_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus
    from app.domain.recording_ports import Notifier, Recording
    from app.domain.sessions import Marker, MarkerKind, Pause, Session
    from app.domain.shortcuts import GlobalShortcuts

log = logging.getLogger(__name__)


class RunningDesk(Protocol):
    """What of the recording desk is needed here."""

    def reattach(self) -> Session | None:
        """Find the recording that runs, whoever started it; None if none does."""

    def running(self) -> tuple[Recording, Session]:
        """Return what is being recorded.

        Raises:
            CaptureError: Nothing is.
        """

    def mark(self, kind: MarkerKind) -> Marker:
        """Have the recorder stamp a marker.

        Raises:
            CaptureError: Nothing is being recorded.
        """


class Pausing(Protocol):
    """What of the conduct of a recording is needed here."""

    def pause(self, incident_id: IncidentId) -> Pause:
        """Keep what is heard off the disk."""

    def resume(self, incident_id: IncidentId) -> Pause:
        """Record again."""


class Hotkeys:
    """Implements ``ShortcutListener``: asks the recorder without the window, which may hang.

    What fails is told on the desktop as well as in the window: who pressed the key looks
    elsewhere.
    """

    def __init__(
        self,
        bus: EventBus,
        shortcuts: GlobalShortcuts,
        *,
        desk: RunningDesk,
        conduct: Pausing,
        notifier: Notifier,
        chosen: Mapping[ShortcutAction, str],
    ) -> None:
        self._bus = bus
        self._shortcuts = shortcuts
        self._desk = desk
        self._conduct = conduct
        self._notifier = notifier
        self._chosen = chosen
        self._told = ""

    def start(self) -> None:
        """Listen for the keys; once, from the main thread."""
        wanted, problems = shortcuts_in_force(self._chosen)
        for problem in problems:
            self.refused(problem)
        if wanted:
            self._shortcuts.listen(wanted, self)

    def shutdown(self) -> None:
        """Give the keys back."""
        self._shortcuts.stop()

    def pressed(self, action: ShortcutAction) -> None:
        """Do what was asked for; on the thread that listens, which then has waited for it."""
        try:
            self._do(action)
        except AppError as error:
            self._tell(error)
        except Exception as bug:  # the thread's boundary: the next key must still do something
            log.exception("the key of %s", action.value)
            self._tell_bug(bug)

    def refused(self, error: AppError) -> None:
        """Tell of keys that do not work, in the window: it is nothing urgent."""
        self._bus.publish(ProblemArose(error))

    def _tell(self, error: AppError) -> None:
        self._notifier.notify(str(error), error.remedy, urgent=True)
        self._bus.publish(ProblemArose(error))

    def _tell_bug(self, bug: Exception) -> None:
        told = f"A key went wrong inside Hotwash ({type(bug).__name__}: {bug})."
        if told != self._told:  # once, not each time that somebody tries again
            self._told = told
            self._tell(AppError(told, remedy="Use the buttons of the window, and report it."))

    def _do(self, action: ShortcutAction) -> None:
        if action is ShortcutAction.SHOW_WINDOW:
            self._bus.publish(WindowRequested())
            return
        self._desk.reattach()  # it may have been started from a terminal meanwhile
        if action.marker is not None:
            self._desk.mark(action.marker)
            return
        recording, session = self._desk.running()
        if recording.status().pause is None:
            self._conduct.pause(session.incident_id)
        else:
            self._conduct.resume(session.incident_id)
