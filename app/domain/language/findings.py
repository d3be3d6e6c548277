"""What a look at somebody's words found."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Family(enum.StrEnum):
    """What is meant by words of a kind, whatever the words."""

    HUMAN_ERROR = "human_error"
    PERSON_FAILED = "person_failed"
    PERSON_CAUSED = "person_caused"
    VAGUE_ACTION = "vague_action"
    LEAK = "leak"


@dataclass(frozen=True, slots=True)
class LanguageFinding:
    """Words to think over: ``[start, end)`` in code points of the text, ``line`` from 1.

    ``suggestion`` is offered, never put in place by itself.
    """

    family: Family
    start: int
    end: int
    line: int
    match: str
    message: str
    suggestion: str


def found(
    family: Family, text: str, match: re.Match[str], *, message: str, suggestion: str
) -> LanguageFinding:
    """Return the finding of a match; of its group ``words`` where it has one."""
    group = "words" if "words" in match.re.groupindex and match["words"] else 0
    start, end = match.span(group)
    return LanguageFinding(
        family, start, end, text.count("\n", 0, start) + 1, match[group], message, suggestion
    )


def without_overlaps(findings: list[LanguageFinding]) -> list[LanguageFinding]:
    """Return the findings in the order of the text, of overlapping ones the one that came first.

    First is first in the list: put the surest kind of finding at its beginning.
    """
    kept: list[LanguageFinding] = []
    for finding in findings:
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda finding: finding.start)
