"""Pieces of Markdown: text made harmless, tables, links."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drafting.report import Ref

NOT_RECORDED = "*not recorded*"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_LIST_START = re.compile(r"^(\s*)([-+]|[0-9]+[.)])(?=\s|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def escaped(text: str) -> str:
    """Return somebody's words so that Markdown shows them as they are, on one line.

    Line breaks become ``<br>``, which works inside tables too.
    """
    plain = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.strip().replace("\r\n", "\n"))
    lines = _SPECIAL.sub(r"\\\1", plain).replace("\t", " ").split("\n")
    return "<br>".join(_LIST_START.sub(_defused, line) for line in lines)


def _defused(match: re.Match[str]) -> str:
    indent, mark = match.groups()
    return f"{indent}{mark[:-1]}\\{mark[-1]}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; empty without rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines])


def value(text: str) -> str:
    """Return a cell that says so where nothing is recorded."""
    return escaped(text) if text else NOT_RECORDED


def target(ref: Ref) -> str:
    """Return a reference that links lead to."""
    return f'<a id="{ref.lower()}"></a>{ref}'


def links(refs: Sequence[Ref]) -> str:
    """Return references as links."""
    return " ".join(f"[{ref}](#{ref.lower()})" for ref in refs)


def web_link(words: str, address: str) -> str:
    """Return words that lead to an address, which is ASCII and holds no ``<``, ``>`` or ``|``."""
    return f"[{escaped(words)}](<{escape(address, quote=False)}>)"
