"""The words of a team: how its services, people and acronyms are spelled, and misheard."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class TermKind(enum.StrEnum):
    """What a term names."""

    SERVICE = "service"
    PERSON = "person"
    ACRONYM = "acronym"
    OTHER = "other"


# What a recogniser is told first where there is no room for all: nobody guesses a service's name.
TOLD_FIRST = (TermKind.SERVICE, TermKind.PERSON, TermKind.ACRONYM, TermKind.OTHER)


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the team spells it; ``heard_as`` are words that are recognised in its place."""

    text: str
    kind: TermKind = TermKind.OTHER
    heard_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """A team's terms, in the order of its file; no spelling is heard for two of them."""

    terms: tuple[Term, ...] = ()

    def term(self, text: str) -> Term | None:
        """Return the term that is spelled so, in whatever case."""
        wanted = text.casefold()
        return next((term for term in self.terms if term.text.casefold() == wanted), None)

    @property
    def hotwords(self) -> tuple[str, ...]:
        """The spellings that a recogniser is told to expect, the most important first."""
        by_kind = sorted(self.terms, key=lambda term: TOLD_FIRST.index(term.kind))
        return tuple(term.text for term in by_kind)


NO_TERMS = Glossary()
