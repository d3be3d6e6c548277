"""Text made harmless in Markdown."""

from __future__ import annotations

import re

from drafting.content.plain_text import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_LIST_START = re.compile(r"^(\s*)([-+]|[0-9]+[.)])(?=\s|$)")
_ADDRESS = re.compile(r"(?i)(https?|ftp)(?=://)|(www)(?=\.)")  # GitHub makes links of bare ones


def escaped(text: str) -> str:
    """Return somebody's words so that Markdown shows them as they are, on one line.

    Line breaks become ``<br>``, which works inside tables too.
    """
    safe = _ADDRESS.sub(r"\g<0>\\", _SPECIAL.sub(r"\\\1", printable(text)))
    return "<br>".join(_LIST_START.sub(_defused, line) for line in safe.split("\n"))


def _defused(match: re.Match[str]) -> str:
    indent, mark = match.groups()
    return f"{indent}{mark[:-1]}\\{mark[-1]}"
