"""Roles in the place of names: who reads from outside learns what was done, not by whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.language.function_words import FUNCTION_WORDS
from app.domain.merged_voices import MergedVoices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.record import Record

NOBODY_KNOWN = "responder"
SHORTEST = 3  # letters of a part of a name; shorter ones are initials


def without_names(record: Record) -> Callable[[str], str]:
    """Return what puts “the incident commander” where a text says “Priya” or “Priya Rao”.

    A whole name is found however it is written, a part of one only with its capital: “will” and
    “mark” are words, too.
    """
    whole: dict[str, str] = {}
    for name, role in _named(record):
        whole[name] = whole.get(name) or role
    parts = {
        part: role
        for name, role in whole.items()
        for part in name.split()
        if len(part) >= SHORTEST and part not in FUNCTION_WORDS
    }
    roles = parts | whole
    longest_first = sorted(map(re.escape, roles), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)

    def role_of(match: re.Match[str]) -> str:
        name = match[0].casefold()
        is_word = name not in whole and not match[0][0].isupper()
        return match[0] if is_word else f"the {roles[name] or NOBODY_KNOWN}"

    return (lambda text: pattern.sub(role_of, text)) if roles else (lambda text: text)


def _named(record: Record) -> Iterator[tuple[str, str]]:
    """Yield every name on record, folded, with the role of who bears it, if any is known."""
    voices = MergedVoices(record.speakers)
    people: list[tuple[str | None, str | None]] = [
        *((role.person, role.name) for role in record.roles),
        *((voice.name, (voices.get(voice.id) or voice).role) for voice in record.speakers),
        *((action.owner, action.owner_role) for action in record.actions),
        (record.incident.owner, "owner"),
        *((person, None) for person in record.incident.need_to_know),
    ]
    for name, role in people:
        folded = " ".join((name or "").casefold().split())
        if folded:
            yield folded, role or ""
