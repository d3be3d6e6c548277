"""The embedded fonts, and text made ready for them.

Noto Sans sets the text. Where it has no glyph others stand in: Noto Emoji, DejaVu Sans (symbols,
Arabic, Hebrew), Droid Sans Fallback (Chinese, Japanese, Korean), read only once they are needed.
What none has is printed as a box that still copies as the character itself.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError

from app.domain.errors import ExportError
from drafting.pdf.embedded_font import EmbeddedFont
from drafting.pdf.right_to_left import ARABIC, Joiner, visual_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Run: TypeAlias = tuple[str, str]

REGULAR = "Hotwash-Regular"
BOLD = "Hotwash-Bold"
ITALIC = "Hotwash-Italic"
FALLBACK = "Hotwash-Fallback"
EMOJI = "Hotwash-Emoji"
EAST_ASIAN = "Hotwash-EastAsian"
FILES = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    ITALIC: "NotoSans-Italic.ttf",
    FALLBACK: "DejaVuSans.ttf",
    EMOJI: "NotoEmoji.ttf",
    EAST_ASIAN: "DroidSansFallback.ttf",
}
ALWAYS = (REGULAR, BOLD, ITALIC, FALLBACK)
STAND_IN = (FALLBACK, EAST_ASIAN, EMOJI)
FIRST_EMOJI = 0x1F300
NOTDEF = 0
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"

_lock = threading.Lock()
_VARIATION_SELECTOR = re.compile("[\ufe00-\ufe0f]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*(\n\s*)+")


class Typesetter:
    """Turns a record's texts into ReportLab markup; counts what cannot be drawn.

    One per document; not for several threads.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faces: dict[str, _Face] = {}
        for name in ALWAYS:
            self._face(name)
        pdfmetrics.registerFontFamily(
            REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD
        )
        self.boxes = 0

    def _face(self, name: str) -> _Face:
        """Return a font, read when it is first asked for."""
        face = self._faces.get(name)
        if face is None:
            face = self._faces[name] = _read(self._folder, name)
            with _lock:
                pdfmetrics.registerFont(face.font)
        return face

    def markup(self, text: str, font: str = REGULAR) -> str:
        """Return the text escaped, each run in a font that has its glyphs."""
        return "".join(
            _escaped(words)
            if chosen == font
            else f'<font name="{chosen}">{_escaped(words)}</font>'
            for chosen, words in self._runs(self._joined(_printable(text)), font)
        )

    def line(self, text: str, font: str = REGULAR) -> tuple[Run, ...]:
        """Return the text as one line of (font, words) runs, from left to right."""
        return tuple(self._runs(visual_text(self._joined(one_line(text))), font))

    def fitting(self, text: str, font: str, size: float, room: float) -> tuple[Run, ...]:
        """Return the text as one line that is cut with an ellipsis where the room ends."""
        return cut(self.line(text, font), size, room)

    def _runs(self, text: str, font: str) -> Iterator[Run]:
        if self._face(font).covers.issuperset(map(ord, text)):  # nearly always, and much faster
            yield font, text
            return
        for chosen, run in groupby(text, key=lambda char: self._font_of(char, font)):
            yield chosen, "".join(run)

    def _joined(self, text: str) -> str:
        return _joiner(self._folder).joined(text) if ARABIC.search(text) else text

    def _font_of(self, char: str, font: str) -> str:
        code = ord(char)
        if code in self._face(font).covers or char in "\n ":
            return font
        stand_in = reversed(STAND_IN) if code >= FIRST_EMOJI else STAND_IN
        for other in stand_in:
            if code in self._face(other).covers:
                return other
        self.boxes += 1
        # The box must carry the character, or copying it from the page would lose it.
        self._face(font).font.face.charToGlyph.setdefault(code, NOTDEF)
        return font


def draw_line(canvas: Any, runs: Iterable[Run], x: float, y: float, size: float) -> None:
    """Draw a line in several fonts from ``x`` on, with its baseline at ``y`` (points)."""
    for font, words in runs:
        canvas.setFont(font, size)
        canvas.drawString(x, y, words)
        x += pdfmetrics.stringWidth(words, font, size)


def cut(runs: tuple[Run, ...], size: float, room: float) -> tuple[Run, ...]:
    """Return a line in several fonts, cut with an ellipsis where the room (points) ends."""
    shown: list[Run] = []
    for font, text in runs:
        words = _cut(text, font, size, room)
        shown.append((font, words))
        if words != text:
            break
        room -= pdfmetrics.stringWidth(words, font, size)
    return tuple(shown)


def _cut(text: str, font: str, size: float, room: float) -> str:
    if pdfmetrics.stringWidth(text, font, size) <= room:
        return text
    kept = len(text)
    while kept and pdfmetrics.stringWidth(f"{text[:kept]}{ELLIPSIS}", font, size) > room:
        kept -= 1
    return f"{text[:kept].rstrip()}{ELLIPSIS}" if kept else ""


def one_line(text: str) -> str:
    """Return the text on one line, without characters that no document may hold."""
    return " ".join(_printable(text).split())


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _printable(text: str) -> str:
    """Return the text without what no font draws: controls, surrogates, invisible marks."""
    if text.isprintable() and not _VARIATION_SELECTOR.search(text):
        return unicodedata.normalize("NFC", text)
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
            return "" if _VARIATION_SELECTOR.match(char) else char


@dataclass(frozen=True, slots=True)
class _Face:
    font: EmbeddedFont
    covers: frozenset[int]


@functools.lru_cache(maxsize=4 * len(FILES))
def _read(folder: Path, name: str) -> _Face:
    """Read a font, once per folder.

    Raises:
        ExportError: The file is missing or damaged.
    """
    path = folder / FILES[name]
    try:
        font = EmbeddedFont(name, str(path), shapable=False)
    except (TTFError, OSError) as cause:
        raise ExportError(
            f"The font {path.name} cannot be read.", remedy="Install Hotwash again."
        ) from cause
    return _Face(font, frozenset(font.face.charToGlyph))


@functools.lru_cache(maxsize=4)
def _joiner(folder: Path) -> Joiner:
    face = _read(folder, FALLBACK)
    return Joiner((folder / FILES[FALLBACK]).read_bytes(), face.font.face.charToGlyph)
