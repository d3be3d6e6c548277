"""The rubric, kept in a TOML file of the data folder; else the one that is shipped."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from app.domain.errors import RubricError
from app.domain.incident import Depth
from app.domain.rubric import DEFAULT_NUDGE_MINUTES, Rubric, SeverityLevel
from app.services.export_staging import refuse_to_overwrite
from app.services.exports import write_atomically
from app.services.toml_lines import line_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST_MINUTES = 24 * 60
NO_CADENCE = "none"
LEVEL_KEYS = ("name", "meaning", "cadence_minutes", "depth")
KEYS = ("nudge_minutes", "level", "helper")


@dataclass(frozen=True, slots=True)
class RubricInForce:
    """The rubric, the file it comes from, and what is wrong with the team's own, if anything."""

    rubric: Rubric
    path: Path
    is_own: bool
    problem: RubricError | None = None


def rubric_in_force(own: Path, shipped: Path) -> RubricInForce:
    """Return the team's own rubric; the shipped one where there is none or it is broken.

    Raises:
        RubricError: The shipped one is missing or damaged.
    """
    if not own.exists():
        return RubricInForce(read_rubric(shipped), shipped, is_own=False)
    try:
        return RubricInForce(read_rubric(own), own, is_own=True)
    except RubricError as problem:
        return RubricInForce(read_rubric(shipped), shipped, is_own=False, problem=problem)


def read_rubric(path: Path) -> Rubric:
    """Read a rubric.

    Raises:
        RubricError: It cannot be read or used; it names the line, the key and what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise RubricError(path, f"it cannot be read ({cause})") from cause
    try:
        return _Reader(path, text, tomllib.loads(text)).rubric()
    except tomllib.TOMLDecodeError as cause:
        raise RubricError(path, f"it is no TOML: {cause}") from cause


def write_own_rubric(own: Path, shipped: Path) -> None:
    """Put a copy of the shipped rubric where the team edits its own.

    Raises:
        ExportError: There is one already, or it cannot be written.
    """
    refuse_to_overwrite(own, overwrite=False)
    write_atomically(own, shipped.read_bytes())


@dataclass(frozen=True, slots=True)
class _Reader:
    """The values of one file, and its text, in which places are looked up."""

    path: Path
    text: str
    values: dict[str, Any]

    def rubric(self) -> Rubric:
        self._refuse_unknown(self.values, KEYS, None)
        tables = self.values.get("level")
        if not isinstance(tables, list) or not tables:
            self._refuse("level", "there is no level", "Write one [[level]] for each.", None)
        levels: list[SeverityLevel] = []
        for index, table in enumerate(tables):
            level = self._level(index, table)
            if any(level.name.casefold() == known.name.casefold() for known in levels):
                self._refuse("name", f"“{level.name}” is there twice", "Rename one.", index)
            levels.append(level)
        nudge = self._minutes(self.values, "nudge_minutes", DEFAULT_NUDGE_MINUTES, None)
        return Rubric(tuple(levels), nudge, self._helper([level.name for level in levels]))

    def _level(self, index: int, table: object) -> SeverityLevel:
        if not isinstance(table, dict):
            self._refuse("level", "a level is a table", "Write each as [[level]].", None)
        self._refuse_unknown(table, LEVEL_KEYS, index)
        name = self._words(table, "name", index)
        cadence: int | None = None
        if table.get("cadence_minutes", NO_CADENCE) != NO_CADENCE:
            cadence = self._minutes(table, "cadence_minutes", 0, index)
        depth = table.get("depth", Depth.FULL.value)
        if depth not in list(Depth):
            allowed = ", ".join(f'"{one.value}"' for one in Depth)
            self._refuse("depth", f"“{depth}” is no depth", f"Choose one of {allowed}.", index)
        return SeverityLevel(name, self._words(table, "meaning", index), cadence, Depth(depth))

    def _words(self, table: dict[str, Any], key: str, index: int) -> str:
        words = table.get(key)
        if not isinstance(words, str) or not words.strip():
            self._refuse(key, "it needs words", f'Write {key} = "…" in each [[level]].', index)
        return " ".join(words.split())

    def _minutes(self, table: dict[str, Any], key: str, default: int, index: int | None) -> int:
        minutes = table.get(key, default)
        whole = isinstance(minutes, int) and not isinstance(minutes, bool)
        if not whole or not 1 <= minutes <= LONGEST_MINUTES:
            none = "" if index is None else f', or "{NO_CADENCE}"'
            allowed = f"Give whole minutes from 1 to {LONGEST_MINUTES}{none}."
            self._refuse(key, f"“{minutes}” is no number of minutes", allowed, index)
        return int(minutes)

    def _helper(self, names: list[str]) -> Mapping[str, Mapping[str, str]]:
        helper = self.values.get("helper", {})
        if not isinstance(helper, dict) or not all(isinstance(t, dict) for t in helper.values()):
            allowed = 'Write [helper.high] and, in it, many = "SEV1".'
            self._refuse("helper", "it is no table of tables", allowed, None)
        for rows in helper.values():
            for radius, name in rows.items():
                if name not in names:
                    allowed = f"Choose one of {', '.join(names)}."
                    self._refuse(radius, f"“{name}” is none of the levels", allowed, None)
        return MappingProxyType({key: MappingProxyType(rows) for key, rows in helper.items()})

    def _refuse_unknown(
        self, table: dict[str, Any], keys: tuple[str, ...], index: int | None
    ) -> None:
        for key in table:
            if key not in keys:
                allowed = f"Allowed here: {', '.join(keys)}."
                self._refuse(key, "there is no such setting", allowed, index)

    def _refuse(self, key: str, reason: str, remedy: str, index: int | None) -> NoReturn:
        line = line_of(self.text, key, table="level", index=index)
        place = f"line {line}, {key}" if line is not None else key
        raise RubricError(self.path, f"{place}: {reason}", remedy=remedy)
