"""Things that people name by their id, or by its beginning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from app.domain.errors import NotFoundError


class HasId(Protocol):
    """What has an id."""

    @property
    def id(self) -> str:
        """Its id."""


T = TypeVar("T", bound=HasId)


def named(things: Iterable[T], wanted: str, what: str, *, see: str) -> T:
    """Return the thing whose id is, or alone begins with, what was typed.

    ``what`` is what it is called; ``see`` the command that lists them.

    Raises:
        NotFoundError: There is none, or several begin so.
    """
    known = list(things)
    exact = [thing for thing in known if thing.id == wanted]
    found = exact or [thing for thing in known if wanted and thing.id.startswith(wanted)]
    if len(found) != 1:
        problem = f"More than one {what} begins with" if found else f"There is no {what}"
        raise NotFoundError(f"{problem} “{wanted}”.", remedy=f"“{see}” lists what there is.")
    return found[0]
