"""A TOML file that people edit: what is wrong in it is told with its line and its key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum
    from pathlib import Path

    from app.domain.errors import AppError

    Choice = TypeVar("Choice", bound=StrEnum)

TABLE = re.compile(r"\s*\[")


class Unusable(Protocol):
    """Makes the error that says why a file cannot be used."""

    def __call__(self, path: Path, reason: str, *, remedy: str = "") -> AppError:
        """Return it; without a remedy with one of its own."""


def text_of_file(path: Path, unusable: Unusable) -> str:
    """Return a file's text, or raise what ``unusable`` makes: it cannot be read, or is no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as cause:
        raise unusable(path, f"it cannot be read ({cause.strerror or cause})") from cause
    except UnicodeDecodeError as cause:
        remedy = "Save it as text in UTF-8, or give another file."
        raise unusable(path, "it is no text in UTF-8", remedy=remedy) from cause


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The values of one file, and its text, in which places are looked up.

    What is refused is raised as ``unusable`` makes it.

    Attributes:
        table: The name of those tables of which a file may have many, ``[[table]]``; an ``index``
            says which of them, from 0, and None that it is about none of them.
    """

    path: Path
    text: str
    values: dict[str, Any]
    table: str
    unusable: Unusable

    @classmethod
    def parsed(cls, path: Path, text: str, *, table: str, unusable: Unusable) -> TomlFile:
        """Return what a text says that stands in the file, or is to stand there."""
        try:
            return cls(path, text, tomllib.loads(text), table, unusable)
        except tomllib.TOMLDecodeError as cause:
            raise unusable(path, f"it is no TOML: {cause}") from cause

    def tables(self) -> list[dict[str, Any]]:
        """Return the tables; none where the file has none."""
        tables = self.values.get(self.table, [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            remedy = f"Write each as [[{self.table}]]."
            self.refuse(self.table, f"it is no list of {self.table}s", remedy)
        return tables

    def choice(
        self, table: dict[str, Any], key: str, default: Choice, index: int | None = None
    ) -> Choice:
        """Return one of an enumeration; ``key`` is its name for people, too."""
        choices = type(default)
        value = table.get(key, default.value)
        if value not in list(choices):
            allowed = ", ".join(f'"{one.value}"' for one in choices)
            self.refuse(key, f"“{value}” is no {key}", f"Choose one of {allowed}.", index)
        return choices(value)

    def refuse_unknown(
        self, table: dict[str, Any], keys: Sequence[str], index: int | None = None
    ) -> None:
        """Refuse a key that means nothing: it was meant to mean something."""
        for key in table:
            if key not in keys:
                allowed = f"Allowed here: {', '.join(keys)}."
                self.refuse(key, "there is no such setting", allowed, index)

    def refuse(self, key: str, reason: str, remedy: str, index: int | None = None) -> NoReturn:
        """Say what is wrong with a key, and where it stands."""
        line = self._line_of(key, index)
        place = f"line {line}, {key}" if line is not None else key
        raise self.unusable(self.path, f"{place}: {reason}", remedy=remedy)

    def _line_of(self, key: str, index: int | None) -> int | None:
        """Return the line, from 1, where a key stands; for none, where its table begins.

        Without an ``index`` it is a key outside the tables.
        """
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=|\s*\[+\s*{re.escape(key)}\b")
        header = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(self.table)}[\"']?\s*\]\]")
        number_of, begins = -1, None
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header.match(line):
                number_of += 1
                begins = number if number_of == index else begins
            elif TABLE.match(line):
                number_of = len(self.text)  # beyond the tables
            inside = (
                number_of == index if index is not None else not -1 < number_of < len(self.text)
            )
            if inside and wanted.match(line):
                return number
        return begins
