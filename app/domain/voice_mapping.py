"""Finds the voices of before among those that were told apart anew, so that names stay."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.domain.voice_turns import VoiceTurns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.domain.engine_types import SpeakerTurn
    from app.domain.ids import TrackId

NAMED_COUNTS = 2.0  # times: between two that fit, a name that a person typed is to stay
MOST = 0.5  # of what one of the two says: less is a mistake at the edges, not the same voice


def map_voices(
    before: Iterable[SpeakerTurn], now: Iterable[SpeakerTurn], *, named: Collection[str] = ()
) -> dict[str, str]:
    """Return which of the voices of ``now`` is which of ``before``, by label.

    They are the same if they say the same for longest. ``before`` are labelled stretches, that may
    overlap; ``now`` are exclusive turns: those of one track never overlap. Of ``named`` voices a
    person has said who they are. No two voices of one track become one, and a voice that is not
    in the result is a new one.
    """
    turns = list(now)
    tracks: dict[str, set[TrackId]] = {}
    for turn in turns:
        tracks.setdefault(turn.label, set()).add(turn.track_id)
    mapping: dict[str, str] = {}
    taken: set[tuple[str, TrackId]] = set()
    for old, new in _by_fit(_shared_ms(before, turns), named):
        places = {(old, track_id) for track_id in tracks[new]}
        if new not in mapping and taken.isdisjoint(places):
            mapping[new] = old
            taken |= places
    return mapping


def _shared_ms(
    before: Iterable[SpeakerTurn], now: Iterable[SpeakerTurn]
) -> Counter[tuple[str, str]]:
    """Return for how long each voice of before says the same as each of now."""
    heard = VoiceTurns.by_track(now)
    shared: Counter[tuple[str, str]] = Counter()
    for turn in before:
        for label, share_ms in heard.get(turn.track_id, VoiceTurns()).overlaps(turn.span).items():
            shared[turn.label, label] += share_ms
    return shared


def _by_fit(shared: Counter[tuple[str, str]], named: Collection[str]) -> list[tuple[str, str]]:
    """Return the pairs that may be one voice, those that fit best first."""
    of_old: Counter[str] = Counter()
    of_new: Counter[str] = Counter()
    for (old, new), share_ms in shared.items():
        of_old[old] += share_ms
        of_new[new] += share_ms
    fits = {
        (old, new): share_ms * (NAMED_COUNTS if old in named else 1.0)
        for (old, new), share_ms in shared.items()
        if share_ms >= MOST * min(of_old[old], of_new[new])
    }
    return sorted(fits, key=lambda pair: (-fits[pair], pair))
