"""The live transcript on the terminal."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

from app.domain.alarms import AlarmKind
from app.domain.events import (
    AlarmCleared,
    AlarmRaised,
    AudioStored,
    PartialHeard,
    RecognitionFellBehind,
    SegmentsTranscribed,
    VoicesHeard,
)
from app.domain.recognition_pace import RecognitionPace
from app.domain.times import MS_PER_SECOND, clock_text
from app.domain.word_marks import doubted_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.cli.output import Output
    from app.domain.events import Event
    from app.domain.ids import IncidentId, TrackId
    from app.domain.record import Record
    from app.domain.sessions import Consent, Session, TrackLabel
    from app.domain.transcript import Segment
    from app.services.program import Program


PAUSE_KEY, CONSENT_KEY = "p", "c"
VOICE_WITHIN_S = 1.5  # so long a line waits for its voice: what is printed stays as it is


class LiveView:
    """Prints segments as they are committed, by this program or by another.

    Events arrive on other threads and are only queued there; ``show_news`` prints. On a terminal
    ``show_end`` shows, below all that, what is being said and how much audio waits.

    Attributes:
        is_paused: Whether the recording is, as far as was shown.
    """

    def __init__(
        self,
        output: Output,
        program: Program,
        incident_id: IncidentId,
        *,
        show_end: Callable[[Sequence[str]], None],
    ) -> None:
        self._output = output
        self._program = program
        self._show_end = show_end
        self._partials: dict[TrackId, PartialHeard] = {}
        self._behind: RecognitionFellBehind | None = None
        self._labels: dict[TrackId, TrackLabel] = {}
        self._end: list[str] = []
        self._incident_id = incident_id
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._session: Session | None = None
        self._shown: set[str] = set()
        self._voiceless: dict[str, float] = {}  # until when lines that are there wait for a voice
        self._problems: dict[str, str] = {}
        self.is_paused = False
        program.bus.subscribe(self._events.put)

    def begin(self, session: Session, *, keys: bool = False) -> None:
        """Say what is being recorded, and what keys do where keys are read."""
        self._session = session
        record = self._program.incidents.record(self._incident_id)
        self._shown = {s.id for s in record.segments if s.session_id == session.id}
        for track in record.tracks_of(session.id):
            self._labels[track.id] = track.label
            self._output.say(f"● {track.label.value}: {track.device}")
        if self._program.model_note:
            self._output.note(self._program.model_note)
        self._output.say("Recording. Ctrl-C stops it; closing this terminal does not.")
        if keys:
            self._output.say("p pauses and resumes, c shows the text to read out and stamps it.")

    def show_news(self, *, all_of_it: bool = False) -> None:
        """Print what came since the last call; lines whose voice is looked for a little later."""
        while not self._events.empty():
            event = self._events.get()
            match event:
                case SegmentsTranscribed(segments=segments):
                    self._hold(segments)
                case VoicesHeard(voices=voices):
                    self._voiceless.update((key, 0.0) for key in voices if key in self._voiceless)
                case _:
                    self._tell(event)
        end = self._end_lines()
        if end != self._end:
            self._end = end
            self._show_end(end)
        now = time.monotonic()
        due = {key for key, until in self._voiceless.items() if until <= now or all_of_it}
        others_wrote = self._program.changed_elsewhere()
        if self._session is None or not (due or others_wrote):
            return
        record = self._program.incidents.record(self._incident_id)
        own = self._session.id if others_wrote else None
        fresh = [
            segment
            for segment in record.segments
            if segment.id in due
            or (segment.session_id == own and segment.id not in self._voiceless)
        ]
        for segment in sorted(fresh, key=lambda s: s.start_ms):
            self._print(record, segment)
        for key in due:
            del self._voiceless[key]

    def _hold(self, segments: Sequence[Segment]) -> None:
        wait_s = VOICE_WITHIN_S if self._program.live_voices.working else 0.0
        until = time.monotonic() + wait_s
        self._voiceless.update((s.id, until) for s in segments if s.id not in self._shown)

    def say_announced(self, consent: Consent) -> None:
        """Say whose announcement counts."""
        self._output.say(f"Announced at {consent.announced_at:%H:%M:%S} UTC by {consent.by}.")

    def say_stopped(self) -> None:
        """Say that the audio is safe."""
        self._output.say("Stopped; the audio is on disk.")

    def say_saved(self, session: Session) -> None:
        """Say how much of each track is on disk."""
        for track in self._program.incidents.record(self._incident_id).tracks_of(session.id):
            if track.duration_ms is not None:
                self._output.say(f"{track.label.value}: {clock_text(track.duration_ms)} saved")

    def end(self, session: Session) -> None:
        """Sum up the session; of one that failed only ``say_saved`` is true."""
        record = self._program.incidents.record(self._incident_id)
        tracks = record.tracks_of(session.id)
        said = [s for s in record.segments if s.session_id == session.id]
        self._output.document(
            {
                "session_id": session.id,
                "tracks": [
                    {
                        "id": track.id,
                        "label": track.label.value,
                        "device": track.device,
                        "duration_ms": track.duration_ms,
                    }
                    for track in tracks
                ],
                "segments": len(said),
                "gaps": sum(
                    len(known.gaps) for known in record.sessions if known.id == session.id
                ),
            }
        )
        self.say_saved(session)

    def _print(self, record: Record, segment: Segment) -> None:
        if segment.id in self._shown:
            return
        self._shown.add(segment.id)
        at = record.utc(segment.session_id, segment.start_ms)
        who = record.speaker_name(segment.speaker_id)
        self._output.say(f"{at:%H:%M:%S} {who:<7} {doubted_text(segment)}")

    def _tell(self, event: Event) -> None:
        match event:
            case AudioStored():
                self._tell_problems(event)
                self._tell_pause(event)
            case PartialHeard():
                self._partials[event.track_id] = event
            case RecognitionFellBehind():
                self._tell_pace(event)
            case AlarmRaised(alarm=alarm):
                if alarm.kind is not AlarmKind.RECORDER_GONE:  # told as a problem
                    self._output.note(f"▲ {alarm.sentence} {alarm.remedy}")
            case AlarmCleared(alarm=alarm):
                self._output.note(f"✓ Over: {alarm.sentence}")
            case _:
                pass

    def _tell_pace(self, event: RecognitionFellBehind) -> None:
        """Say when words begin to come late, and when they do not any more."""
        before, self._behind = self._behind, event
        was_late = before is not None and before.pace is RecognitionPace.CATCHING_UP
        is_late = event.pace is RecognitionPace.CATCHING_UP
        if is_late and not was_late:
            self._output.note(
                f"Catching up: {event.backlog_ms // MS_PER_SECOND} s of audio wait for their "
                "words. The audio is safe."
            )
        if was_late and not is_late:
            self._output.note("Words come in time again.")

    def _end_lines(self) -> list[str]:
        """Return what is being said on each track, and how much audio waits, if any does."""
        behind = self._behind
        lines = [
            f"{self._labels[heard.track_id].value}: {heard.text} …"
            for heard in self._partials.values()
            if heard.text and heard.track_id in self._labels
        ]
        is_behind = behind is not None and behind.pace is not RecognitionPace.PARTIALS
        # Nothing waits any more for words that were given up, of which no event tells.
        waiting_ms = self._program.live.backlog_ms if is_behind else 0
        if waiting_ms:
            lines.append(f"{waiting_ms // MS_PER_SECOND} s of audio wait")
        return lines

    def _tell_pause(self, event: AudioStored) -> None:
        paused = event.status.pause is not None and event.status.running
        if paused != self.is_paused:
            self.is_paused = paused
            at = clock_text(event.status.elapsed_ms)
            self._output.say(f"‖ Paused at {at}" if paused else f"● Recording again at {at}")

    def _tell_problems(self, event: AudioStored) -> None:
        for track in event.status.tracks:
            if track.problem and self._problems.get(track.track_id) != track.problem:
                self._output.note(f"{track.label.value}: {track.problem}")
            self._problems[track.track_id] = track.problem
