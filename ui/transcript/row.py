"""One line of the transcript, ready to be shown."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from app.domain.merged_voices import MergedVoices
from app.domain.roles import short_role
from app.domain.sessions import TrackLabel
from app.domain.times import after

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.domain.ids import SegmentId, SessionId, TrackId
    from app.domain.record import Record
    from app.domain.sessions import Marker, Session, Track
    from app.domain.transcript import Segment, SegmentFlag, Speaker


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one track that a person wants to hear, and the segment it belongs to."""

    track_id: TrackId
    start_ms: int
    end_ms: int
    segment_id: SegmentId | None = None


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """A segment with what surrounds it.

    ``at`` is the clock time of its start. ``words`` are the recognised words, or, once a person
    has edited the text, the words of that text, which have no times of their own.

    What follows from the segment is worked out once: a long transcript is painted and searched
    on the window's thread. ``words_are_timed`` tells whether each word has a place of its own on
    the recording, ``has_unsure`` whether the recogniser doubted one, ``is_respelled`` whether
    spellings of the glossary stand in it.
    """

    segment: Segment
    at: datetime
    track_label: TrackLabel
    speaker: str
    words: tuple[str, ...]
    words_are_timed: bool = field(init=False)
    has_unsure: bool = field(init=False)
    is_respelled: bool = field(init=False)

    def __post_init__(self) -> None:
        words, respelled = self.segment.words, self.segment.respelled
        timed = bool(words) and not self.segment.edited
        object.__setattr__(self, "words_are_timed", timed)
        object.__setattr__(self, "has_unsure", timed and any(word.is_unsure for word in words))
        object.__setattr__(self, "is_respelled", timed and respelled)

    @property
    def id(self) -> str:
        """What the row is known by."""
        return self.segment.id

    @property
    def session_id(self) -> SessionId:
        """The session in which it was said."""
        return self.segment.session_id

    @property
    def order(self) -> tuple[datetime, str]:
        """Sort key: the clock, then the id."""
        return self.at, self.segment.id

    @property
    def said_on(self) -> TrackLabel:
        """The track of those who said it: what loudspeakers say is the bridge's."""
        return TrackLabel.BRIDGE if self.segment.bleed else self.track_label

    @property
    def is_dimmed(self) -> bool:
        """Whether the line is doubtful, or only repeats another."""
        return self.segment.flag is not None or self.segment.bleed

    def is_unsure(self, word: int) -> bool:
        """Whether the recogniser doubted a word."""
        return self.has_unsure and self.segment.words[word].is_unsure

    def percent(self, word: int) -> int:
        """Return how sure the recogniser was of an unsure word."""
        return round((self.segment.words[word].probability or 0) * 100)

    def heard_as(self, word: int) -> str | None:
        """Return what was recognised in a word's place; None where that is what stands there."""
        replaced = self.is_respelled and self.segment.words[word].heard
        return self.segment.words[word].heard_as if replaced else None

    @property
    def flag(self) -> SegmentFlag | None:
        """Why the line is not to be trusted; None if it is."""
        return self.segment.flag

    def passage(self, first: int | None = None, last: int | None = None) -> Passage:
        """Return where words ``first`` to ``last`` (inclusive) are heard, or the whole line."""
        start_ms, end_ms = self.segment.start_ms, self.segment.end_ms
        if self.words_are_timed:
            if first is not None:
                start_ms = self.segment.words[first].start_ms
            if last is not None:
                end_ms = max(self.segment.words[last].end_ms, start_ms + 1)
        return Passage(self.segment.track_id, start_ms, end_ms, self.segment.id)

    def word_at(self, position_ms: int) -> int | None:
        """Return the word that is heard at a position of the track."""
        if not self.words_are_timed:
            return None
        words = self.segment.words
        found = bisect_right(words, position_ms, key=lambda word: word.start_ms) - 1
        return found if found >= 0 else None


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A marker at its place among the words; it is selected and promoted as a whole.

    ``track_id`` is the track on which the 20 s before it are heard.
    """

    marker: Marker
    at: datetime
    track_id: TrackId

    @property
    def id(self) -> str:
        """What the row is known by."""
        return self.marker.id

    @property
    def session_id(self) -> SessionId:
        """The session in which it was set."""
        return self.marker.session_id

    @property
    def order(self) -> tuple[datetime, str]:
        """Sort key: the clock, then the id."""
        return self.at, self.marker.id

    @property
    def speaker(self) -> str:
        """Nobody said it."""
        return ""

    @property
    def words(self) -> tuple[str, ...]:
        """What stands in the row: what was marked, by whom, and the words they added."""
        kind = "look at this" if self.marker.kind == "look" else self.marker.kind.value
        said = f": {self.marker.text}" if self.marker.text else ""
        return tuple(f"{kind}, marked by {self.marker.by}{said}".split())

    @property
    def is_dimmed(self) -> bool:
        """Always: nobody said it."""
        return True

    @property
    def words_are_timed(self) -> bool:
        """Never: it is no speech."""
        return False

    def is_unsure(self, _word: int) -> bool:
        """Never: a person pressed the key."""
        return False

    def percent(self, _word: int) -> int:
        """Return that there is no doubt."""
        return 100

    @property
    def has_unsure(self) -> bool:
        """Never: a person pressed the key."""
        return False

    @property
    def is_respelled(self) -> bool:
        """Never: a person wrote it."""
        return False

    def heard_as(self, _word: int) -> str | None:
        """Return none: it was not heard."""
        return None

    @property
    def flag(self) -> SegmentFlag | None:
        """None: there is nothing to doubt."""
        return None

    def passage(self, _first: int | None = None, _last: int | None = None) -> Passage:
        """Return the stretch that was marked."""
        at_ms = self.marker.at_ms
        return Passage(self.track_id, max(0, at_ms - self.marker.covers_ms), max(1, at_ms))

    def word_at(self, _position_ms: int) -> int | None:
        """Return none: its words are not heard."""
        return None


@dataclass(frozen=True, slots=True)
class PartialRow:
    """What a track says just now, since ``at``; who says it is not known yet."""

    at: datetime
    track_label: TrackLabel
    words: tuple[str, ...]
    speaker: str = ""
    is_dimmed: bool = True

    @property
    def said_on(self) -> TrackLabel:
        """The track itself: whether loudspeakers say it is found out afterwards."""
        return self.track_label

    @property
    def flag(self) -> None:
        """None: all of it may change yet."""

    def is_unsure(self, _word: int) -> bool:
        """Never marked: all of it is."""
        return False

    def heard_as(self, _word: int) -> None:
        """None: it is spelled by the glossary once it stands."""


Row: TypeAlias = TranscriptRow | MarkerRow
PaintedRow: TypeAlias = Row | PartialRow


class RowMaker:
    """Knows the sessions, tracks and voices of an incident; makes rows of its segments."""

    def __init__(self, record: Record) -> None:
        self.sessions: dict[str, Session] = {session.id: session for session in record.sessions}
        self.tracks: dict[str, Track] = {track.id: track for track in record.tracks}
        self.voices = MergedVoices(record.speakers)

    def knows(self, segment: Segment) -> bool:
        """Whether the segment's session and track have been heard of."""
        return segment.session_id in self.sessions and segment.track_id in self.tracks

    def row(self, segment: Segment) -> TranscriptRow:
        """Return the row of a segment.

        Raises:
            KeyError: Its session or track is not known; read the record again.
        """
        label = self.tracks[segment.track_id].label
        speaker = self.voices.get(segment.speaker_id)
        timed = segment.words and not segment.edited
        return TranscriptRow(
            segment=segment,
            at=after(self.sessions[segment.session_id].start_utc, segment.start_ms),
            track_label=label,
            speaker=_speaker_text(speaker, label),
            words=tuple(word.text for word in segment.words)
            if timed
            else tuple(segment.text.split()),
        )

    def has(self, marker: Marker) -> bool:
        """Whether the marker's session has been heard of, with a track."""
        return marker.session_id in self.sessions and self._track_of(marker) is not None

    def marker_row(self, marker: Marker) -> MarkerRow:
        """Return the row of a marker.

        Raises:
            KeyError: Its session is not known or has no track; read the record again.
        """
        track_id = self._track_of(marker)
        if track_id is None:
            raise KeyError(marker.session_id)
        at = after(self.sessions[marker.session_id].start_utc, marker.at_ms)
        return MarkerRow(marker, at, track_id)

    def rows(self, segments: Iterable[Segment], markers: Iterable[Marker] = ()) -> list[Row]:
        """Return the rows of many segments and markers in the order of the clock."""
        rows: list[Row] = [self.row(segment) for segment in segments]
        rows += [self.marker_row(marker) for marker in markers if self.has(marker)]
        return sorted(rows, key=lambda row: row.order)

    def _track_of(self, marker: Marker) -> TrackId | None:
        """Return the bridge's track, on which most is said, else another of the session."""
        found = [one for one in self.tracks.values() if one.session_id == marker.session_id]
        found.sort(key=lambda track: (track.label, track.id))
        return found[0].id if found else None


def _speaker_text(speaker: Speaker | None, label: TrackLabel) -> str:
    """Return the voice's name, nothing where it only repeats the track's."""
    if speaker is None or speaker.shown_as.casefold() == label.value:
        return ""
    role = f" ({short_role(speaker.role)})" if speaker.role else ""
    return f"{speaker.shown_as}{role}"
