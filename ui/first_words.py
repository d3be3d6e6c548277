"""The first words of an entry, by which a person knows it again."""

from __future__ import annotations

import textwrap

MOST_LETTERS = 40


def first_words(text: str) -> str:
    """Return the text, or its first words and ``…``; on one line, without a full stop."""
    plain = " ".join(text.split()).rstrip(".")
    if " " in plain[:MOST_LETTERS]:
        return textwrap.shorten(plain, MOST_LETTERS, placeholder="…")
    return plain if len(plain) <= MOST_LETTERS else f"{plain[: MOST_LETTERS - 1]}…"
