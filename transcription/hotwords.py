"""Chooses which of the team's spellings a model is told to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUDGET = 100  # tokens; the model's window holds 448, and what is said needs the most of them


def hotwords_within(
    spellings: Sequence[str], count: Callable[[str], int], *, budget: int = BUDGET
) -> str | None:
    """Return the spellings that fit, in their order, as a model is told them; None for none.

    ``count`` tells how many tokens of the model a text has. One that is too long is passed over.
    """
    fitting = ""
    for spelling in spellings:
        longer = f"{fitting}, {spelling}" if fitting else spelling
        if count(longer) <= budget:
            fitting = longer
    return fitting or None
