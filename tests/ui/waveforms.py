"""Recordings for the waveform's tests: real files, written as a recorder writes them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from app.audio_files.format import SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Ended
from app.audio_files.writer import TrackWriter
from app.domain.sessions import GapReason, TrackLabel
from tests.ui.fakes import a_running_session, put_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.domain.ids import IncidentId
    from app.domain.sessions import Session, Track
    from tests.ui.fakes import FakeProgram

SECOND = 16_000
LOUD = np.tile(np.array([16_384, -16_384], dtype="<i2"), SECOND // 2).tobytes()
Part = tuple[GapReason | None, float]  # why nothing is there, None where there is sound; seconds


@dataclass(frozen=True)
class Recorded:
    """A session on record with its files."""

    session: Session
    tracks: tuple[Track, ...]
    folder: Path

    def track(self, label: TrackLabel) -> Track:
        return next(track for track in self.tracks if track.label is label)


@contextlib.contextmanager
def being_recorded(folder: Path, session: Session, *tracks: Track) -> Iterator[list[TrackWriter]]:
    """Writers of a session's tracks, in their order; what they leave is as a kill leaves it."""
    infos = tuple(TrackInfo(t.id, t.label, t.source, t.device, t.sample_rate) for t in tracks)
    write_session_info(
        folder,
        SessionInfo(session.incident_id, session.id, session.kind, session.start_utc, infos),
    )
    with contextlib.closing(Journal(folder)) as journal:
        writers = [TrackWriter(folder, journal, track.id, track.label) for track in tracks]
        try:
            yield writers
        finally:
            for writer in writers:
                writer.abandon()


def recorded(
    program: FakeProgram,
    incident_id: IncidentId,
    *,
    room: Sequence[Part],
    bridge: Sequence[Part],
    after_s: int = 0,
) -> Recorded:
    """Record a session of both tracks; it begins so long after the others of the incident."""
    session, tracks = a_running_session(incident_id)
    session = replace(session, start_utc=session.start_utc + timedelta(seconds=after_s))
    folder = program.home.session_dir(incident_id, session.id)
    parts = {TrackLabel.ROOM: room, TrackLabel.BRIDGE: bridge}
    with being_recorded(folder, session, *tracks) as writers:
        for track, writer in zip(tracks, writers, strict=True):
            for reason, seconds in parts[track.label]:
                if reason is None:
                    writer.append(LOUD * int(seconds))
                else:
                    writer.gap(round(seconds * SECOND), reason)
            writer.close()
    with contextlib.closing(Journal(folder)) as journal:
        journal.append(Ended())
    put_session(program.store, session, tracks)
    return Recorded(session, tracks, folder)
