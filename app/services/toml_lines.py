"""Where things stand in a TOML file that people edit: the library's parser does not say."""

from __future__ import annotations

import re

TABLE = re.compile(r"\s*\[")


def line_of(text: str, key: str, *, table: str, index: int | None) -> int | None:
    """Return the line, from 1, where a key stands; for none, where its table begins.

    With an ``index`` it is a key of that one of the tables ``[[table]]``; else one outside them.
    """
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=|\s*\[+\s*{re.escape(key)}\b")
    header = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(table)}[\"']?\s*\]\]")
    number_of, begins = -1, None
    for number, line in enumerate(text.splitlines(), start=1):
        if header.match(line):
            number_of += 1
            begins = number if number_of == index else begins
        elif TABLE.match(line):
            number_of = len(text)  # beyond the tables
        inside = number_of == index if index is not None else not -1 < number_of < len(text)
        if inside and wanted.match(line):
            return number
    return begins
