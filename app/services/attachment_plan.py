"""Which sessions and tracks files become: by their labels, and by when they began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.audio_files.format import SAMPLE_RATE, SessionInfo, TrackInfo
from app.domain.errors import InvalidRecordError
from app.domain.ids import IncidentId, SessionId, TrackId, new_id
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import MS_PER_SECOND, iso_utc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from app.domain.media import FoundStart, MediaFacts, MediaStream
    from app.domain.record import Record
    from app.domain.sessions import Session

BOTH = (TrackLabel.BRIDGE, TrackLabel.ROOM)
# What screen recorders call the streams of the two sides.
HINTS = {"mic": TrackLabel.ROOM, "desktop": TrackLabel.BRIDGE, "system": TrackLabel.BRIDGE}
AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Looked:
    """What files tell of themselves: when the first of them began, None if one does not tell.

    ``streams`` are those of a single file; of several files each is taken whole.
    """

    start: FoundStart | None
    streams: tuple[MediaStream, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One audio stream of a file, and when it began; ``label`` None: whichever is free."""

    path: Path
    facts: MediaFacts
    stream: MediaStream
    start: FoundStart
    sha256: str
    label: TrackLabel | None

    @property
    def name(self) -> str:
        """The file's name, and which of its streams, if it has several."""
        if len(self.facts.streams) == 1:
            return self.path.name
        title = f", {self.stream.title}" if self.stream.title else ""
        return f"{self.path.name} (stream {self.stream.number}{title})"

    @property
    def end(self) -> datetime:
        """When it ended, as far as its format tells its length."""
        return self.start.at + timedelta(milliseconds=self.facts.duration_ms or 0)


@dataclass(frozen=True, slots=True)
class Draft:
    """A session to be: its description, and what each track is taken from."""

    info: SessionInfo
    sources: dict[TrackId, Source]

    @property
    def starts(self) -> dict[TrackId, FoundStart]:
        """When each track began, and who says so."""
        return {track_id: source.start for track_id, source in self.sources.items()}

    def begins_ms(self, track_id: TrackId) -> int:
        """Return how much later than the session a track begins."""
        late = self.sources[track_id].start.at - self.info.start_utc
        return round(late.total_seconds() * MS_PER_SECOND)


@dataclass(frozen=True, slots=True)
class Attached:
    """A session that was attached: when its tracks began, and what is to be known of them."""

    session: Session
    starts: dict[TrackId, FoundStart]
    remarks: tuple[str, ...]


def drafts(incident_id: IncidentId, sources: Sequence[Source], kind: SessionKind) -> list[Draft]:
    """Return the sessions, earliest first: what was recorded at the same time shares one.

    A session has one track of each label; of what heard the same side at the same time, each
    further one begins another session.
    """
    groups: list[dict[TrackLabel, Source]] = []
    for source in sorted(sources, key=lambda one: one.label is None):
        wanted = BOTH if source.label is None else (source.label,)
        for group in groups:
            free = [label for label in wanted if label not in group]
            if free and _meets(source, group):
                group[free[0]] = source
                break
        else:
            groups.append({wanted[0]: source})
    made = [_draft(incident_id, group, kind) for group in groups]
    return sorted(made, key=lambda draft: draft.info.start_utc)


def refuse_doubles(files: Sequence[Path]) -> None:
    """Refuse a file that is named twice: all its words would be there twice, too.

    Raises:
        InvalidRecordError: It names the file.
    """
    known: set[Path] = set()
    for path in files:
        if path.resolve() in known:
            raise InvalidRecordError(
                "files",
                f"{path.name} is named twice",
                remedy="Name each file once. Nothing was attached.",
            )
        known.add(path.resolve())


def label_of(path: Path, stream: MediaStream) -> TrackLabel | None:
    """Return the side that the names of a stream or its file tell; None where they do not."""
    names = {label.value: label for label in BOTH}
    for text, hints in ((stream.title.lower(), names | HINTS), (path.stem.lower(), names)):
        found = [label for hint, label in hints.items() if hint in text]
        if found:
            return found[0]
    return None


def known_already(record: Record, draft: Draft) -> tuple[str, ...]:
    """Return a sentence for each file that the record had before."""
    began = {track.source_sha256: record.session(track.session_id) for track in record.tracks}
    return tuple(
        f"{source.name}: it was attached before, as the session of "
        f"{iso_utc(began[source.sha256].start_utc)}."
        for source in draft.sources.values()
        if source.sha256 in began
    )


def _meets(source: Source, group: dict[TrackLabel, Source]) -> bool:
    first = min(one.start.at for one in group.values())
    last = max(one.end for one in group.values())
    apart = max(source.start.at - last, first - source.end)
    return apart < timedelta(0) or abs(source.start.at - first) < AT_ONCE


def _draft(incident_id: IncidentId, group: dict[TrackLabel, Source], kind: SessionKind) -> Draft:
    sources: dict[TrackId, Source] = {}
    tracks = []
    for label, source in group.items():
        track_id = TrackId(new_id("trk"))
        sources[track_id] = source
        tracks.append(
            TrackInfo(track_id, label, TrackSource.FILE, source.name, SAMPLE_RATE, source.sha256)
        )
    start_utc = min(source.start.at for source in group.values())
    session_id = SessionId(new_id("ses"))
    return Draft(SessionInfo(incident_id, session_id, kind, start_utc, tuple(tracks)), sources)
