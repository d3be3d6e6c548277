"""What a redaction would change: what stands now, and what would stand then."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from app.domain.redacting import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.text_fields import Values

HISTORY = frozenset({"change", "operation"})  # what no part of a record is, but remembers it
BESIDE = 30  # letters that are shown before and behind what differs


@dataclass(frozen=True, slots=True)
class TextChange:
    """One row: a thing of a record (``kind``), or of its history (one of ``HISTORY``).

    ``key`` tells rows of a kind apart; ``before`` and ``after`` are its JSON values.
    """

    kind: str
    key: int
    incident_id: str
    before: Values
    after: Values

    @property
    def is_history(self) -> bool:
        """Whether it is no part of what stands."""
        return self.kind in HISTORY

    @property
    def excerpts(self) -> tuple[tuple[str, str], ...]:
        """Where its texts differ: what stands there, and what would; each pair once."""
        return tuple(
            dict.fromkeys(_excerpt(*pair) for pair in _differing(self.before, self.after))
        )


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a redaction finds in the database.

    ``partly`` names (incident, kind, id) what is to stand and holds parts of phrases that go.
    """

    changes: tuple[TextChange, ...]
    partly: tuple[tuple[str, str, str], ...]


def _differing(before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """Yield texts that differ; a transcript's words one by one say no more than its text."""
    if isinstance(before, str) and isinstance(after, str):
        if before != after and MARK in after:  # else a hash that changed with its file
            yield before, after
    elif isinstance(before, dict) and isinstance(after, dict):
        for name in before:
            if name != "words":
                yield from _differing(before[name], after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=True):
            yield from _differing(one, other)


def _excerpt(before: str, after: str) -> tuple[str, str]:
    """Cut both to where they differ, and a little beside it."""
    same = sum(1 for _ in takewhile(_is_same, zip(before, after, strict=False)))
    behind = zip(reversed(before[same:]), reversed(after[same:]), strict=False)
    same_behind = sum(1 for _ in takewhile(_is_same, behind))
    return _around(before, same, same_behind), _around(after, same, same_behind)


def _is_same(letters: tuple[str, str]) -> bool:
    return letters[0] == letters[1]


def _around(text: str, start: int, behind: int) -> str:
    first, last = max(0, start - BESIDE), len(text) - max(0, behind - BESIDE)
    shown = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{shown}{'…' if last < len(text) else ''}"
