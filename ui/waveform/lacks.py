"""What a recording lacks, in words: when, for how long, on which track, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.sessions import GapReason, TrackSource
from app.domain.times import MS_PER_SECOND, Span, after
from ui.moments import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.domain.sessions import Track, TrackLabel
    from app.domain.waveform import TrackWave

REASONS = {
    GapReason.OVERFLOW: "the machine was too busy",
    GapReason.STALL: "the device delivered nothing",
    GapReason.PAUSE: "paused",
    GapReason.DISK_FULL: "the disk was full",
    GapReason.CRASH: "the recorder was killed",
    GapReason.SUSPEND: "the machine slept",
}
AWAY = {
    TrackSource.MIC: "microphone unplugged",
    TrackSource.LOOPBACK: "output unplugged",
    TrackSource.FILE: "source gone",
}
UNREADABLE = "a file is missing or damaged"
NAMED = 3  # in the legend; the tool tip has them all
MINUTE, HOUR = 60, 3_600


@dataclass(frozen=True, slots=True)
class Lack:
    """A stretch of a session without audio, for one reason, on these tracks.

    ``reason`` is None where there was audio and its file is missing or damaged.
    """

    span: Span
    reason: GapReason | None
    words: str
    tracks: tuple[TrackLabel, ...]

    @property
    def is_pause(self) -> bool:
        """Whether a person wanted it so."""
        return self.reason is GapReason.PAUSE


def lacks_of(tracks: Iterable[tuple[Track, TrackWave]]) -> tuple[Lack, ...]:
    """Return what the tracks lack, in order; what befell both at once is one."""
    all_of_them = [lack for track, wave in tracks for lack in _of_track(track, wave)]
    found: list[Lack] = []
    latest: dict[str, int] = {}  # by their words: in order, only neighbours can be the same
    for lack in sorted(all_of_them, key=lambda lack: lack.span):
        place = latest.get(lack.words)
        if place is not None and _is_same(found[place], lack):
            found[place] = _joined(found[place], lack)
        else:
            latest[lack.words] = len(found)
            found.append(lack)
    return tuple(found)


def _of_track(track: Track, wave: TrackWave) -> list[Lack]:
    gaps = [
        Lack(
            Span(gap.start_ms, gap.end_ms),
            gap.reason,
            REASONS.get(gap.reason) or AWAY[track.source],
            (track.label,),
        )
        for gap in wave.gaps
    ]
    return gaps + [Lack(span, None, UNREADABLE, (track.label,)) for span in wave.unreadable]


def _is_same(one: Lack, other: Lack) -> bool:
    apart = set(one.tracks).isdisjoint(other.tracks)
    return apart and one.words == other.words and one.span.overlap_ms(other.span) > 0


def _joined(one: Lack, other: Lack) -> Lack:
    start_ms = min(one.span.start_ms, other.span.start_ms)
    span = Span(start_ms, max(one.span.end_ms, other.span.end_ms))
    return replace(one, span=span, tracks=one.tracks + other.tracks)


def length_text(duration_ms: int) -> str:
    """Return ``3.4 s``, ``2 min 5 s`` or ``1 h 3 min``."""
    seconds = round(duration_ms / MS_PER_SECOND)
    if seconds < MINUTE:
        return f"{duration_ms / MS_PER_SECOND:.1f} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min {seconds % MINUTE} s"
    return f"{seconds // HOUR} h {seconds % HOUR // MINUTE} min"


def lack_text(lack: Lack, start_utc: datetime, names: dict[TrackLabel, str]) -> str:
    """Return one in words, as ``Room: microphone unplugged 14:03:12-14:03:15, 3.4 s``.

    ``names`` are of all tracks of the session; what befell all of them needs no name.
    """
    return f"{_where(lack, names)}{_when(lack, start_utc)}, {length_text(lack.span.duration_ms)}"


def legend_text(
    lacks: Sequence[Lack], start_utc: datetime, names: dict[TrackLabel, str], *, named: int = NAMED
) -> str:
    """Return what was lost and what was paused, the first of each named; empty if nothing."""
    lost = [lack for lack in lacks if not lack.is_pause]
    paused = [lack for lack in lacks if lack.is_pause]
    parts = []
    for group, one, many, total in (
        (lost, "gap", "gaps", "{} lost"),
        (paused, "pause", "pauses", "{}"),
    ):
        if group:
            count = f"{len(group)} {one if len(group) == 1 else many}"
            length = total.format(length_text(_covered_ms(group)))
            first = [_where(lack, names) + _when(lack, start_utc) for lack in group[:named]]
            more = [f"{len(group) - named} more"] if len(group) > named else []
            parts.append(f"{count}, {length}: {' · '.join(first + more)}")
    return "; ".join(parts)


def _where(lack: Lack, names: dict[TrackLabel, str]) -> str:
    everywhere = set(lack.tracks) >= set(names)
    tracks = "" if everywhere else ", ".join(names[label] for label in lack.tracks) + ": "
    return f"{tracks}{lack.words} "


def _when(lack: Lack, start_utc: datetime) -> str:
    """Return from when to when; within one second, that second."""
    bounds = (lack.span.start_ms, lack.span.end_ms)
    return "\N{EN DASH}".join(dict.fromkeys(utc_text(after(start_utc, ms)) for ms in bounds))


def _covered_ms(lacks: Sequence[Lack]) -> int:
    """Return how long anything was missing; what two tracks lack at once counts once."""
    covered, until_ms = 0, 0
    for lack in sorted(lacks, key=lambda lack: lack.span):
        covered += max(0, lack.span.end_ms - max(until_ms, lack.span.start_ms))
        until_ms = max(until_ms, lack.span.end_ms)
    return covered
