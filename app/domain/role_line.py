"""A change of role on one line: ``ic Priya``, ``scribe none``, ``ops end``."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import datetime

from app.domain.line_problem import LineError
from app.domain.roles import KNOWN_ROLES, SHORT_NAMES, role_name
from app.domain.times import Precision

NAMES = sorted((*KNOWN_ROLES, *SHORT_NAMES), key=len, reverse=True)
WORD_GAP = r"[\s_-]+"
KNOWN = re.compile(
    r"@?(?P<role>" + "|".join(name.replace(" ", WORD_GAP) for name in NAMES) + r")\b\s*[:=]?\s*",
    re.IGNORECASE,
)
OWN = re.compile(r"@?(?P<role>[^\s:=@]+)\s*[:=]?\s*")
COMMAND_IN_NAME = re.compile(r"(?:(?<=\s)|^)/\w")
NO_NAME = "A command stands where only a name belongs."
NOT_NEEDED = frozenset({"none", "nobody", "not needed", "-"})
ENDED = frozenset({"end", "ends", "nobody"})


class RoleStep(enum.StrEnum):
    """What happens to a role."""

    HELD = "held"
    NOT_NEEDED = "not_needed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A change of role as it was typed; ``at`` is None for now; a person only takes it up."""

    role: str
    step: RoleStep
    person: str | None = None
    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN


def role_line(text: str, start: int, *, at: datetime | None, precision: Precision) -> RoleLine:
    """Read which role, and who takes it.

    Raises:
        LineError: It names no role, or does not say who takes it.
    """
    begins = len(text) - len(text[start:].lstrip())
    match = KNOWN.match(text, begins) or OWN.match(text, begins)
    remedy = "Such as /role ic Priya, /role scribe none (not needed), /role ops end."
    if match is None:
        raise LineError(begins, len(text), "It names no role.", remedy)
    role, person = role_name(match["role"]), text[match.end() :].strip()
    if not person:
        raise LineError(match.start(), len(text), f"It does not say who is {role}.", remedy)
    if second := COMMAND_IN_NAME.search(text, match.end()):
        raise LineError(second.start(), len(text), NO_NAME, "Enter one command to a line.")
    plain = " ".join(person.casefold().split())
    if plain in NOT_NEEDED:
        return RoleLine(role, RoleStep.NOT_NEEDED, at=at, precision=precision)
    if plain in ENDED:
        return RoleLine(role, RoleStep.ENDED, at=at, precision=precision)
    return RoleLine(role, RoleStep.HELD, person, at, precision)
