"""The report as data: what all of its parts are made of; see ``report`` for how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Ref: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it is printed.

    ``day`` is the UTC day (``2026-03-12``) or empty; ``local`` is empty when the display zone
    is UTC or the time unknown. ``dated`` times are of another day than the incident's main one
    and show it. ``said`` tells when an untimed event was spoken of, not when it happened.
    """

    utc: str
    local: str = ""
    day: str = ""
    dated: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A plain sentence and the lines that carry it."""

    text: str
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One follow-up; empty strings were not recorded.

    ``factors`` are those that it answers, ``depends_on`` other actions. ``ticket_address`` is
    ready to be followed, and empty where there is none.
    """

    ref: Ref
    text: str
    owner: str
    due: str
    priority: str
    purpose: str
    verification: str
    status: str
    line: Ref
    sources: tuple[Ref, ...]
    factors: tuple[Ref, ...] = ()
    depends_on: tuple[Ref, ...] = ()
    ticket: str = ""
    ticket_address: str = ""
