"""A document as GitHub-flavoured Markdown."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from drafting.content.blocks import (
    Badge,
    Break,
    Bullets,
    Cautions,
    Chart,
    Clip,
    Code,
    Figure,
    Heading,
    Paragraph,
    RefLink,
    Ribbon,
    Table,
    Target,
    WebLink,
    Words,
)
from drafting.content.undrawn import metric_words, ribbon_table
from drafting.markdown_words import escaped

if TYPE_CHECKING:
    from drafting.content.blocks import Block, Document, Exhibits, Inline, Line


def rendered(document: Document, exhibits: Exhibits, folder: str) -> str:
    """Return the text; what it shows lies in ``folder``, a relative address beside it."""
    form = _Markdown(exhibits, folder)
    blocks = (form.block(block) for block in document.blocks)
    return "\n\n".join(block for block in blocks if block) + "\n"


class _Markdown:
    def __init__(self, exhibits: Exhibits, folder: str) -> None:
        self._exhibits = exhibits
        self._folder = folder

    def block(self, block: Block) -> str:  # noqa: PLR0911  one for each kind
        match block:
            case Heading(level, text):
                return f"{'#' * level} {escaped(text).strip()}"
            case Paragraph(line):
                return self._line(line)
            case Cautions(lines):
                return "\n>\n".join(f"> {self._line(line)}" for line in lines)
            case Bullets(lines):
                return "\n".join(f"- {self._line(line)}" for line in lines)
            case Ribbon(ticks):
                return self._table(ribbon_table(ticks))
            case Chart(metric):
                return self._line(metric_words(metric))
            case Table():
                return self._table(block)
            case Figure(ref, caption):
                words = escaped(caption).replace("<br>", " ")
                there = ref in self._exhibits.pictures
                return f"![{words}]({self._folder}/{ref}.png)" if there else ""

    def _table(self, table: Table) -> str:
        rows = (" | ".join(self._line(cell) for cell in row) for row in table.rows)
        heads = " | ".join(escaped(head) for head in table.heads)
        lines = (f"| {heads} |", f"|{'---|' * len(table.heads)}", *(f"| {row} |" for row in rows))
        return "\n".join(lines)

    def _line(self, line: Line) -> str:
        return "".join(self._inline(inline) for inline in line).strip()

    def _inline(self, inline: Inline) -> str:  # noqa: PLR0911  one for each kind
        match inline:
            case Words():
                return _words(inline)
            case Code(text):
                return f"`{text}`"
            case Badge(kind):
                return f"{kind.letter} {kind.value}"
            case Target(ref):
                return f'<a id="{ref.lower()}"></a>{ref}'
            case RefLink(ref):
                return f"[{ref}](#{ref.lower()})"
            case WebLink(text, address):
                return f"[{escaped(text)}](<{escape(address, quote=False)}>)"
            case Break():
                return "<br>"
            case Clip(ref):
                heard = ref in self._exhibits.clips
                return f"[listen]({self._folder}/{ref}.flac)" if heard else ""


def _words(words: Words) -> str:
    """Return a stretch of text; marks stand right around its letters, else they mark nothing."""
    bare = words.text.strip()
    mark = "**" * words.strong + "*" * words.slanted + "~~" * words.struck
    before, after = (" " * words.text.startswith(" "), " " * words.text.endswith(" "))
    return f"{before}{mark}{escaped(bare)}{mark[::-1]}{after}" if bare else before
