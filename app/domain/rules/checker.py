"""Holding a record to the rules: at once, or again after each edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from app.domain.record import Record
from app.domain.rules.findings import Circumstances, Finding, Level, Rule
from app.domain.rules.table import RULES


def check(record: Record, now: datetime | Circumstances) -> tuple[Finding, ...]:
    """Return what the rules find, in the order of the rules."""
    return Checker().check(record, now)


def final_allowed(findings: Iterable[Finding]) -> bool:
    """Whether nothing refuses the final export; a draft is always allowed."""
    return not any(finding.level is Level.REFUSE for finding in findings)


class Checker:
    """Checks one incident again and again; what no edit touched is not looked at twice.

    An edit makes new tuples of the kinds it changed and keeps the others, which is how they are
    told apart: by identity, in no time. For one thread.
    """

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = rules
        self._last: tuple[Record, Circumstances] | None = None
        self._found: dict[str, tuple[Finding, ...]] = {}

    def check(self, record: Record, now: datetime | Circumstances) -> tuple[Finding, ...]:
        """Return what the rules find; the same as a check from the start would."""
        told = Circumstances(now) if isinstance(now, datetime) else now
        for rule in self._rules:
            if self._is_stale(rule, record, told):
                self._found[rule.id] = rule.findings(record, told)
        self._last = record, told
        return tuple(chain.from_iterable(self._found[rule.id] for rule in self._rules))

    def _is_stale(self, rule: Rule, record: Record, told: Circumstances) -> bool:
        if self._last is None or rule.id not in self._found or rule.ages:
            return True
        before, told_before = self._last
        if told.is_protected is not told_before.is_protected:
            return True
        return any(getattr(record, name) is not getattr(before, name) for name in rule.reads)
