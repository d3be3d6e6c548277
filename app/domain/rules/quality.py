"""How good a record is, in parts that a person can check by counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.record import Record
from app.domain.rules.actions import missing_of, to_be_done
from app.domain.rules.findings import Finding, Level, Place
from app.domain.rules.table import RULES

TOP_FIXES = 3
# What each part may add to the score of 100.
REQUIREMENTS, WARNINGS, PROVENANCE, ACTIONS = 40, 20, 20, 20


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the score: ``score`` of ``max`` points, to a tenth."""

    name: str
    score: float
    max: int


@dataclass(frozen=True, slots=True)
class Fix:
    """What to mend first."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Quality:
    """The score is the sum of its parts; it judges the record, never people."""

    score: float
    parts: tuple[Part, ...]
    top_fixes: tuple[Fix, ...]


def quality(record: Record, findings: Sequence[Finding]) -> Quality:
    """Score a record with the findings about it.

    The parts are the shares of: required rules met, warning rules met, entries with a source or
    evidence, and actions that lack nothing. Where there are no entries, or no actions, there is
    nothing to be had for them.
    """
    entries = record.entries
    actions = to_be_done(record)
    parts = (
        _part("required rules met", REQUIREMENTS, *_met(Level.REFUSE, findings)),
        _part("warning rules met", WARNINGS, *_met(Level.WARN, findings)),
        _part(
            "entries with a source or evidence",
            PROVENANCE,
            sum(1 for entry in entries if entry.sources or entry.evidence),
            len(entries),
        ),
        _part(
            "complete actions",
            ACTIONS,
            sum(1 for action in actions if not missing_of(action)),
            len(actions),
        ),
    )
    return Quality(round(sum(part.score for part in parts), 1), parts, _top_fixes(findings))


def _met(level: Level, findings: Sequence[Finding]) -> tuple[int, int]:
    broken = {finding.rule for finding in findings if finding.level is level}
    rules = [rule for rule in RULES if rule.level is level]
    return sum(1 for rule in rules if rule.id not in broken), len(rules)


def _part(name: str, points: int, good: int, of: int) -> Part:
    return Part(name, round(points * good / of, 1) if of else 0.0, points)


def _top_fixes(findings: Sequence[Finding]) -> tuple[Fix, ...]:
    """Return what refuses before what warns, and one of a rule before the second of any."""
    seen: dict[str, int] = {}
    ranked: list[tuple[bool, int, int, Finding]] = []
    for index, finding in enumerate(findings):
        nth = seen[finding.rule] = seen.get(finding.rule, 0) + 1
        ranked.append((finding.level is Level.WARN, nth, index, finding))
    ranked.sort(key=lambda item: item[:3])
    return tuple(Fix(f"{f.message} {f.remedy}", f.place) for *_, f in ranked[:TOP_FIXES])
