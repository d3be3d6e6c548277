"""Headings, paragraphs, tables and what stands in a line: what every form of a document shares.

Texts are the record's own, not escaped for any format; each renderer makes them harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.domain.timeline import EntryKind
    from drafting.report import Ref, Tick
    from drafting.report_charts import MetricChart


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text; ``slanted`` is what is unproven or absent, ``struck`` is ruled out."""

    text: str
    strong: bool = False
    slanted: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A hash or an id."""

    text: str


@dataclass(frozen=True, slots=True)
class Badge:
    """The kind of an entry, letter first; never by colour alone."""

    kind: EntryKind


@dataclass(frozen=True, slots=True)
class Target:
    """A reference that links lead to; one place in a document has it."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class RefLink:
    """A link to the target of that reference."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class WebLink:
    """Words that lead to an address, which is ASCII and holds no quotes, brackets or bars."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line within its paragraph."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What was said there, to be heard where the form can play it."""

    ref: Ref


Inline: TypeAlias = Words | Code | Badge | Target | RefLink | WebLink | Break | Clip
Line: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` is 1 for the document's title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line that may wrap."""

    line: Line


@dataclass(frozen=True, slots=True)
class Cautions:
    """What a reader must know before relying on the page; never empty."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list whose order does not matter; never empty."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head; ``widths`` are shares, one for each column."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        if {len(row) for row in (self.heads, self.widths, *self.rows)} != {len(self.heads)}:
            raise ValueError("every row of a table has as many cells as its head")


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The anchors on one scale; two at least, the last later than the first."""

    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A metric on a time axis, with the anchors; drawn where the form can."""

    metric: MetricChart


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of evidence, where the document has it."""

    ref: Ref
    caption: str


Block: TypeAlias = Heading | Paragraph | Cautions | Bullets | Table | Ribbon | Chart | Figure


@dataclass(frozen=True, slots=True)
class Document:
    """A document of any form; ``made_at`` is the only clock it knows, ``footer`` is short."""

    title: str
    incident_id: str
    made_at: datetime
    footer: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What can be shown and heard: PNG files by their evidence, FLAC files by their source."""

    pictures: Mapping[Ref, bytes] = field(default_factory=dict)
    clips: Mapping[Ref, bytes] = field(default_factory=dict)


NO_EXHIBITS = Exhibits()
