"""Use case: pause a recording, resume it, and tell people that they are recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import (
    AppError,
    CaptureError,
    InvalidRecordError,
    NotFoundError,
    StorageError,
)
from app.domain.events import ProblemArose, RecordChanged
from app.domain.record import Change
from app.domain.sessions import Consent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.recording_ports import Recording
    from app.domain.sessions import Pause, Session

DEFAULT_METHOD = "said aloud"
CONSENT_TEXT = (
    "Before we go on: this call and this room are being recorded and transcribed, on one of our "
    "own machines, to write the incident's postmortem. Nothing is sent anywhere else. If you do "
    "not want to be recorded, say so now, and we pause or go on without you. Tell those who join "
    "later.\n"
)


class RunningDesk(Protocol):
    """What of the recording desk is needed here."""

    active: Session | None

    def reattach(self, wanted: IncidentId | None = None) -> Session | None:
        """Find the recording that runs; None if none does."""

    def running(self) -> tuple[Recording, Session]:
        """Return what is being recorded.

        Raises:
            CaptureError: Nothing is.
        """


class Conduct:
    """The recorder writes each of these down before it takes effect; then the record hears."""

    def __init__(
        self, store: RecordStore, bus: EventBus, desk: RunningDesk, *, home: Home, actor: str
    ) -> None:
        self._store = store
        self._bus = bus
        self._desk = desk
        self._home = home
        self._actor = actor

    def pause(self, incident_id: IncidentId) -> Pause:
        """Let nothing that is heard from now on reach the disk, on any track.

        Raises:
            CaptureError: Nothing of the incident is being recorded, or it is paused already.
        """
        recording, session = self._running(incident_id)
        pause = recording.pause(by=self._actor)
        self._keep(session, lambda known: replace(known, pauses=(*known.pauses, pause)), "pause")
        return pause

    def resume(self, incident_id: IncidentId) -> Pause:
        """Record again; return the pause.

        Raises:
            CaptureError: Nothing of the incident is being recorded, or it is not paused.
        """
        recording, session = self._running(incident_id)
        pause = recording.resume(by=self._actor)

        def ended(known: Session) -> Session:
            others = tuple(p for p in known.pauses if p.start_ms != pause.start_ms)
            return replace(known, pauses=(*others, pause))

        self._keep(session, ended, "resume")
        return pause

    def announce(
        self,
        incident_id: IncidentId,
        *,
        method: str = "",
        session_id: SessionId | None = None,
        at: datetime | None = None,
    ) -> tuple[SessionId, Consent]:
        """Stamp that people were told of the recording: now on one that runs.

        On one that is over, ``at`` says when they were; without it, at the recording's start.
        Returns the session and its stamp: the first one of a recording counts.

        Raises:
            NotFoundError: The incident has no such session, or none at all.
            InvalidRecordError: A session that is over has a stamp already.
        """
        method = method.strip() or DEFAULT_METHOD
        running = self._desk.reattach(incident_id)
        if (
            at is None
            and running is not None
            and running.incident_id == incident_id
            and session_id in {None, running.id}
        ):
            recording, session = self._desk.running()
            consent = recording.announce(by=self._actor, method=method)
            self._keep(session, lambda known: replace(known, consent=consent), "announce")
            return session.id, consent
        return self._announce_afterwards(incident_id, session_id, method, at)

    def consent_text(self) -> str:
        """Return what to read out: the data folder's own wording, or the one that is shipped.

        Raises:
            StorageError: The file is there and does not read.
        """
        try:
            return self._home.consent_text.read_text(encoding="utf-8")
        except FileNotFoundError:
            return CONSENT_TEXT
        except (OSError, UnicodeDecodeError) as cause:
            raise StorageError(
                f"The text to read out cannot be read from {self._home.consent_text}: {cause}.",
                remedy="Correct the file, or remove it to have the shipped wording.",
            ) from cause

    def keep_consent_text(self) -> None:
        """Put the shipped wording where it can be edited, if nothing is there.

        Raises:
            StorageError: The data folder cannot be written.
        """
        try:
            with self._home.consent_text.open("x", encoding="utf-8") as file:
                file.write(CONSENT_TEXT)
        except FileExistsError:
            return
        except OSError as cause:
            raise StorageError(
                f"{self._home.consent_text} cannot be written: {cause}.",
                remedy="Check the data folder.",
            ) from cause

    def _announce_afterwards(
        self,
        incident_id: IncidentId,
        session_id: SessionId | None,
        method: str,
        at: datetime | None,
    ) -> tuple[SessionId, Consent]:
        sessions = self._store.record(incident_id).sessions
        wanted = [s for s in sessions if session_id in {None, s.id}]
        if not wanted:
            raise NotFoundError(
                f"There is no session “{session_id}”." if session_id else "There is no recording.",
                remedy="See “hotwash show”.",
            )
        session = max(wanted, key=lambda s: s.start_utc)
        if session.consent is not None:
            raise InvalidRecordError(
                "consent",
                f"{session.consent.by} has stamped this recording already",
                remedy="Correct the stamp with “hotwash apply”.",
            )
        consent = Consent(at or session.start_utc, self._actor, method)
        change = Change(session, replace(session, consent=consent))
        operation = self._store.commit(incident_id, [change], by=self._actor, label="announce")
        self._bus.publish(RecordChanged(incident_id, operation))
        return session.id, consent

    def _running(self, incident_id: IncidentId) -> tuple[Recording, Session]:
        session = self._desk.reattach(incident_id)
        if session is None or session.incident_id != incident_id:
            raise CaptureError(
                "Nothing of this incident is being recorded.", remedy="Start a recording first."
            )
        return self._desk.running()

    def _keep(self, session: Session, change: Callable[[Session], Session], label: str) -> None:
        """Tell the record, which otherwise learns of it from the files when it is over."""
        try:
            known = self._store.record(session.incident_id).sessions
            # Not on record yet where the disk was full: then recovery reads all of it there.
            changes = [Change(one, change(one)) for one in known if one.id == session.id]
            operation = self._store.commit(
                session.incident_id, changes, by=self._actor, label=label, undoable=False
            )
            self._bus.publish(RecordChanged(session.incident_id, operation))
        except AppError as error:
            self._bus.publish(ProblemArose(error))
