"""Paper, styles and footer of the DOCX; the colours are the printed page's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from drafting.content.plain_text import printable
from drafting.docx.elements import element, field, run

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.styles.style import ParagraphStyle

    from drafting.content.blocks import Document
    from drafting.options import PageSize

INK, SECONDARY, LINE, RAISED, ACCENT = "1B1F24", "59636E", "D6DBE1", "F6F7F9", "0B6E75"
WARNING, WARNING_TINT = "9A6700", "FDF6E3"
FONT = "Arial"  # or its double; a wider one would break the columns
MARGIN = Mm(17)
PAPERS = {"A4": (Mm(210), Mm(297)), "Letter": (Mm(215.9), Mm(279.4))}

BODY, CELL, CAUTION, GAP = "BodyText", "HotwashCell", "HotwashCaution", "HotwashGap"
BULLET, NOTE = "ListBullet", "Caption"
TABLE = "HotwashTable"
HEADINGS = {1: "Title", 2: "Heading1", 3: "Heading2"}

_TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE}">
  <w:name w:val="Hotwash Table"/>
  <w:basedOn w:val="TableNormal"/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="4" w:color="{LINE}"/>
      <w:bottom w:val="single" w:sz="4" w:color="{LINE}"/>
      <w:insideH w:val="single" w:sz="4" w:color="{LINE}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="40" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>
      <w:bottom w:w="40" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/><w:color w:val="{SECONDARY}"/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:fill="{RAISED}"/></w:tcPr>
  </w:tblStylePr>
</w:style>"""


def dress(docx: Docx, document: Document, page_size: PageSize) -> None:
    """Give an empty document its paper, styles, properties and footer."""
    section = docx.sections[0]
    section.page_width, section.page_height = PAPERS[page_size]
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Mm(18)
    _style(docx)
    _tell(docx, document)
    footer = section.footer.paragraphs[0]
    footer.style = docx.styles["Footer"]
    parts = (run(f"{document.footer} · page "), *field("PAGE"), run(" of "), *field("NUMPAGES"))
    footer._p.extend(parts)  # noqa: SLF001  python-docx has no fields


def body_width(docx: Docx) -> int:
    """Return how wide a line is, in EMU."""
    section = docx.sections[0]
    sizes = (section.page_width, section.left_margin, section.right_margin)
    width, left, right = (int(size or 0) for size in sizes)
    return width - left - right


def _tell(docx: Docx, document: Document) -> None:
    about = docx.core_properties
    about.title = printable(document.title)[:255]  # more is against the format
    if document.incident_id:
        about.subject = printable(f"Incident {document.incident_id}")[:255]
    about.author = about.last_modified_by = "Hotwash"
    about.language = "en"
    about.comments = ""
    about.created = about.modified = document.made_at


def _style(docx: Docx) -> None:
    styles = docx.styles
    normal: ParagraphStyle = styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10)
    for name, size, before, after in (
        ("Body Text", 10, 4, 6),
        ("Title", 22, 0, 8),
        ("Heading 1", 15, 18, 6),
        ("Heading 2", 11.5, 12, 4),
        ("List Bullet", 10, 0, 3),
        ("Caption", 8.5, 2, 10),
        ("Footer", 8, 0, 0),
    ):
        _dress_style(styles[name], size, before, after)
    styles["Footer"].font.color.rgb = RGBColor.from_string(SECONDARY)
    cell = styles.add_style("Hotwash Cell", WD_STYLE_TYPE.PARAGRAPH)
    _dress_style(cell, 8, 0, 0)
    caution = styles.add_style("Hotwash Caution", WD_STYLE_TYPE.PARAGRAPH)
    _dress_style(caution, 9.5, 0, 0)
    border = element("left", val="single", sz="24", space="6", color=WARNING)
    caution.element.get_or_add_pPr().extend(
        (element("pBdr", border), element("shd", val="clear", fill=WARNING_TINT))
    )
    _dress_style(styles.add_style("Hotwash Gap", WD_STYLE_TYPE.PARAGRAPH), 4, 0, 0)
    styles.element.append(parse_xml(_TABLE_STYLE))


def _dress_style(style: ParagraphStyle, size: float, before: float, after: float) -> None:
    for fonts in style.element.xpath("./w:rPr/w:rFonts"):
        fonts.getparent().remove(fonts)  # a theme's font would stand before ours
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = RGBColor.from_string(INK)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for border in style.element.xpath("./w:pPr/w:pBdr"):
        border.getparent().remove(border)  # the line under Word's own title
