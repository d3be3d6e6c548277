"""What stands around the words of a typed line: ``@role``, ``!anchor``, ``=result``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.domain.line_problem import LineError
from app.domain.roles import role_name
from app.domain.timeline import Anchor, MitigationResult

MARK = re.compile(r"([@!=])([^\W\d_][\w/-]*)")
TOKEN = re.compile(r"\S+")
OTHER_NAMES = {"fix": Anchor.ROLLBACK_OR_FIX, "recovered": Anchor.RECOVERY_CONFIRMED}

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Marks:
    """The words without the marks, and what the marks say."""

    text: str
    owner_role: str | None
    anchor: Anchor | None
    result: MitigationResult | None


def leading_marks(text: str, start: int) -> int:
    """Return where the marks end with which the text begins, and the space after them."""
    end = start
    while (token := TOKEN.match(text, end)) is not None and MARK.fullmatch(token[0]):
        end = token.end()
        while end < len(text) and text[end].isspace():
            end += 1
    return end


def marks_of(text: str, *stretches: tuple[int, int]) -> Marks:
    """Read the words of some stretches, and the marks around them; within, marks are words.

    Raises:
        LineError: A mark is unknown, or there are two of a kind.
    """
    tokens = [t for start, end in stretches for t in TOKEN.finditer(text, start, end)]
    first, last = 0, len(tokens)
    while first < last and MARK.fullmatch(tokens[first][0]):
        first += 1
    while last > first and MARK.fullmatch(tokens[last - 1][0]):
        last -= 1
    said: dict[str, re.Match[str]] = {}
    for token in (*tokens[:first], *tokens[last:]):
        if token[0][0] in said:
            raise LineError(
                *token.span(), f"“{token[0]}” is the second of its kind.", "Keep one of them."
            )
        said[token[0][0]] = token
    words = text[tokens[first].start() : tokens[last - 1].end()] if first < last else ""
    owner = said.get("@")
    return Marks(
        words,
        None if owner is None else role_name(owner[0][1:]),
        _chosen(said.get("!"), Anchor, "anchor"),
        _chosen(said.get("="), MitigationResult, "result"),
    )


def _chosen(token: re.Match[str] | None, kind: type[Choice], what: str) -> Choice | None:
    """Return the one of a kind whose name begins as was typed."""
    if token is None:
        return None
    typed = token[0][1:].casefold().replace("-", "_")
    other = OTHER_NAMES.get(typed)
    if isinstance(other, kind):
        return other
    exact = [choice for choice in kind if choice.value == typed]
    found = exact or [choice for choice in kind if choice.value.startswith(typed)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(choice.value for choice in found or kind)
    raise LineError(*token.span(), f"“{token[0]}” is no {what}.", f"Choose one of {names}.")
