"""The embedded fonts, and text made ready for them.

Noto Sans sets the text; DejaVu Sans stands in where Noto has no glyph; what neither has is
printed as a box that still copies as the character itself.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.domain.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Run: TypeAlias = tuple[str, str]

REGULAR = "Hotwash-Regular"
BOLD = "Hotwash-Bold"
ITALIC = "Hotwash-Italic"
FALLBACK = "Hotwash-Fallback"
FILES = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    FALLBACK: "DejaVuSans.ttf",
}
NOTDEF = 0
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_lock = threading.Lock()
_BLANK_LINES = re.compile(r"\n\s*\n\s*(\n\s*)+")
# Right-to-left scripts need shaping and reordering, which are not done here: set in the wrong
# order they would read as other words, so they are printed as boxes.
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


class Typesetter:
    """Turns a record's texts into ReportLab markup; counts what cannot be drawn.

    One per document; not for several threads.
    """

    def __init__(self, folder: Path) -> None:
        faces = _faces(folder)
        with _lock:
            for face in faces.values():
                pdfmetrics.registerFont(face.font)
            pdfmetrics.registerFontFamily(
                REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD
            )
        self._drawn = {name: face.covers for name, face in faces.items()}
        self._maps = {name: face.font.face.charToGlyph for name, face in faces.items()}
        self.boxes = 0

    def markup(self, text: str, font: str = REGULAR) -> str:
        """Return the text escaped, each run in a font that has its glyphs."""
        return "".join(
            _escaped(words)
            if chosen == font
            else f'<font name="{chosen}">{_escaped(words)}</font>'
            for chosen, words in self._runs(_printable(text), font)
        )

    def line(self, text: str, font: str = REGULAR) -> tuple[Run, ...]:
        """Return the text as one line of (font, words) runs."""
        return tuple(self._runs(one_line(text), font))

    def _runs(self, text: str, font: str) -> Iterator[Run]:
        if text.isascii() and "\n" not in text:  # nearly always, and much faster
            yield font, text
            return
        for chosen, run in groupby(text, key=lambda char: self._font_of(char, font)):
            yield chosen, "".join(run)

    def _font_of(self, char: str, font: str) -> str:
        code = ord(char)
        if code in self._drawn[font] or char in "\n ":
            return font
        if code in self._drawn[FALLBACK] and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT:
            return FALLBACK
        self.boxes += 1
        # The box must carry the character, or copying it from the page would lose it.
        self._maps[font].setdefault(code, NOTDEF)
        return font


def one_line(text: str) -> str:
    """Return the text on one line, without characters that no document may hold."""
    return " ".join(_printable(text).split())


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _printable(text: str) -> str:
    """Return the text without what no font draws: controls, surrogates, invisible marks."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    clean = "".join(_visible(char) for char in unicodedata.normalize("NFC", text))
    return _BLANK_LINES.sub("\n\n", clean).strip("\n")


def _visible(char: str) -> str:
    if char == "\n":
        return char
    match unicodedata.category(char):
        case "Cc" | "Cs":
            return REPLACEMENT
        case "Cf":
            return ""
        case "Zs" | "Zl" | "Zp":
            return " "
        case _:
            variation_selector = 0xFE00 <= ord(char) <= 0xFE0F  # noqa: PLR2004  as Unicode names it
            return "" if variation_selector else char


@dataclass(frozen=True, slots=True)
class _Face:
    font: TTFont
    covers: frozenset[int]


@functools.lru_cache(maxsize=4)
def _faces(folder: Path) -> dict[str, _Face]:
    """Read the fonts, once per folder.

    Raises:
        ExportError: A font file is missing or damaged.
    """
    fonts = {name: _load(name, folder / file) for name, file in FILES.items()}
    return {name: _Face(font, frozenset(font.face.charToGlyph)) for name, font in fonts.items()}


def _load(name: str, path: Path) -> TTFont:
    try:
        return TTFont(name, str(path))
    except (TTFError, OSError) as cause:
        raise ExportError(
            f"The font {path.name} cannot be read.", remedy="Install Hotwash again."
        ) from cause
