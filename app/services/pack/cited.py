"""Which stretches of audio a record cites, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.actions import Action
    from app.domain.decisions import Decision
    from app.domain.ids import EntryId, SessionId, TrackId
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry

MARGIN_MS = 2_000  # on both sides: how it was said, and that nothing was cut off


@dataclass(frozen=True, slots=True)
class CitedStretch:
    """A stretch of a track, with its margins; ``cited_by`` are ids, in order."""

    session_id: SessionId
    track_id: TrackId
    start_ms: int
    end_ms: int
    cited_by: tuple[str, ...]


def cited_stretches(record: Record, left_out: frozenset[EntryId]) -> list[CitedStretch]:
    """Return what a report cites, in order; stretches that meet on a track are one.

    What comes with an entry that is left out is left out with it.
    """
    tracks = {track.id: track for track in record.tracks}
    kept_out = left_out | {entry.id for entry in record.entries if not entry.in_report}
    cited = []
    things: Iterable[TimelineEntry | Decision | Action] = chain(
        record.entries, record.decisions, record.actions
    )
    for thing in things:
        if thing.id in kept_out or getattr(thing, "entry_id", None) in kept_out:
            continue
        for audio in (source.audio for source in thing.sources):
            if audio is None or audio.track_id not in tracks:
                continue
            start_ms = max(0, audio.span.start_ms - MARGIN_MS)
            length_ms = tracks[audio.track_id].duration_ms
            end_ms = audio.span.end_ms + MARGIN_MS
            end_ms = end_ms if length_ms is None else min(end_ms, length_ms)
            if end_ms > start_ms:
                cited.append((audio.session_id, audio.track_id, start_ms, end_ms, thing.id))
    order = {session.id: number for number, session in enumerate(record.sessions)}
    united = _united(sorted(cited))
    return sorted(united, key=lambda one: (order[one.session_id], one.start_ms, one.track_id))


def _united(cited: list[tuple[SessionId, TrackId, int, int, str]]) -> list[CitedStretch]:
    united: list[CitedStretch] = []
    for session_id, track_id, start_ms, end_ms, by in cited:
        last = united[-1] if united else None
        if last and last.track_id == track_id and start_ms <= last.end_ms:
            names = dict.fromkeys((*last.cited_by, by))
            ends = max(last.end_ms, end_ms)
            united[-1] = CitedStretch(session_id, track_id, last.start_ms, ends, tuple(names))
        else:
            united.append(CitedStretch(session_id, track_id, start_ms, end_ms, (by,)))
    return united
