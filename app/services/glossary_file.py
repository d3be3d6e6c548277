"""The glossary, kept in a TOML file of the data folder that people edit, too."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from app.domain.errors import GlossaryError, InvalidRecordError
from app.domain.glossary import NO_TERMS, Glossary, Term, TermKind
from app.domain.limits import refuse_text
from app.domain.spelling import tokens_of
from app.services.exports import write_atomically
from app.services.toml_lines import line_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TABLE = "term"
KEYS = ("text", "kind", "heard_as")
LONGEST_TERM = 80
CHANGED = "changed"
HEADER = re.compile(r"\s*\[\[\s*([\"']?)term\1\s*\]\]")
IN_TERM = re.compile(r"\s*[^\s#]")


@dataclass(frozen=True, slots=True)
class GlossaryInForce:
    """The glossary, its file, and what is wrong with that, if anything."""

    glossary: Glossary
    path: Path
    problem: GlossaryError | None = None


def glossary_in_force(path: Path) -> GlossaryInForce:
    """Return the team's glossary; an empty one where there is none, or it is broken."""
    if not path.exists():
        return GlossaryInForce(NO_TERMS, path)
    try:
        return GlossaryInForce(read_glossary(path), path)
    except GlossaryError as problem:
        return GlossaryInForce(NO_TERMS, path, problem)


def read_glossary(path: Path) -> Glossary:
    """Read a glossary.

    Raises:
        GlossaryError: It cannot be read or used; it names the line, the key and what is allowed.
    """
    return parsed_glossary(path, text_of_file(path))


def parsed_glossary(path: Path, text: str) -> Glossary:
    """Read the text of a glossary's file.

    Raises:
        GlossaryError: It cannot be used.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise GlossaryError(path, f"it is no TOML: {cause}") from cause
    return _Reader(path, text, values).glossary()


def write_terms(path: Path, template: Path, terms: Sequence[Term]) -> None:
    """Let the file say what ``terms`` say, each in the place of the term of its spelling.

    The rest of the file, comments too, stays as people wrote it. Where there is none, it is
    begun from ``template``.

    Raises:
        GlossaryError: The file is broken already, or would be; nothing is written.
        ExportError: It cannot be written.
    """
    text = text_of_file(path if path.exists() else template)
    known = [term.text.casefold() for term in parsed_glossary(path, text).terms]
    blocks = _blocks_of(path, text, len(known))
    for term in terms:
        if term.text.casefold() in known:
            blocks.replace(known.index(term.text.casefold()), _spelled(term))
        else:
            blocks.append(_spelled(term))
    _write(path, blocks.text)


def remove_term(path: Path, text: str) -> bool:
    """Take a term out of the file; False, and nothing is written, where it has none.

    Raises:
        GlossaryError: The file is broken.
        ExportError: It cannot be written.
    """
    if not path.exists():
        return False
    terms = read_glossary(path).terms
    found = [number for number, t in enumerate(terms) if t.text.casefold() == text.casefold()]
    if found:
        blocks = _blocks_of(path, text_of_file(path), len(terms))
        blocks.replace(found[0], "")
        _write(path, blocks.text)
    return bool(found)


def text_of_file(path: Path) -> str:
    """Return a file's text.

    Raises:
        GlossaryError: It cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as cause:
        raise GlossaryError(path, f"it cannot be read ({cause})") from cause


def _write(path: Path, text: str) -> None:
    try:
        parsed_glossary(path, text)  # what would be broken is not written
    except GlossaryError as problem:
        raise GlossaryError(path, problem.reason, remedy=problem.remedy, done=CHANGED) from problem
    write_atomically(path, text.encode())


def _spelled(term: Term) -> str:
    # JSON's strings and lists of strings are TOML's, too.
    lines = [f"[[{TABLE}]]", f"text = {_toml(term.text)}", f'kind = "{term.kind}"']
    if term.heard_as:
        lines.append(f"heard_as = {_toml(list(term.heard_as))}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _blocks_of(path: Path, text: str, terms: int) -> _Blocks:
    blocks = _Blocks(text)
    if blocks.terms != terms:
        raise GlossaryError(
            path,
            "its terms do not each begin with a line [[term]]",
            remedy="Write each so, or change the file yourself.",
            done=CHANGED,
        )
    return blocks


class _Blocks:
    """The text of a file, divided at its terms: what stands between them belongs to people."""

    def __init__(self, text: str) -> None:
        self._parts: list[tuple[str, str]] = []  # a term, and what follows it; the first has none
        block: list[str] = []
        for line in [*text.splitlines(keepends=True), None]:
            if line is None or HEADER.match(line):
                self._parts.append(_divided(block))
                block = []
            if line is not None:
                block.append(line)

    def replace(self, number: int, block: str) -> None:
        """Put another block in the place of a term, counted from 0."""
        self._parts[number + 1] = (block, self._parts[number + 1][1])

    def append(self, block: str) -> None:
        """Add a term at the end."""
        before = self.text
        gap = "" if not before or before.endswith("\n\n") else "\n" * (2 - before.endswith("\n"))
        self._parts.append((gap + block, ""))

    @property
    def terms(self) -> int:
        """How many it has."""
        return len(self._parts) - 1

    @property
    def text(self) -> str:
        """The whole."""
        return "".join(term + rest for term, rest in self._parts)


def _divided(block: Sequence[str]) -> tuple[str, str]:
    """Divide a term from the comments and blank lines behind it."""
    if not block or not HEADER.match(block[0]):
        return "", "".join(block)
    last = max(number for number, line in enumerate(block) if IN_TERM.match(line))
    return "".join(block[: last + 1]), "".join(block[last + 1 :])


@dataclass(frozen=True, slots=True)
class _Reader:
    """The values of one file, and its text, in which places are looked up."""

    path: Path
    text: str
    values: dict[str, Any]

    def glossary(self) -> Glossary:
        self._refuse_unknown(self.values, (TABLE,), None)
        tables = self.values.get(TABLE, [])
        if not isinstance(tables, list):
            self._refuse(TABLE, "it is no list of terms", "Write each as [[term]].", None)
        terms = tuple(self._term(index, table) for index, table in enumerate(tables))
        self._refuse_doubles(terms)
        return Glossary(terms)

    def _term(self, index: int, table: object) -> Term:
        if not isinstance(table, dict):
            self._refuse(TABLE, "a term is a table", "Write each as [[term]].", None)
        self._refuse_unknown(table, KEYS, index)
        text = self._words(table.get("text"), "text", index)
        kind = table.get("kind", TermKind.OTHER.value)
        if kind not in list(TermKind):
            allowed = ", ".join(f'"{one.value}"' for one in TermKind)
            self._refuse("kind", f"“{kind}” is no kind", f"Choose one of {allowed}.", index)
        heard = table.get("heard_as", [])
        if not isinstance(heard, list):
            example = 'Write heard_as = ["check out api"].'
            self._refuse("heard_as", "it is no list", example, index)
        heard_as = tuple(self._words(words, "heard_as", index) for words in heard)
        return Term(text, TermKind(kind), heard_as)

    def _words(self, words: object, key: str, index: int) -> str:
        if not isinstance(words, str) or not tokens_of(words):
            self._refuse(key, "it needs a letter or a digit", f'Write {key} = "…".', index)
        try:
            refuse_text(
                words, key, longest=LONGEST_TERM, remedy="Shorten it, or take that character out."
            )
        except InvalidRecordError as cause:
            reason = str(cause).removeprefix(f"{key}: ").removesuffix(".")
            self._refuse(key, reason, cause.remedy, index)
        return " ".join(words.split())

    def _refuse_doubles(self, terms: Sequence[Term]) -> None:
        """Refuse what would leave open which spelling is meant."""
        spelled: set[str] = set()
        for index, term in enumerate(terms):
            if term.text.casefold() in spelled:
                self._refuse("text", f"“{term.text}” is there twice", "Remove one.", index)
            spelled.add(term.text.casefold())
        taken = {tokens_of(term.text): index for index, term in enumerate(terms)}
        for index, term in enumerate(terms):
            for words in term.heard_as:
                other = taken.setdefault(tokens_of(words), index)
                if other != index:
                    reason = f"“{words}” is already “{terms[other].text}”, or heard for it"
                    self._refuse("heard_as", reason, "Leave it with one of the two.", index)

    def _refuse_unknown(
        self, table: dict[str, Any], keys: tuple[str, ...], index: int | None
    ) -> None:
        for key in table:
            if key not in keys:
                allowed = f"Allowed here: {', '.join(keys)}."
                self._refuse(key, "there is no such setting", allowed, index)

    def _refuse(self, key: str, reason: str, remedy: str, index: int | None) -> NoReturn:
        line = line_of(self.text, key, table=TABLE, index=index)
        place = f"line {line}, {key}" if line is not None else key
        raise GlossaryError(self.path, f"{place}: {reason}", remedy=remedy)
