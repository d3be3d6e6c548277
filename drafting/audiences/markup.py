r"""Reads the Markdown of a template into blocks, of which DOCX, HTML and plain text are made.

What templates need of Markdown and no more: headings, paragraphs, lists, quotes (shown as
cautions), ``**strong**``, ``*slanted*``, ``<br>``, and ``\`` before a sign that is meant as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from drafting.content.blocks import Break, Bullets, Cautions, Heading, Paragraph, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from drafting.content.blocks import Inline, Line

    BriefBlock: TypeAlias = Heading | Paragraph | Cautions | Bullets

_HEADING = re.compile(r"(#{1,3}) +(.*)")
_BULLET = re.compile(r"[-*] +(.*)")
_QUOTE = re.compile(r"> ?(.*)")
_INLINE = re.compile(r"\\(?P<sign>.)|(?P<mark>\*{1,2})|(?P<line><br>)|(?P<text>[^\\*<]+|<)")


def blocks_of(text: str) -> tuple[BriefBlock, ...]:
    """Return the blocks of a template's text."""
    return tuple(_blocks(text.splitlines()))


def plain_text(blocks: Sequence[BriefBlock]) -> str:
    """Return the words alone, to be pasted into a status page or a mail."""
    return "\n\n".join(map(_plain, blocks)) + "\n"


def _plain(block: BriefBlock) -> str:
    match block:
        case Heading(_, text):
            return text
        case Paragraph(line):
            return _said(line)
        case Cautions(lines):
            return "\n".join(map(_said, lines))
        case Bullets(lines):
            return "\n".join(f"- {_said(line)}" for line in lines)


def _blocks(lines: Sequence[str]) -> Iterator[BriefBlock]:
    for group in _groups(lines):
        heading = _HEADING.fullmatch(group[0])
        if heading:
            yield Heading(len(heading[1]), " ".join(_said(_line(heading[2])).split()))
        elif bullets := [found for line in group if (found := _BULLET.fullmatch(line))]:
            yield Bullets(tuple(_line(found[1]) for found in bullets))
        elif quotes := [found for line in group if (found := _QUOTE.fullmatch(line))]:
            yield Cautions(tuple(_line(found[1]) for found in quotes if found[1].strip()))
        else:
            yield Paragraph(_line(" ".join(line.strip() for line in group)))


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield lines that belong together: of one kind, and no empty line between them."""
    group: list[str] = []
    for line in lines:
        kind = _kind(line)
        if group and (kind != _kind(group[0]) or kind == "heading"):
            yield group
            group = []
        if kind:
            group.append(line)
    if group:
        yield group


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    kinds = (("heading", _HEADING), ("bullet", _BULLET), ("quote", _QUOTE))
    return next((name for name, pattern in kinds if pattern.fullmatch(line)), "words")


def _line(text: str) -> Line:
    """Return a line; a mark that is not closed holds to the end of it."""
    inlines: list[Inline] = []
    said, strong, slanted = "", False, False

    def settle() -> None:
        nonlocal said
        if said:
            inlines.append(Words(said, strong=strong, slanted=slanted))
        said = ""

    for found in _INLINE.finditer(text):
        if found["mark"]:
            settle()
            strong ^= found["mark"] == "**"
            slanted ^= found["mark"] == "*"
        elif found["line"]:
            settle()
            inlines.append(Break())
        else:
            said += found["sign"] or found["text"]
    settle()
    return tuple(inlines)


def _said(line: Line) -> str:
    return "".join(each.text if isinstance(each, Words) else "\n" for each in line)
