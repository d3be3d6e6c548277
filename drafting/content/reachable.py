"""Links lead only to what the document has: a section that is left out takes its targets along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drafting.content.blocks import (
    Bullets,
    Cautions,
    Paragraph,
    RefLink,
    Ribbon,
    Table,
    Target,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from drafting.content.blocks import Block, Line


def with_reachable_links(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks; a link whose target is not among them is mere words."""
    found: set[str] = set()

    def note(line: Line) -> Line:
        found.update(inline.ref for inline in line if isinstance(inline, Target))
        return line

    def reachable(line: Line) -> Line:
        return tuple(
            Words(inline.ref)
            if isinstance(inline, RefLink) and inline.ref not in found
            else inline
            for inline in line
        )

    for block in blocks:
        _with_lines(block, note)
    return tuple(
        Ribbon(tuple(t if t.ref in found else replace(t, ref="") for t in block.ticks))
        if isinstance(block, Ribbon)
        else _with_lines(block, reachable)
        for block in blocks
    )


def _with_lines(block: Block, change: Callable[[Line], Line]) -> Block:
    match block:
        case Paragraph(line):
            return replace(block, line=change(line))
        case Cautions(lines) | Bullets(lines):
            return replace(block, lines=tuple(map(change, lines)))
        case Table():
            return replace(block, rows=tuple(tuple(map(change, row)) for row in block.rows))
        case _:
            return block
