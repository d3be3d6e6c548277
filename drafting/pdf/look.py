"""Colours, sizes and paragraph styles of the page; the colours are the window's."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.styles import ParagraphStyle

from app.domain.timeline import EntryKind
from drafting.pdf.fonts import BOLD, ITALIC, REGULAR

INK = HexColor("#1b1f24")
SECONDARY = HexColor("#59636e")
LINE = HexColor("#d6dbe1")
RAISED = HexColor("#f6f7f9")
ACCENT = HexColor("#0b6e75")
WARNING = HexColor("#9a6700")
WARNING_TINT = HexColor("#fdf6e3")
HATCH = HexColor("#ecd9a8")
PAPER = white

KIND_COLOURS: dict[EntryKind, Color] = {
    EntryKind.FACT: HexColor("#1f5fbf"),
    EntryKind.HYPOTHESIS: WARNING,
    EntryKind.DECISION: HexColor("#6f42c1"),
    EntryKind.ACTION: HexColor("#1a7f37"),
    EntryKind.STATUS: ACCENT,
    EntryKind.RESPONSIBILITY: SECONDARY,
}

MM = 72 / 25.4
MARGIN = 17 * MM
TOP_MARGIN = 19 * MM
BOTTOM_MARGIN = 20 * MM
GAP = 4.0
CELL_LEADING = 11.6


def style(name: str, size: float, leading: float, **changes: object) -> ParagraphStyle:
    """Return a paragraph style; long words and addresses break rather than run out."""
    plain = {
        "fontName": REGULAR,
        "textColor": INK,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **{**plain, **changes})


BODY = style("body", 9.5, 14)
LEAD = style("lead", 10, 15)
OVERLINE = style("overline", 8, 11, fontName=BOLD, textColor=SECONDARY)
TITLE = style("title", 22, 27, fontName=BOLD)
LONG_TITLE = style("long title", 14, 18.5, fontName=BOLD)
HEADING = style("heading", 14, 19, fontName=BOLD)
SUBHEADING = style("subheading", 10, 14, fontName=BOLD)
CELL = style("cell", 9, CELL_LEADING)
CELL_BOLD = style("cell bold", 9, CELL_LEADING, fontName=BOLD)
CELL_ITALIC = style("cell italic", 9, CELL_LEADING, fontName=ITALIC)
CELL_PALE = style("cell pale", 9, CELL_LEADING, textColor=SECONDARY)
CELL_SMALL = style("cell small", 8, 10.4, textColor=SECONDARY)
NOTE = style("note", 8, 10.4, textColor=SECONDARY)
NOTE_WARNING = style("note warning", 8, 10.4, fontName=BOLD, textColor=WARNING)
HEAD = style("head", 7.5, 10, fontName=BOLD, textColor=SECONDARY)
LABEL = style("label", 7.5, 10, textColor=SECONDARY)
FIGURE = style("figure", 13, 17, fontName=BOLD)
FIGURE_MISSING = style("figure missing", 9.5, 17, textColor=SECONDARY)
WARNING_TEXT = style("warning", 9, 13)
ITEM = style(
    "item", 9.5, 13.5, leftIndent=12, bulletIndent=2, bulletFontName=REGULAR, spaceAfter=2
)
EMPTY = style("empty", 9.5, 14, fontName=ITALIC, textColor=SECONDARY)

LONG_TITLE_LENGTH = 90
LINK = "#0b6e75"
