"""Pages: margins, the running head, the footer with “page n of m”, bookmarks and metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from drafting.pdf.fonts import BOLD, REGULAR, cut, draw_line
from drafting.pdf.look import (
    BOTTOM_MARGIN,
    HEADING,
    LINE,
    MARGIN,
    MM,
    SECONDARY,
    TOP_MARGIN,
    WARNING,
)

if TYPE_CHECKING:
    from datetime import datetime
    from io import BytesIO

    from drafting.options import PageSize
    from drafting.pdf.fonts import Run

FOOTER_SIZE = 7.5
FOOTER_BASELINE = 11 * MM
FOOTER_GAP = 14.0
HEADER_BASELINE = 11 * MM  # from the top edge
SIZES = {"A4": A4, "Letter": LETTER}


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on every page; each line as (font, text) runs.

    ``subject`` and ``title`` also go to the document's metadata; ``stamp`` is empty once the
    document is final.
    """

    title: str
    author: str
    subject: str
    running_head: tuple[Run, ...]
    footer: tuple[Run, ...]
    hash_words: str
    stamp: str


class CountingCanvas(Canvas):  # type: ignore[misc]  # ReportLab carries no types
    """Fills in the number of pages at the end: until then each page refers to a form."""

    pages = 0

    def showPage(self) -> None:  # noqa: N802  ReportLab's name
        """Count the page."""
        self.pages += 1
        super().showPage()

    def save(self) -> None:
        """Make the forms, then write the document."""
        if self._code:
            self.showPage()
        width, _ = self._pagesize
        for number in range(1, self.pages + 1):
            self.beginForm(page_form(number))
            self.setFont(REGULAR, FOOTER_SIZE)
            self.setFillColor(SECONDARY)
            words = f"page {number} of {self.pages}"
            self.drawRightString(width - MARGIN, FOOTER_BASELINE, words)
            self.endForm()
        super().save()


def page_form(number: int) -> str:
    """Return the name of the form that holds a page's number."""
    return f"page-{number}-of-all"


class Pages(BaseDocTemplate):  # type: ignore[misc]  # ReportLab carries no types
    """Lays flowables out on pages of one size, written to memory.

    ``body_width`` and ``body_height`` are what a page holds, in points.
    """

    def __init__(
        self, target: BytesIO, *, text: PageText, page_size: PageSize, made_at: datetime
    ) -> None:
        super().__init__(
            target,
            pagesize=SIZES[page_size],
            invariant=1,
            title=text.title,
            author=text.author,
            subject=text.subject,
            creator="Hotwash",
            producer="Hotwash, with ReportLab",
            lang="en",
            displayDocTitle=1,
            initialFontName=REGULAR,  # else Helvetica, not embedded, is named on each page
        )
        width, height = SIZES[page_size]
        self.body_width = width - 2 * MARGIN
        self.body_height = height - TOP_MARGIN - BOTTOM_MARGIN
        self._text = text
        self._made_at = made_at
        frame = Frame(
            MARGIN, BOTTOM_MARGIN, self.body_width, self.body_height,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._on_page))

    def make(self, story: list[Flowable]) -> None:
        """Lay out and write."""
        self.build(story, canvasmaker=CountingCanvas)

    def _on_page(self, canvas: Any, _template: object) -> None:
        number = canvas.getPageNumber()
        if number == 1:
            # ReportLab's fixed time is the year 2000; ours is told by the caller.
            canvas._doc._timeStamp = _FixedTime(self._made_at)  # noqa: SLF001
            canvas.showOutline()
        else:
            self._running_head(canvas)
        self._footer(canvas)
        canvas.doForm(page_form(number))

    def _running_head(self, canvas: Any) -> None:
        y = self.pagesize[1] - HEADER_BASELINE
        right = self.pagesize[0] - MARGIN
        canvas.saveState()
        canvas.setFillColor(WARNING)
        canvas.setFont(BOLD, FOOTER_SIZE)
        canvas.drawRightString(right, y, self._text.stamp)
        room = self.body_width - stringWidth(self._text.stamp, BOLD, FOOTER_SIZE) - FOOTER_GAP
        canvas.setFillColor(SECONDARY)
        head = cut(self._text.running_head, FOOTER_SIZE, room)
        draw_line(canvas, head, MARGIN, y, FOOTER_SIZE)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, y - 6, right, y - 6)
        canvas.restoreState()

    def _footer(self, canvas: Any) -> None:
        canvas.saveState()
        number_width = stringWidth("page 0000 of 0000", REGULAR, FOOTER_SIZE)
        words = self._text.hash_words
        canvas.setFont(REGULAR, FOOTER_SIZE)
        canvas.setFillColor(SECONDARY)
        end = self.pagesize[0] - MARGIN - number_width - FOOTER_GAP
        canvas.drawRightString(end, FOOTER_BASELINE, words)
        room = end - stringWidth(words, REGULAR, FOOTER_SIZE) - FOOTER_GAP - MARGIN
        footer = cut(self._text.footer, FOOTER_SIZE, room)
        draw_line(canvas, footer, MARGIN, FOOTER_BASELINE, FOOTER_SIZE)
        canvas.restoreState()


class _FixedTime(TimeStamp):  # type: ignore[misc]  # ReportLab carries no types
    def __init__(self, moment: datetime) -> None:
        super().__init__(invariant=1)
        utc = moment.utctimetuple()
        self.t = moment.timestamp()
        self.lt = utc
        self.YMDhms = tuple(utc)[:6]


class Gap(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """White space before what follows; where the page ends it ends too, and starts no other."""

    _ZEROSIZE = 1  # ReportLab asks it even when nothing is left of the page

    def __init__(self, height: float) -> None:
        super().__init__()
        self._wanted = height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size in points: no higher than what is left."""
        self.width, self.height = width, max(0.0, min(self._wanted, height))
        return self.width, self.height

    def draw(self) -> None:
        """Draw nothing."""


class Heading(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """A section's head: a destination, and a bookmark in the reader's outline."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__()
        self._title = title
        self._key = key

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, HEADING.leading
        return self.width, self.height

    def draw(self) -> None:
        """Draw the words and set the bookmark."""
        self.mark()
        canvas = self.canv
        canvas.setFont(HEADING.fontName, HEADING.fontSize)
        canvas.setFillColor(HEADING.textColor)
        canvas.drawString(0, self.height - HEADING.fontSize, self._title)

    def mark(self) -> None:
        """Set the destination and the bookmark."""
        self.canv.bookmarkHorizontal(self._key, 0, self.height + 4)
        self.canv.addOutlineEntry(self._title, self._key, level=0)


class Subheading(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """The head of a part of a section, with a bookmark under the section's."""

    def __init__(self, words: Flowable, title: str) -> None:
        super().__init__()
        self._words = words
        self._title = title

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = self._words.wrap(width, height)
        return self.width, self.height

    def draw(self) -> None:
        """Draw the words and set the bookmark."""
        self._words.drawOn(self.canv, 0, 0)
        key = f"{self._title}, page {self.canv.getPageNumber()}"
        self.canv.bookmarkHorizontal(key, 0, self.height + 4)
        self.canv.addOutlineEntry(self._title, key, level=1, closed=1)
