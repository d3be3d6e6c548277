"""Use case: see that people hear of what goes wrong with a recording, wherever they look."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from app.domain.alarms import Alarm, AlarmKind, NoticePace
from app.domain.errors import AppError, RecorderUnreachableError
from app.domain.events import (
    AlarmCleared,
    AlarmRaised,
    AudioStored,
    ProblemArose,
    RecordingStarted,
    RecordingStopped,
    SegmentsTranscribed,
)
from app.domain.ids import SessionId
from app.services.speech_alarms import SpeechAlarms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.engine_types import RecorderStatus
    from app.domain.events import Event
    from app.domain.ids import TrackId
    from app.domain.ports import EventBus
    from app.domain.recording_ports import Notifier
    from app.domain.sessions import TrackLabel


class Recognition(Protocol):
    """What of live recognition is needed here."""

    @property
    def working(self) -> bool:
        """Whether this program looks for words in the recording."""

    @property
    def backlog_ms(self) -> int:
        """How much recorded audio still waits."""


class Alarms:
    """Publishes ``AlarmRaised`` and ``AlarmCleared``, and sends notices to the desktop.

    Of several programs that follow a recorder only one sends notices; the recorder does while
    none follows it.
    """

    def __init__(self, bus: EventBus, notifier: Notifier, recognition: Recognition) -> None:
        self._bus = bus
        self._notifier = notifier
        self._recognition = recognition
        self._turn = threading.RLock()
        self._pace = NoticePace()
        self._session_id = SessionId("")
        self._tracks: frozenset[TrackId] = frozenset()
        self._speech = SpeechAlarms()
        self._leads = True
        self._current: dict[tuple[AlarmKind, TrackLabel | None], Alarm] = {}
        bus.subscribe(self._on_event)

    @property
    def current(self) -> tuple[Alarm, ...]:
        """What is wrong now."""
        with self._turn:
            return tuple(self._current.values())

    def _on_event(self, event: Event) -> None:
        match event:
            case AlarmRaised() | AlarmCleared():
                return
            case RecordingStarted(session=session, tracks=tracks):
                with self._turn:
                    self._show(())
                    self._session_id = session.id
                    self._tracks = frozenset(track.id for track in tracks)
                    self._speech, self._leads = SpeechAlarms(), True
            case AudioStored(status=status) if status.running:
                self._follow(status)
            case SegmentsTranscribed(track_id=track_id, segments=segments):
                with self._turn:
                    if track_id in self._tracks:
                        self._speech.heard_words(track_id, segments)
            case RecordingStopped(error=error):
                self._show(() if error is None else (_gone(error),))
            case ProblemArose(error=RecorderUnreachableError() as error):
                self._show((*self.current, _gone(error)))
            case _:
                pass

    def _follow(self, status: RecorderStatus) -> None:
        with self._turn:
            self._leads = status.leads
            recognises = self._recognition.working
            spoken = self._speech.update(
                status, recognises=recognises, backlog_ms=self._recognition.backlog_ms
            )
            # Who does not look for words leaves it to the one who may
            mine = [alarm for alarm in spoken if recognises or status.leads]
            self._show((*status.alarms, *mine), since_ms=status.elapsed_ms)

    def _show(self, alarms: Iterable[Alarm], *, since_ms: int = 0) -> None:
        """Let these be all that is wrong."""
        with self._turn:
            wanted = {alarm.key: alarm for alarm in alarms}
            for key in [key for key in self._current if key not in wanted]:
                self._bus.publish(AlarmCleared(self._session_id, self._current.pop(key)))
            for key, alarm in wanted.items():
                if key not in self._current:
                    self._raise(alarm, since_ms)

    def _raise(self, alarm: Alarm, since_ms: int) -> None:
        begun = Alarm(
            alarm.kind, alarm.sentence, alarm.remedy, alarm.label, alarm.since_ms or since_ms
        )
        self._current[begun.key] = begun
        self._bus.publish(AlarmRaised(self._session_id, begun))
        if self._leads and self._pace.allows(begun, time.monotonic()):
            urgent = begun.kind.is_urgent
            self._notifier.notify(begun.sentence, begun.remedy, urgent=urgent)


def _gone(error: AppError) -> Alarm:
    return Alarm(AlarmKind.RECORDER_GONE, str(error), error.remedy)
