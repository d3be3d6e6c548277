"""Text made harmless in HTML."""

from __future__ import annotations

from html import escape

from drafting.content.plain_text import printable


def shown(text: str) -> str:
    """Return somebody's words so that a page shows them as they are, in attributes, too."""
    return escape(printable(text))
