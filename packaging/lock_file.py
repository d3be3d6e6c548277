"""``requirements.lock`` as data: what is pinned, by whom it is wanted, and parts of it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What PyTorch's Linux build brings along and its CPU build does not.
CUDA = re.compile(r"^(nvidia-|cuda-|triton$)")


@dataclass(frozen=True, slots=True)
class Pin:
    """One pinned package: its whole text with hashes, and the names of those that want it."""

    name: str
    version: str
    text: str
    wanted_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class LockFile:
    """All pins, in the order of the file. A name may stand twice, for different Pythons."""

    pins: tuple[Pin, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of all packages."""
        return frozenset(pin.name for pin in self.pins)

    def without(self, names: Iterable[str]) -> LockFile:
        """Return the file without these packages."""
        left_out = frozenset(names)
        return LockFile(tuple(pin for pin in self.pins if pin.name not in left_out))

    def only_for(self, roots: Iterable[str]) -> frozenset[str]:
        """Return ``roots`` and all that nobody but they, and what they bring, wants."""
        gone = frozenset(roots)
        kept: set[str] = set()
        found = True
        while found:
            new = {
                pin.name
                for pin in self.pins
                if pin.name not in gone | kept
                and any(by in kept or by.startswith("hotwash ") for by in pin.wanted_by)
            }
            kept |= new
            found = bool(new)
        return self.names - kept

    def version_of(self, name: str) -> str:
        """Return the version of a package that stands here once."""
        (version,) = (pin.version for pin in self.pins if pin.name == name)
        return version

    def text(self) -> str:
        """Return it in the form pip and uv read."""
        return "".join(pin.text for pin in self.pins)


def read_lock(path: Path) -> LockFile:
    """Read a file that ``uv pip compile --generate-hashes`` wrote."""
    blocks = re.split(r"^(?=[a-z0-9])", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return LockFile(tuple(_pin(block) for block in blocks if "==" in block))


def diarization_of(pyproject: Path) -> frozenset[str]:
    """Return the names of the packages that only telling speakers apart wants."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"]["diarization"]
    return frozenset(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in wanted)


def _pin(block: str) -> Pin:
    name, _, rest = block.partition("==")
    version = re.split(r"[\s;\\]", rest, maxsplit=1)[0]
    _, _, wanted = block.partition("# via")
    by = frozenset(line.strip(" #") for line in wanted.splitlines())
    return Pin(name, version, block, by - {""})
