"""The rubric, kept in a TOML file of the data folder; else the one that is shipped."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.domain.errors import RubricError
from app.domain.incident import Depth
from app.domain.rubric import DEFAULT_NUDGE_MINUTES, Rubric, SeverityLevel
from app.services.export_staging import refuse_to_overwrite
from app.services.exports import write_atomically
from app.services.toml_file import TomlFile, text_of_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST_MINUTES = 24 * 60
NO_CADENCE = "none"
LEVEL_KEYS = ("name", "meaning", "cadence_minutes", "depth")
TABLE = "level"
KEYS = ("nudge_minutes", TABLE, "helper")


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
    text = text_of_file(path, RubricError)
    return _Reader(TomlFile.parsed(path, text, table=TABLE, unusable=RubricError)).rubric()


def write_own_rubric(own: Path, shipped: Path) -> None:
    """Put a copy of the shipped rubric where the team edits its own.

    Raises:
        ExportError: There is one already, or it cannot be written.
    """
    refuse_to_overwrite(own, overwrite=False)
    write_atomically(own, shipped.read_bytes())


@dataclass(frozen=True, slots=True)
class _Reader:
    file: TomlFile

    def rubric(self) -> Rubric:
        file = self.file
        file.refuse_unknown(file.values, KEYS)
        tables = file.tables()
        if not tables:
            file.refuse(TABLE, "there is no level", "Write one [[level]] for each.")
        levels: list[SeverityLevel] = []
        for index, table in enumerate(tables):
            level = self._level(index, table)
            if any(level.name.casefold() == known.name.casefold() for known in levels):
                file.refuse("name", f"“{level.name}” is there twice", "Rename one.", index)
            levels.append(level)
        nudge = self._minutes(file.values, "nudge_minutes", DEFAULT_NUDGE_MINUTES)
        return Rubric(tuple(levels), nudge, self._helper([level.name for level in levels]))

    def _level(self, index: int, table: dict[str, Any]) -> SeverityLevel:
        self.file.refuse_unknown(table, LEVEL_KEYS, index)
        name = self._words(table, "name", index)
        cadence: int | None = None
        if table.get("cadence_minutes", NO_CADENCE) != NO_CADENCE:
            cadence = self._minutes(table, "cadence_minutes", 0, index)
        depth = self.file.choice(table, "depth", Depth.FULL, index)
        return SeverityLevel(name, self._words(table, "meaning", index), cadence, depth)

    def _words(self, table: dict[str, Any], key: str, index: int) -> str:
        words = table.get(key)
        if not isinstance(words, str) or not words.strip():
            self.file.refuse(key, "it needs words", f'Write {key} = "…" in each [[level]].', index)
        return " ".join(words.split())

    def _minutes(
        self, table: dict[str, Any], key: str, default: int, index: int | None = None
    ) -> int:
        minutes = table.get(key, default)
        whole = isinstance(minutes, int) and not isinstance(minutes, bool)
        if not whole or not 1 <= minutes <= LONGEST_MINUTES:
            none = "" if index is None else f', or "{NO_CADENCE}"'
            allowed = f"Give whole minutes from 1 to {LONGEST_MINUTES}{none}."
            self.file.refuse(key, f"“{minutes}” is no number of minutes", allowed, index)
        return int(minutes)

    def _helper(self, names: list[str]) -> Mapping[str, Mapping[str, str]]:
        helper = self.file.values.get("helper", {})
        if not isinstance(helper, dict) or not all(isinstance(t, dict) for t in helper.values()):
            allowed = 'Write [helper.high] and, in it, many = "SEV1".'
            self.file.refuse("helper", "it is no table of tables", allowed)
        for rows in helper.values():
            for radius, name in rows.items():
                if name not in names:
                    allowed = f"Choose one of {', '.join(names)}."
                    self.file.refuse(radius, f"“{name}” is none of the levels", allowed)
        return MappingProxyType({key: MappingProxyType(rows) for key, rows in helper.items()})
