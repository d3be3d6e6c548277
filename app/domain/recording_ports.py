"""What the services need of recorders, devices and the desktop; ``capture`` implements these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from app.domain.engine_types import (
    AudioSource,
    RecorderStatus,
    TrackPlan,
)
from app.domain.ids import IncidentId, SessionId
from app.domain.sessions import Consent, Marker, MarkerKind, Pause, SessionKind
from app.domain.source_trial import Level


class Recording(Protocol):
    """A running recorder, as seen over its local socket. Losing it does not stop the recorder."""

    @property
    def session_id(self) -> SessionId:
        """The session it writes."""

    def status(self) -> RecorderStatus:
        """Return what the recorder says now.

        Raises:
            RecorderUnreachableError: It does not answer any more.
        """

    def mark(self, kind: MarkerKind, *, by: str, text: str = "") -> Marker:
        """Have the recorder stamp a marker; it is durable when this returns."""

    def pause(self, *, by: str) -> Pause:
        """Have nothing recorded from now on; that is on the disk when this returns.

        Raises:
            CaptureError: It is paused already, or the disk did not take the word of it: then the
                recording goes on.
        """

    def resume(self, *, by: str) -> Pause:
        """End the pause and return it.

        Raises:
            CaptureError: There is none, or the disk did not take the word of its end.
        """

    def announce(self, *, by: str, method: str) -> Consent:
        """Stamp now as the moment at which people were told that they are recorded.

        Returns the recording's first such stamp, which is the one that counts.
        """

    def stop(self) -> RecorderStatus:
        """Have the recorder seal its files and end; return its last status.

        Raises:
            RecorderUnreachableError: It does not answer any more.
        """

    def close(self) -> None:
        """Let go of the recorder, which keeps recording."""


class RecorderControl(Protocol):
    """Starts recorders and finds those that run; ``capture.recorder_client`` in the program."""

    def start(
        self,
        session_dir: Path,
        *,
        incident_id: IncidentId,
        session_id: SessionId,
        kind: SessionKind,
        plans: Sequence[TrackPlan],
    ) -> Recording:
        """Start a detached recorder and return once it records.

        Raises:
            CaptureError: A source is missing, busy or silent from the first, or the disk is full.
        """

    def go_on(self, session_dir: Path) -> None:
        """Start a recorder in the place of one that died; who followed that one follows it.

        Raises:
            CaptureError: As ``start``; or the session is over or paused.
        """

    def attach(self, session_dir: Path) -> Recording | None:
        """Return the recorder that writes into the folder, None if none does."""


class Notifier(Protocol):
    """Reaches a person who looks elsewhere; ``capture.desktop_notifications`` in the program."""

    def notify(self, title: str, body: str, *, urgent: bool) -> None:
        """Show a notice on the desktop soon; never waits and never fails."""


class SourceList(Protocol):
    """Lists what can be recorded from."""

    def sources(self) -> list[AudioSource]:
        """Return microphones and loopback sources as the system has them now.

        Raises:
            EnvironmentMissingError: The sound library or the sound system is not there.
        """


class SourceTester(Protocol):
    """Listens to a source for a moment; ``capture.trial_process`` in the program."""

    def levels(
        self, source: AudioSource, *, seconds: float, on_level: Callable[[Level], None]
    ) -> list[Level]:
        """Return how loud it was, ten times a second; nothing of it is kept.

        ``on_level`` is called on the caller's thread with each as it comes.

        Raises:
            CaptureError: It is not there, is busy, goes away meanwhile, or its driver crashes.
            EnvironmentMissingError: A library is missing, or the sound system hangs.
        """
