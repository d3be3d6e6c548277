"""Has recordings recognised by the whole program, live and afterwards, as a person has it done."""

from __future__ import annotations

import contextlib
import tempfile
import time
import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap import build
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.events import AudioStored, ProblemArose, RecordingStarted, RecordingStopped
from app.domain.home import Home
from app.domain.sessions import SessionKind
from app.services.settings_file import write_settings
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from app.domain.events import Event
    from app.domain.sessions import Session, TrackLabel
    from app.domain.settings import Settings
    from app.domain.transcript import Segment
    from app.services.program import Program
    from tests.bench.material.recording import Recording

    Heard: TypeAlias = dict[TrackLabel, list[Segment]]

STEP_MS = 500  # how much of a recording becomes audible at once
AHEAD_MS = 30_000  # of what is recognised: no more than a few utterances wait
PATIENCE_S = 3_600.0
START = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)


@contextlib.contextmanager
def attached(
    recording: Recording, settings: Settings | None = None
) -> Iterator[tuple[Program, Session]]:
    """Give a program whose only incident has the recording as its only session."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        if settings is not None:
            home.root.mkdir()
            write_settings(home.settings, settings)
        program = build(home, actor="benchmark", offline=True)
        try:
            yield program, _attach(program, recording, Path(folder))
        finally:
            program.shutdown()


def heard_afterwards(recording: Recording) -> tuple[Heard, float]:
    """Return what the final pass recognises, and the seconds it took."""
    with attached(recording) as (program, session):
        began = time.perf_counter()
        recognise_afterwards(program, session)
        took_s = time.perf_counter() - began
        return segments_of(program, session), took_s


def heard_live(recording: Recording) -> Heard:
    """Return what is recognised while the recording grows."""
    with attached(recording) as (program, session):
        recognise_live(program, session)
        return segments_of(program, session)


def recognise_afterwards(program: Program, session: Session) -> None:
    """Run the final pass."""
    program.transcription.run(session.incident_id, label_voices=False)


def recognise_live(program: Program, session: Session) -> None:
    """Let the recording grow as fast as recognition follows.

    Raises:
        RuntimeError: A problem was told, or it did not end.
    """
    problems: list[Event] = []
    program.load("live")
    program.bus.subscribe(lambda e: problems.append(e) if isinstance(e, ProblemArose) else None)
    tracks = program.store.record(session.incident_id).tracks
    program.bus.publish(RecordingStarted(session, tracks))
    lengths = [track.duration_ms or 0 for track in tracks]
    for until_ms in range(STEP_MS, max(lengths) + STEP_MS, STEP_MS):
        statuses = tuple(
            TrackStatus(track.id, track.label, safe_until_ms=min(until_ms, length))
            for track, length in zip(tracks, lengths, strict=True)
        )
        program.bus.publish(AudioStored(RecorderStatus(session.id, until_ms, statuses)))
        _wait_for(program, AHEAD_MS)
    program.bus.publish(RecordingStopped(session.incident_id, session.id))
    if not program.live.wait(PATIENCE_S) or problems:
        raise RuntimeError(f"live recognition did not end well: {problems}")


def segments_of(program: Program, session: Session) -> Heard:
    """Return what stands on record, by track, in order of time."""
    record = program.store.record(session.incident_id)
    in_order = sorted(record.segments, key=lambda segment: segment.start_ms)
    return {
        track.label: [segment for segment in in_order if segment.track_id == track.id]
        for track in record.tracks
    }


def _wait_for(program: Program, most_ms: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while program.live.backlog_ms > most_ms:
        if time.monotonic() > deadline:
            raise RuntimeError("live recognition does not go on")
        time.sleep(0.02)


def _attach(program: Program, recording: Recording, folder: Path) -> Session:
    files = []
    for label, pcm in recording.pcm.items():
        files.append(folder / f"{label}.wav")
        with wave.open(str(files[-1]), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, len(pcm) // 2, "NONE", ""))
            file.writeframes(pcm)
    incident = program.incidents.create(recording.name)
    (attached_session,) = program.attachment.attach(
        incident.id,
        files,
        start_utc=START,
        kind=SessionKind.BRIDGE,
    )
    return attached_session.session
