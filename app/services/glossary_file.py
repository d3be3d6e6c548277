"""The glossary, kept in a TOML file of the data folder that people edit, too."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audio_files.folder_lock import FolderInUseError, wait_for_lock
from app.domain.errors import GlossaryError, InvalidRecordError
from app.domain.glossary import NO_TERMS, Glossary, Term, TermKind
from app.domain.limits import refuse_text
from app.domain.spelling import tokens_of
from app.services.exports import write_atomically
from app.services.toml_file import TomlFile, text_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.audio_files.folder_lock import FolderLock

TABLE = "term"
KEYS = ("text", "kind", "heard_as")
LONGEST_TERM = 80
CHANGED = "changed"
PATIENCE_S = 5.0  # a change takes some milliseconds
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
    return parsed_glossary(path, text_of_file(path, GlossaryError))


def parsed_glossary(path: Path, text: str) -> Glossary:
    """Read the text of a glossary's file.

    Raises:
        GlossaryError: It cannot be used.
    """
    return _Reader(TomlFile.parsed(path, text, table=TABLE, unusable=GlossaryError)).glossary()


@contextlib.contextmanager
def changing(path: Path) -> Iterator[None]:
    """Keep the file for this program alone, from reading it to writing it anew.

    Another of our programs waits meanwhile, or its change would be lost.

    Raises:
        GlossaryError: Another one has it for longer than a change takes, or its folder cannot be
            written.
    """
    lock = _locked(path)
    try:
        yield
    finally:
        lock.release()


def _locked(path: Path) -> FolderLock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return wait_for_lock(path.parent, f".{path.name}.lock", patience_s=PATIENCE_S)
    except FolderInUseError as cause:
        raise GlossaryError(
            path,
            "another program is changing it",
            remedy="Wait until that is done, then try again.",
            done=CHANGED,
        ) from cause
    except OSError as cause:
        reason = f"its folder cannot be written ({cause.strerror or cause})"
        raise GlossaryError(path, reason, done=CHANGED) from cause


def write_terms(path: Path, template: Path, terms: Sequence[Term]) -> None:
    """Let the file say what ``terms`` say, each in the place of the term of its spelling.

    The rest of the file, comments too, stays as people wrote it. Where there is none, it is
    begun from ``template``.

    Raises:
        GlossaryError: The file is broken already, or would be; nothing is written.
        ExportError: It cannot be written.
    """
    text = text_of_file(path if path.exists() else template, GlossaryError)
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
        blocks = _blocks_of(path, text_of_file(path, GlossaryError), len(terms))
        blocks.replace(found[0], "")
        _write(path, blocks.text)
    return bool(found)


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
    file: TomlFile

    def glossary(self) -> Glossary:
        self.file.refuse_unknown(self.file.values, (TABLE,))
        terms = tuple(self._term(index, table) for index, table in enumerate(self.file.tables()))
        self._refuse_doubles(terms)
        return Glossary(terms)

    def _term(self, index: int, table: dict[str, Any]) -> Term:
        self.file.refuse_unknown(table, KEYS, index)
        text = self._words(table.get("text"), "text", index)
        kind = self.file.choice(table, "kind", TermKind.OTHER, index)
        heard = table.get("heard_as", [])
        if not isinstance(heard, list):
            example = 'Write heard_as = ["check out api"].'
            self.file.refuse("heard_as", "it is no list", example, index)
        heard_as = tuple(self._words(words, "heard_as", index) for words in heard)
        return Term(text, kind, heard_as)

    def _words(self, words: object, key: str, index: int) -> str:
        if not isinstance(words, str) or not tokens_of(words):
            self.file.refuse(key, "it needs a letter or a digit", f'Write {key} = "…".', index)
        try:
            refuse_text(
                words, key, longest=LONGEST_TERM, remedy="Shorten it, or take that character out."
            )
        except InvalidRecordError as cause:
            reason = str(cause).removeprefix(f"{key}: ").removesuffix(".")
            self.file.refuse(key, reason, cause.remedy, index)
        return " ".join(words.split())

    def _refuse_doubles(self, terms: Sequence[Term]) -> None:
        """Refuse what would leave open which spelling is meant."""
        spelled: set[str] = set()
        for index, term in enumerate(terms):
            if term.text.casefold() in spelled:
                self.file.refuse("text", f"“{term.text}” is there twice", "Remove one.", index)
            spelled.add(term.text.casefold())
        taken = {tokens_of(term.text): index for index, term in enumerate(terms)}
        for index, term in enumerate(terms):
            for words in term.heard_as:
                other = taken.setdefault(tokens_of(words), index)
                if other != index:
                    reason = f"“{words}” is already “{terms[other].text}”, or heard for it"
                    self.file.refuse("heard_as", reason, "Leave it with one of the two.", index)
