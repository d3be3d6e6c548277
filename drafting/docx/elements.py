"""The XML of lines and tables, made directly: python-docx searches the table for each cell."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from drafting.content.plain_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.oxml.xmlchemy import BaseOxmlElement as Element

RIGHT_TO_LEFT = frozenset({"R", "AL"})


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((d for d in directions if d in {"L", *RIGHT_TO_LEFT}), "L") != "L"


def element(name: str, /, *children: Element, **attributes: str) -> Element:
    """Return an element of WordprocessingML; attributes are named without their prefix."""
    made = OxmlElement(f"w:{name}")
    for attribute, given in attributes.items():
        made.set(qn(f"w:{attribute}"), given)
    made.extend(children)
    return made


def run(text: str, *properties: Element) -> Element:
    """Return a stretch of text that looks alike, its line ends kept."""
    if runs_right_to_left(text):
        properties = (*properties, element("rtl"))
    made = element("r")
    if properties:
        made.append(element("rPr", *properties))
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            made.append(element("br"))
        words = element("t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        made.append(words)
    return made


def paragraph(style: str, line: Sequence[Element], *, with_next: bool = False) -> Element:
    """Return a paragraph; one whose words begin from right to left stands on the right."""
    properties = element("pPr", element("pStyle", val=style))
    if with_next:
        properties.append(element("keepNext"))
    made = element("p", properties, *line)
    if runs_right_to_left("".join(made.itertext())):
        properties.append(element("bidi"))
    return made


def table(style: str, widths: Sequence[int], rows: Sequence[Sequence[Element]]) -> Element:
    """Return a table of finished paragraphs; its first row is the head and repeats on each page.

    ``widths`` are twentieths of a point. Rows do not split.
    """
    made = element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val=style),
            element("tblW", w=str(sum(widths)), type="dxa"),
            element("tblLayout", type="fixed"),
            element("tblLook", val="0020", firstRow="1", noVBand="1"),
        ),
        element("tblGrid", *(element("gridCol", w=str(width)) for width in widths)),
    )
    for number, cells in enumerate(rows):
        head = () if number else (element("tblHeader"),)
        row = element("tr", element("trPr", element("cantSplit"), *head))
        for width, content in zip(widths, cells, strict=True):
            size = element("tcPr", element("tcW", w=str(width), type="dxa"))
            row.append(element("tc", size, content))
        made.append(row)
    return made


def field(instruction: str) -> list[Element]:
    """Return the runs of a field that the reader's program fills in, such as ``PAGE``."""
    code = element("instrText")
    code.text = f" {instruction} "
    parts = (
        element("fldChar", fldCharType="begin"),
        code,
        element("fldChar", fldCharType="separate"),
        element("t"),
        element("fldChar", fldCharType="end"),
    )
    return [element("r", part) for part in parts]
