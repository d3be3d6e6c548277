"""Options that stand before or after any command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME, ACTOR = "--home", "--as"
JSON = "--json"
END = "--"  # what follows is no option


class UsageProblem(Exception):  # noqa: N818  a person's slip, not an error of the program
    """The words of the command do not fit."""


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What was chosen for this call; empty where nothing was."""

    home: str = ""
    actor: str = ""
    as_json: bool = False


def split_global_options(arguments: Sequence[str]) -> tuple[GlobalOptions, list[str]]:
    """Take ``--home``, ``--as`` and ``--json`` out of the arguments, wherever they stand.

    Raises:
        UsageProblem: An option lacks its value.
    """
    chosen, rest = GlobalOptions(), list[str]()
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == END:
            return chosen, [*rest, word, *words]
        if word == JSON:
            chosen = replace(chosen, as_json=True)
        elif name in {HOME, ACTOR}:
            given = value if equals else next(words, "")
            if not given:
                raise UsageProblem(f"“{name}” needs a value.")
            chosen = replace(chosen, home=given) if name == HOME else replace(chosen, actor=given)
        else:
            rest.append(word)
    return chosen, rest
