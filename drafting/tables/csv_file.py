"""CSV that opens with the right columns everywhere and runs nothing anywhere (RFC 4180)."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

from drafting.content.plain_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@")
GUARD = "'"


def harmless(cell: str) -> str:
    """Return a cell as words, whatever it begins with.

    Spreadsheets look for a formula behind spaces, too, and those of East Asia take the wide
    forms of its signs, which compatibility normalisation makes plain.
    """
    text = printable(cell)
    begins = unicodedata.normalize("NFKC", text.lstrip()[:1]).startswith(FORMULA)
    starts = begins or cell.startswith(("\t", "\r", "\n"))
    return f"{GUARD if starts else ''}{text}"


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool) -> bytes:
    """Return the table in UTF-8.

    ``mark`` puts a byte order mark before it: spreadsheets want one to know UTF-8, importers of
    trackers take it for a part of the first head.
    """
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return told.getvalue().encode("utf-8-sig" if mark else "utf-8")
