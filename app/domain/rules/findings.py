"""What a rule finds, and what it is told beside the record."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from app.domain.times import require_aware

if TYPE_CHECKING:
    from app.domain.record import Record
    from app.domain.rules.commands import Typed

# Minutes between status updates, by severity; None asks for none. A team's rubric replaces it.
DEFAULT_CADENCE: Mapping[str, int | None] = MappingProxyType(
    {"SEV1": 30, "SEV2": 60, "SEV3": 120, "SEV4": None}
)


class Level(enum.StrEnum):
    """Whether a finding refuses the final export, or warns."""

    REFUSE = "E"
    WARN = "W"


@dataclass(frozen=True, slots=True)
class Place:
    """What to open to mend it: ``type`` as in the history of edits, ``field`` as in JSON."""

    type: str
    id: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What one rule saw. ``level`` is that of the rule unless it says otherwise.

    ``typed`` mends it from a terminal; None where that takes more than one command, or thought.
    """

    place: Place
    message: str
    remedy: str
    level: Level | None = None
    typed: Typed | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the rule it offends.

    ``document`` is what the file ``FILE.json`` of its command is to hold, if that names one.
    """

    rule: str
    level: Level
    place: Place
    message: str
    remedy: str
    command: str | None = None
    document: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules need that no record holds.

    ``is_protected``: the incident is encrypted at rest and out of the library.
    """

    now: datetime
    cadence: Mapping[str, int | None] = field(default_factory=lambda: DEFAULT_CADENCE)
    is_protected: bool = False

    def __post_init__(self) -> None:
        require_aware(self.now, "now")


Check: TypeAlias = Callable[["Record", Circumstances], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its sentence, the fields of the record that its check reads, and the check.

    ``ages`` says that time alone can change the outcome.
    """

    id: str
    level: Level
    sentence: str
    reads: tuple[str, ...]
    check: Check
    ages: bool = False

    def findings(self, record: Record, circumstances: Circumstances) -> tuple[Finding, ...]:
        """Return what the rule has to say of the record."""
        return tuple(self._finding(problem) for problem in self.check(record, circumstances))

    def _finding(self, problem: Problem) -> Finding:
        typed = problem.typed
        return Finding(
            self.id,
            problem.level or self.level,
            problem.place,
            problem.message,
            problem.remedy,
            None if typed is None else typed.command,
            None if typed is None else typed.document,
        )


def and_list(words: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    *first, last = list(words)
    return f"{', '.join(first)} and {last}" if first else last


def quoted(text: str, *, longest: int = 60) -> str:
    """Return words in quotes, cut where they are long."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= longest else f"“{line[: longest - 1].rstrip()}…”"
