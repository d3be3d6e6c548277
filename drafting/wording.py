"""Small words around the record's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafting.report import EvidenceRow, SourceRow

SHORT = 160
EVIDENCE = "Evidence"
MOVES = "How it moved"


def quoted(text: str) -> str:
    """Return the record's own words as somebody's words, on one line."""
    return f"“{' '.join(text.split())}”"


def shortened(text: str, limit: int = SHORT) -> str:
    """Return the beginning of a text, cut at a word where there is one, marked with ``…``."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    cut = head.rfind(" ")
    return f"{head[: cut if cut > limit // 2 else limit - 1].rstrip()}…"


def counted(count: int, one: str, many: str = "") -> str:
    """Return ``no decisions``, ``1 decision``, ``2 decisions``."""
    return f"{count or 'no'} {one if count == 1 else many or one + 's'}"


def listing(words: Sequence[str]) -> str:
    """Return ``a, b and c``; empty for none."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def place_of(source: SourceRow) -> str:
    """Return track, stretch and clock time: ``bridge … (14:47:17 UTC)``."""
    return f"{source.track} {source.span} ({source.clock})"


def words_of(source: SourceRow) -> str:
    """Return a source's words as they are printed."""
    if source.withheld:
        return "words withheld: flagged transcript"
    return quoted(source.quote) if source.quote.strip() else "no words: the audio alone"


def file_words(evidence: EvidenceRow) -> str:
    """Return a file's name and the beginning of its hash; empty for a link without a name."""
    if not evidence.sha256:
        return evidence.name
    return f"{evidence.name or 'file without a name'}, SHA-256 {evidence.sha256}…"


def captured_words(evidence: EvidenceRow) -> str:
    """Return when evidence looked as it does."""
    return evidence.captured or "time of capture not recorded"


def spaced(name: str) -> str:
    """Return a name of the record as words: ``wont_do`` as ``wont do``."""
    return name.replace("_", " ")


def amount(number: float) -> str:
    """Return a number as people read it: ``1,400``, ``43.2``, and two places at most if small."""
    if number == int(number):
        return f"{int(number):,}"
    places = 2 if abs(number) >= 1 else 4
    return f"{number:,.{places}f}".rstrip("0").rstrip(".")
