"""What there is to choose from when a document is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.ids import EntryId


@dataclass(frozen=True, slots=True)
class ExportMatter:
    """What there is to export.

    Attributes:
        formats: Short names of the formats.
        audience_formats: Those that can be written for others than engineers.
        sections: Names of the sections that can be left out.
        entries: Ids and words of the entries that the record does not keep out.
        folder: Where the document goes unless another place is named.
        stem: How its name begins.
        actor: Who would make it final.
    """

    formats: Sequence[str]
    audience_formats: frozenset[str]
    sections: Sequence[str]
    entries: Sequence[tuple[EntryId, str]]
    folder: Path
    stem: str
    actor: str

    def place(self, ending: str) -> Path:
        """Return where a document goes whose name ends so."""
        return self.folder / f"{self.stem}{ending}"
