"""Who holds which role, and from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import IncidentId, RoleId
from app.domain.invariants import require_words
from app.domain.json_names import BY_JSON_NAME
from app.domain.times import keep_utc

# The roles of the house, each with what people call it for short. Others are a team's own.
SHORT_NAMES = {
    "ic": "incident commander",
    "commander": "incident commander",
    "ops": "operations",
    "comms": "communications",
    "sme": "subject matter expert",
    "liaison": "customer liaison",
}
INITIALS = frozenset({"ic", "sme"})
KNOWN_ROLES = (
    "incident commander",
    "operations",
    "communications",
    "scribe",
    "subject matter expert",
    "customer liaison",
    "facilitator",
    "owner",
)
NEEDED_ROLES = KNOWN_ROLES[:4]  # held, or said not to be needed (R20)
COMMANDER = KNOWN_ROLES[0]
SHARED_ROLES = frozenset({"subject matter expert"})  # several people hold one at a time


def role_name(written: str) -> str:
    """Return one name for ``IC``, ``Incident Commander`` and ``incident_commander``."""
    plain = " ".join(written.replace("_", " ").replace("-", " ").lower().split())
    return SHORT_NAMES.get(plain, plain)


def short_role(role: str) -> str:
    """Return what people say for a role: ``IC``, ``ops``; the role itself where that is short."""
    name = role_name(role)
    short = next((short for short, known in SHORT_NAMES.items() if known == name), role)
    return short.upper() if short in INITIALS else short


def same_person(one: str | None, other: str | None) -> bool:
    """Whether two names, as people type them, are one; nobody is the same as nobody."""
    return " ".join((one or "").casefold().split()) == " ".join((other or "").casefold().split())


@dataclass(frozen=True, slots=True)
class Role:
    """A role and who held it; a handover ends one of these and begins another.

    ``role`` is as the person wrote it, ``name`` what it is compared by. ``not_needed`` says that
    nobody has to hold it; then it has no person. ``to`` is None while it is held.
    """

    __pydantic_config__ = BY_JSON_NAME

    id: RoleId
    incident_id: IncidentId
    role: str
    person: str | None = None
    from_: datetime | None = None
    to: datetime | None = None
    not_needed: bool = False

    def __post_init__(self) -> None:
        require_words(self.role, "a role needs a name")
        keep_utc(self, "from_", "to")
        if self.not_needed == bool(self.person and self.person.strip()):
            raise ValueError("a role is held by a person, or not needed")
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError("a role must not end before it begins")

    @property
    def name(self) -> str:
        """The role, however it was written."""
        return role_name(self.role)

    @property
    def is_held(self) -> bool:
        """Whether a person holds it still."""
        return not self.not_needed and self.to is None
