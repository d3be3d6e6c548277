"""Paragraphs, also of text that is read from the right."""

from __future__ import annotations

import functools
import html
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportlab import platypus
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.platypus.paragraph import ParaLines

from drafting.pdf.line_ends import EAST_ASIAN, hanging
from drafting.pdf.right_to_left import RIGHT_TO_LEFT, begins_right_to_left, visual

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

MARKUP = re.compile(r"<[^>]*>")
HAS_MARKUP = re.compile("[<&]")


class Paragraph(platypus.Paragraph):  # type: ignore[misc]  # ReportLab carries no types
    """A paragraph of markup; lines are broken as one speaks and drawn as one reads."""

    blPara: Any  # noqa: N815  ReportLab's name

    def __init__(self, text: str | None, style: ParagraphStyle, **more: Any) -> None:
        reads = bool(text) and RIGHT_TO_LEFT.search(text or "") is not None
        from_right = reads and begins_right_to_left(html.unescape(MARKUP.sub("", text or "")))
        self._is_east_asian = bool(text) and EAST_ASIAN.search(text or "") is not None
        style = aligned_right(style) if from_right else style
        if text and not HAS_MARKUP.search(text):
            text, more = None, {**more, "frags": [_plain(style).clone(text=text)]}
        super().__init__(text, style, **more)

    def breakLines(self, width: Any) -> Any:  # noqa: N802  ReportLab's name
        """Break the lines; no line of Chinese or Japanese begins with what ends a sentence."""
        if not self._is_east_asian:
            return super().breakLines(width)
        room = self.style.fontSize
        widths = width if isinstance(width, (list, tuple)) else [width]
        return hanging(super().breakLines([each - room for each in widths]))

    def drawPara(self, debug: int = 0) -> None:  # noqa: N802  ReportLab's name
        """Draw the lines, reordered where they hold letters that are read from the right."""
        logical = self.blPara
        self.blPara = _reordered(logical, from_right=self.style.alignment == TA_RIGHT)
        try:
            super().drawPara(debug)
        finally:
            self.blPara = logical


@functools.cache
def aligned_right(style: ParagraphStyle) -> ParagraphStyle:
    """Return the style for text that is read from the right."""
    changes = {"alignment": TA_RIGHT} if style.alignment == TA_LEFT else {}
    return style.clone(f"{style.name}, from the right", **changes)


@functools.cache
def _plain(style: ParagraphStyle) -> Any:
    """Return the one run of a paragraph without markup: parsing it takes long in long tables."""
    return platypus.Paragraph("x", style).frags[0]


def _reordered(block: Any, *, from_right: bool) -> Any:
    """Return a paragraph's broken lines as they stand from left to right."""
    if block.kind == 0:
        lines = [(room, _words(words, from_right=from_right)) for room, words in block.lines]
        return block.clone(lines=lines) if lines != block.lines else block
    if not any(RIGHT_TO_LEFT.search(run.text) for line in block.lines for run in line.words):
        return block
    lines = [line.clone(words=_runs(line.words, from_right=from_right)) for line in block.lines]
    return ParaLines(kind=1, lines=lines)


def _words(words: list[str], *, from_right: bool) -> list[str]:
    line = " ".join(words)
    if not RIGHT_TO_LEFT.search(line):
        return words
    return "".join(char for char, _ in visual(line, from_right=from_right)).split(" ")


def _runs(runs: list[Any], *, from_right: bool) -> list[Any]:
    """Return runs of one look each: the characters reordered, each with the look it had."""
    owner = [run for run in runs for _ in run.text]
    line = "".join(run.text for run in runs)
    if not RIGHT_TO_LEFT.search(line):
        return runs
    ordered = visual(line, from_right=from_right)
    return [
        look.clone(text="".join(char for char, _ in chars))
        for look, chars in (
            (owner[found[0][1]], found)
            for _, group in groupby(ordered, key=lambda one: id(owner[one[1]]))
            for found in [list(group)]
        )
    ]
