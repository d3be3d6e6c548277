"""A document as DOCX: real styles, headings, links both ways, tables whose heads repeat."""

from __future__ import annotations

import io
from itertools import zip_longest
from typing import TYPE_CHECKING

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Emu, Mm

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
from drafting.content.plain_text import printable
from drafting.content.undrawn import metric_words, ribbon_table
from drafting.docx import look
from drafting.docx.elements import element, paragraph, run, table
from drafting.docx.fixed_zip import with_fixed_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.oxml.xmlchemy import BaseOxmlElement as Element

    from drafting.content.blocks import Block, Document, Exhibits, Inline, Line
    from drafting.options import PageSize
    from drafting.report import Ref

EMU_PER_TWIP = 635
TALLEST = Mm(190)


def docx_bytes(document: Document, exhibits: Exhibits, page_size: PageSize) -> bytes:
    """Return the document; the same bytes for an equal document and equal exhibits."""
    made = docx.Document()
    look.dress(made, document, page_size)
    form = _Form(made, exhibits)
    for block, following in zip_longest(document.blocks, document.blocks[1:]):
        form.add(block, following)
    content = io.BytesIO()
    made.save(content)
    return with_fixed_times(content.getvalue())


class _Form:
    def __init__(self, made: docx.document.Document, exhibits: Exhibits) -> None:
        self._docx = made
        self._exhibits = exhibits
        self._end = made.element.body.sectPr
        self._width = look.body_width(made)
        self._bookmarks = 0

    def add(self, block: Block, following: Block | None) -> None:
        """Add a block at the end, as what follows it asks."""
        self._add(block, explains_table=isinstance(following, Table | Ribbon))
        if isinstance(block, Table | Ribbon) and isinstance(following, Table | Ribbon | Cautions):
            self._paragraph(look.GAP, ())  # else Word makes one of two tables

    def _add(self, block: Block, *, explains_table: bool) -> None:
        match block:
            case Heading(level, text):
                self._paragraph(look.HEADINGS[level], (Words(text),))
            case Paragraph(line):
                self._paragraph(look.BODY, line, with_next=explains_table)
            case Cautions(lines) | Bullets(lines):
                style = look.CAUTION if isinstance(block, Cautions) else look.BULLET
                for line in lines:
                    self._paragraph(style, line)
            case Ribbon(ticks):
                self._table(ribbon_table(ticks))
            case Chart(metric):
                self._paragraph(look.BODY, metric_words(metric))
            case Table():
                self._table(block)
            case Figure(ref, caption):
                self._figure(ref, caption)

    def _paragraph(self, style: str, line: Line, *, with_next: bool = False) -> None:
        made = paragraph(style, list(self._line(line)), with_next=with_next)
        self._end.addprevious(made)

    def _table(self, shown: Table) -> None:
        rows = [tuple((Words(head),) for head in shown.heads), *shown.rows]
        cells = [[paragraph(look.CELL, list(self._line(cell))) for cell in row] for row in rows]
        share = self._width // EMU_PER_TWIP / sum(shown.widths)
        widths = [int(share * width) for width in shown.widths]
        self._end.addprevious(table(look.TABLE, widths, cells))

    def _figure(self, ref: Ref, caption: str) -> None:
        picture = self._exhibits.pictures.get(ref)
        if picture is None:
            return
        shape = self._docx.add_paragraph().add_run().add_picture(io.BytesIO(picture))
        scale = min(1.0, self._width / shape.width, TALLEST / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape._inline.docPr.set("descr", printable(caption))  # noqa: SLF001  no other way to say it
        self._paragraph(look.NOTE, (Words(caption),))

    def _line(self, line: Line) -> Iterator[Element]:
        for inline in line:
            yield from self._inline(inline)

    def _inline(self, inline: Inline) -> Iterator[Element]:
        match inline:
            case Words():
                yield _words(inline)
            case Code(text):
                yield run(text, element("rFonts", ascii="Consolas", hAnsi="Consolas"))
            case Badge(kind):
                yield run(kind.letter, element("b"))
                yield run(f" {kind.value}")
            case Target(ref):
                yield from self._bookmark(ref)
            case RefLink(ref):
                yield element("hyperlink", _linked(ref), anchor=ref)
            case WebLink(text, address):
                yield self._web_link(text, address)
            case Break():
                yield element("r", element("br"))
            case Clip():
                pass  # a DOCX plays nothing; where it lies stands beside it

    def _bookmark(self, ref: Ref) -> Iterator[Element]:
        self._bookmarks += 1
        number = str(self._bookmarks)
        yield element("bookmarkStart", id=number, name=ref)
        yield run(ref, element("b"))
        yield element("bookmarkEnd", id=number)

    def _web_link(self, text: str, address: str) -> Element:
        part = self._docx.part
        relation = part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        made = element("hyperlink", _linked(text))
        made.set(qn("r:id"), relation)
        return made


def _words(words: Words) -> Element:
    looks = (("b", words.strong), ("i", words.slanted), ("strike", words.struck))
    return run(words.text, *(element(name) for name, has in looks if has))


def _linked(text: str) -> Element:
    return run(text, element("color", val=look.ACCENT))
