"""The fast entry line: ``/fact 14:02 checkout returns 503 @ops !detection``.

A pure function of the text and the moment, cheap enough to be asked at every key: what it returns
is what would be entered, or where the line is not understood and what to type instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeAlias

from app.domain.line_marks import Marks, leading_marks, marks_of
from app.domain.line_problem import LineError, LineProblem
from app.domain.past_time import PastTimeError, leading_time
from app.domain.role_line import RoleLine, role_line
from app.domain.status_line import StatusLine, status_line
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult
from app.domain.times import Precision

COMMANDS: dict[str, EntryKind] = {
    **{kind.value: kind for kind in EntryKind},
    "role": EntryKind.RESPONSIBILITY,
}
CHOICES = "/fact, /hyp, /dec, /act, /status or /role"
COMMAND = re.compile(r"\s*(/(\S*))\s*")
TRIED = frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry as it was typed; ``occurred_at`` is None where nobody said when."""

    kind: EntryKind
    text: str
    occurred_at: datetime | None
    precision: Precision
    owner_role: str | None = None
    anchor: Anchor | None = None
    mitigation_result: MitigationResult | None = None

    @property
    def hypothesis_state(self) -> HypothesisState | None:
        """Open for a hypothesis; others have none."""
        return HypothesisState.OPEN if self.kind is EntryKind.HYPOTHESIS else None


Understood: TypeAlias = EntryLine | StatusLine | RoleLine


def understand(
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    running: bool = True,
    near: datetime | None = None,
) -> Understood | LineProblem:
    """Return what a line means, or the problem with it; it never raises.

    Times are of the zone. Where none is typed, it is now while the incident is ``running``, and
    unknown afterwards: then people enter what they remember, not what they see, and a time of
    day is the one next to ``near``, when it happened.
    """
    try:
        return _understood(text, now=now, zone=zone, running=running, near=near)
    except LineError as error:
        return error.problem


def _understood(
    text: str, *, now: datetime, zone: tzinfo, running: bool, near: datetime | None
) -> Understood:
    kind, start = _kind(text)
    if kind not in {EntryKind.STATUS, EntryKind.RESPONSIBILITY}:
        return _entry_line(text, kind, start, now=now, zone=zone, running=running, near=near)
    at, precision, start = _time(text, start, now=now, zone=zone, near=near)
    if kind is EntryKind.STATUS:
        return status_line(text, start, at=at, precision=precision, now=now, zone=zone)
    return role_line(text, start, at=at, precision=precision)


def _entry_line(
    text: str,
    kind: EntryKind,
    start: int,
    *,
    now: datetime,
    zone: tzinfo,
    running: bool,
    near: datetime | None,
) -> EntryLine:
    """Read an entry; its time may stand before the first marks, or after them."""
    after_marks = leading_marks(text, start)
    at, precision, words_start = _time(text, after_marks, now=now, zone=zone, near=near)
    marks = marks_of(text, (start, after_marks), (words_start, len(text)))
    if not marks.text:
        raise LineError(start, len(text), "There are no words.", "Say what is to be entered.")
    if at is None and running:
        at, precision = now, Precision.SECOND
    return EntryLine(
        kind,
        marks.text,
        at,
        precision,
        marks.owner_role,
        _anchor(kind, marks, len(text)),
        marks.result,
    )


def _kind(text: str) -> tuple[EntryKind, int]:
    match = COMMAND.match(text)
    if match is None:
        words = "Nothing is typed." if not text.strip() else "It does not say what it is."
        raise LineError(0, len(text), words, f"Begin with {CHOICES}; a letter does, such as /f.")
    typed = match[2].casefold()
    kinds = {kind for name, kind in COMMANDS.items() if typed and name.startswith(typed)}
    if len(kinds) != 1:
        words = f"There is no “{match[1]}”."
        raise LineError(*match.span(1), words, f"Begin with {CHOICES}.")
    return kinds.pop(), match.end()


def _time(
    text: str, start: int, *, now: datetime, zone: tzinfo, near: datetime | None
) -> tuple[datetime | None, Precision, int]:
    try:
        found = leading_time(text[start:], now=now, zone=zone, near=near)
    except PastTimeError as error:
        sentence = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise LineError(start, len(text), sentence, error.remedy) from error
    if found is None:
        return None, Precision.UNKNOWN, start
    return found.at, found.precision, start + found.length


def _anchor(kind: EntryKind, marks: Marks, end: int) -> Anchor | None:
    """Return the anchor; an action with a result was an attempt to mitigate."""
    if marks.result is None:
        return marks.anchor
    if kind is not EntryKind.ACTION:
        raise LineError(
            0,
            end,
            f"A {kind.value} has no result.",
            "Enter what was tried with /act, or leave the result out.",
        )
    anchor = marks.anchor or Anchor.MITIGATION_ATTEMPT
    if anchor not in TRIED:
        raise LineError(
            0,
            end,
            f"Only a mitigation attempt has a result, and this is {anchor.value}.",
            "Use !mitigation_attempt or !rollback_or_fix with it.",
        )
    return anchor
