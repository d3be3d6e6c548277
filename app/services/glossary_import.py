"""Terms out of tables and lists that a team has already, and out of an incident's record."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import GlossaryError
from app.domain.glossary import Glossary, Term, TermKind
from app.domain.limits import NO_TEXT
from app.domain.merged_voices import MergedVoices
from app.domain.spelling import tokens_of
from app.services.glossary_file import LONGEST_TERM
from app.services.toml_file import text_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from app.domain.record import Record

NAMES_OF = {
    "text": ("term", "name", "text", "word"),
    "kind": ("kind", "type", "category"),
    "heard_as": ("heard_as", "heard as", "also heard as", "aliases", "misheard"),
}
HEARD_SEPARATOR = ";"
DELIMITERS = "\t,;"  # the first that the first line has


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that makes no term, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The terms of a file, and the lines that make none."""

    terms: tuple[Term, ...]
    skipped: tuple[Skipped, ...] = ()


def terms_of_file(path: Path) -> Found:
    """Read a table (``.csv``, ``.tsv``) or a list with one term a line.

    A table has a heading (term, kind, heard as), or columns in that order; what is heard is set
    apart by ``;``. In a list, ``=`` sets it apart from its term, and ``#`` begins a comment.

    Raises:
        GlossaryError: It cannot be read, or holds no term.
    """
    text = text_of_file(path, GlossaryError)
    is_table = path.suffix.casefold() in {".csv", ".tsv"}
    found = _collected(_rows_of_table(text, path) if is_table else _rows_of_list(text))
    if not found.terms:
        raise GlossaryError(path, "it holds no term", remedy="Write one term on each line.")
    return found


def terms_of_record(record: Record) -> Found:
    """Return the people and systems that an incident names."""
    people = [record.incident.owner, *(role.person for role in record.roles)]
    people += [voice.name for voice in MergedVoices(record.speakers).shown if voice.confirmed]
    rows = [_Row("people", name or "", TermKind.PERSON) for name in people]
    rows += [_Row("systems", name, TermKind.SERVICE) for name in record.incident.systems]
    return _collected(row for row in rows if row.text)


def merged(
    glossary: Glossary, terms: Sequence[Term]
) -> tuple[tuple[Term, ...], tuple[Skipped, ...]]:
    """Return the terms that are new to the glossary or grow, and what it cannot take over.

    What it says of a kind stands. What a term is heard as is added, unless another has it.
    """
    heard = {tokens_of(words): one.text for one in glossary.terms for words in one.heard_as}
    owners = {tokens_of(term.text): term.text for term in (*terms, *glossary.terms)} | heard
    changed: list[Term] = []
    refused: list[Skipped] = []
    for term in terms:
        before = glossary.term(term.text)
        if before is None and (owner := heard.get(tokens_of(term.text))):
            refused.append(Skipped(term.text, f"it is heard for “{owner}”"))
            continue
        after = before or Term(term.text, term.kind)
        for words in term.heard_as:
            owner = owners.setdefault(tokens_of(words), after.text)
            if owner != after.text:
                refused.append(Skipped(after.text, f"“{words}” is “{owner}”, or heard for it"))
            elif words not in after.heard_as:
                after = replace(after, heard_as=(*after.heard_as, words))
        if after != before:
            changed.append(after)
    return tuple(changed), tuple(refused)


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    text: str
    kind: TermKind | None = TermKind.OTHER
    heard_as: tuple[str, ...] = ()


def _collected(rows: Iterable[_Row]) -> Found:
    terms: dict[str, Term] = {}
    skipped: list[Skipped] = []
    for row in rows:
        if reason := _reason_against(row):
            skipped.append(Skipped(row.place, reason))
            continue
        key = row.text.casefold()
        term = terms.get(key, Term(row.text, row.kind or TermKind.OTHER))
        terms[key] = replace(term, heard_as=tuple(dict.fromkeys(term.heard_as + row.heard_as)))
    return Found(tuple(terms.values()), tuple(skipped))


def _reason_against(row: _Row) -> str:
    spellings = (row.text, *row.heard_as)
    if not all(map(tokens_of, spellings)):
        return "it has no letter and no digit"
    if any(len(spelling) > LONGEST_TERM for spelling in spellings):
        return f"it is longer than {LONGEST_TERM} characters"
    if any(map(NO_TEXT.search, spellings)):
        return "it holds a character that is no text"
    if row.kind is None:
        return f"its kind is none of {', '.join(kind.value for kind in TermKind)}"
    return ""


def _rows_of_list(text: str) -> Iterable[_Row]:
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if said:
            term, _, heard = said.partition("=")
            yield _Row(f"line {number}", _plain(term), heard_as=_heard(heard))


def _rows_of_table(text: str, path: Path) -> Iterable[_Row]:
    first = text.partition("\n")[0]
    delimiter = next((sign for sign in DELIMITERS if sign in first), DELIMITERS[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: dict[str, int] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
                if columns is not None:
                    continue
                columns = {name: at for at, name in enumerate(NAMES_OF)}
            yield _row(f"line {reader.line_num}", cells, columns)
    except csv.Error as cause:
        raise GlossaryError(path, f"line {reader.line_num}: {cause}") from cause


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Return where a heading has each column; None for a line that is no heading."""
    headings = [_plain(cell).casefold() for cell in cells]
    found = {
        name: next(at for at, heading in enumerate(headings) if heading in known)
        for name, known in NAMES_OF.items()
        if any(heading in known for heading in headings)
    }
    return found if "text" in found else None


def _row(place: str, cells: Sequence[str], columns: dict[str, int]) -> _Row:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return _plain(cells[at]) if at < len(cells) else ""

    wanted = cell("kind").casefold() or TermKind.OTHER.value
    kind = next((kind for kind in TermKind if kind.value == wanted), None)
    return _Row(place, cell("text"), kind, _heard(cell("heard_as")))


def _heard(text: str) -> tuple[str, ...]:
    return tuple(_plain(words) for words in text.split(HEARD_SEPARATOR) if words.strip())


def _plain(text: str) -> str:
    return " ".join(text.split())
