"""Whose words are whose: what was told beside what is known of a recording."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.bench.material.recording import Line


def right_words(script: Iterable[Line], words: Iterable[tuple[str, int, str]]) -> float:
    """Return the share of words that have the right speaker.

    ``words`` are (track, middle in milliseconds, label). Each label stands for the person who says
    most of its words; two labels of one person are one too many, and the smaller is wrong.
    """
    lines = list(script)
    counts = Counter((label, _speaker(lines, track, at_ms)) for track, at_ms, label in words)
    named: dict[str, str] = {}
    for (label, speaker), _ in counts.most_common():
        if label not in named and speaker not in named.values():
            named[label] = speaker
    right = sum(count for (label, speaker), count in counts.items() if named.get(label) == speaker)
    return right / counts.total()


def _speaker(lines: list[Line], track: str, at_ms: int) -> str:
    """Return who says what lies nearest to a moment of a track."""
    nearest = min(
        (line for line in lines if line.track == track),
        key=lambda line: max(line.start_ms - at_ms, at_ms - line.end_ms, 0),
    )
    return nearest.speaker
