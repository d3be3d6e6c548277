"""What a redaction refuses, and what its step in the history is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError, RecordError
from app.domain.redacting import tokens_of
from app.domain.redaction_plan import Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.redaction_plan import RedactionPlan


class WordsElsewhereError(RecordError):
    """Other incidents hold the words, and nobody has said what becomes of them there."""

    def __init__(self, holding: Sequence[str]) -> None:
        several = len(holding) > 1
        super().__init__(
            f"{len(holding)} other incident{'s hold' if several else ' holds'} the words, too: "
            f"{', '.join(holding)}.",
            remedy="Say whether they go out of those texts, too (--everywhere), or stay there "
            "(--only-here); nothing was changed.",
        )
        self.holding = tuple(holding)


def check_words(also: Sequence[str], reach: Reach | None) -> None:
    """Refuse no words at all, and words alone that are to stay in other incidents."""
    if not any(map(tokens_of, also)):
        raise InvalidRecordError(
            "span", "nothing is chosen", remedy="Name a span, an entry, or words with --also."
        )
    if reach is Reach.ONLY_HERE:
        raise InvalidRecordError(
            "--only-here",
            "words that are given go out of every incident",
            remedy="Leave it out, or name the segment or the entry that says them.",
        )


def label_of(plan: RedactionPlan, reason: str) -> str:
    """Name the step; the reason stands in it where no ``Redaction`` bears it."""
    spans, entries = len(plan.cuts), len(plan.entries)
    parts = [f"{spans} span{'s' if spans > 1 else ''}"] if spans else []
    if entries:
        parts.append("1 entry" if entries == 1 else f"{entries} entries")
    label = f"redact {' and '.join(parts) or 'words'}"
    return label if spans else f"{label}: {reason}"


def check_reason(plan: RedactionPlan, reason: str) -> None:
    """Refuse a reason that would keep what goes: it stands in the record and in the journal."""
    if not reason.strip():
        raise InvalidRecordError("reason", "a redaction needs a reason")
    if plan.sought.holds(reason):
        raise InvalidRecordError(
            "reason", "it repeats words that are to go", remedy="Say why without saying what."
        )
