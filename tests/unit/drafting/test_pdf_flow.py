"""Where pages break."""

import re
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate

from drafting.options import Section
from drafting.pdf.look import BOTTOM_MARGIN
from drafting.pdf.pages import Gap
from drafting.pdf.rows_table import Column, Fill, Row, RowsTable
from tests.builders import (
    a_record,
    a_segment,
    a_source,
    an_entry,
)
from tests.unit.drafting.rendered import a_long_record, body_of, made, text_of


def test_the_head_of_a_table_repeats_and_no_row_is_torn() -> None:
    others = frozenset(Section) - {Section.TIMELINE}
    with made(a_long_record(80), sections_left_out=others) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    timeline = [page for page in pages if re.search(r"^T\d+ \d\d:\d\d", page, re.MULTILINE)]
    assert len(timeline) > 2
    assert all(re.search(r"^UTC Δ EVENT ROLE SOURCE$", page, re.MULTILINE) for page in timeline)
    numbers = [
        int(n) for page in pages for n in re.findall(r"^T(\d+) \d\d:\d\d", page, re.MULTILINE)
    ]
    assert numbers == list(range(1, 81))
    for page in timeline:
        # each row has two lines of text: its first and its last words share a page
        assert len(re.findall(r"Event number", page)) == len(re.findall(r"at\s+them\.", page))


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    titles = ("Decisions", "Hypotheses", "Actions", "Method note", "Sources")
    others = frozenset({Section.REVIEW, Section.GLOSSARY})
    for rows in range(8, 26, 6):
        with made(a_long_record(rows), sections_left_out=others) as pdf:
            for page in pdf.pages[1:]:
                heads = [char["bottom"] for char in page.chars if char["size"] > 13.5]
                end = page.height - BOTTOM_MARGIN + 1
                body = max(char["bottom"] for char in page.chars if char["bottom"] < end)
                assert all(head + 3 < body for head in heads), f"a heading alone, {rows} rows"
            assert all(title in text_of(pdf) for title in titles)


@pytest.mark.parametrize("sources", range(30, 61, 2))
def test_the_last_page_has_words_however_many_sources_there_are(sources: int) -> None:
    cited = tuple(
        a_source(a_segment(f"Words {n}", n * 1_000, n * 1_000 + 900)) for n in range(sources)
    )
    others = frozenset(Section) - {Section.SOURCES}
    with made(a_record(an_entry(sources=cited)), sections_left_out=others) as pdf:
        assert f"Words {sources - 1}" in body_of(pdf.pages[-1])


class Block(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Something of a height that remembers on which page it was drawn."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.width, self.height, self.page = 100.0, height, 0

    def draw(self) -> None:
        self.page = self.canv.getPageNumber()


def a_document_of_low_pages() -> BaseDocTemplate:
    document = BaseDocTemplate(BytesIO(), pagesize=(200, 100))
    frame = Frame(0, 0, 200, 100, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    return document


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_white_space_never_makes_a_page(heights: list[int]) -> None:
    """The page holds 100 points, so that blocks often fill it exactly."""
    blocks = [Block(height) for height in heights]
    story = [part for block in blocks for part in (CondPageBreak(40), block, Gap(22))]
    document = a_document_of_low_pages()
    document.build(story)
    assert {block.page for block in blocks} == set(range(1, document.page + 1))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(10, 60), st.booleans()), min_size=1, max_size=20),
    st.integers(0, 99),
)
def test_a_band_stays_with_its_row_and_the_last_row_has_company(
    heights: list[tuple[int, bool]], above: int
) -> None:
    """The page holds 100 points less the head's: two rows and a band do not always fit."""
    blocks = [(Block(height), Block(0) if band else None) for height, band in heights]
    rows = [
        row
        for block, band in blocks
        for row in (
            *([Row(((band,),), fill=Fill.BAND)] if band else []),
            Row(((block,),)),
        )
    ]
    table = RowsTable([Column("WHAT")], rows, page_height=100)
    document = a_document_of_low_pages()
    document.build([Block(above), table])
    assert all(band.page == block.page for block, band in blocks if band)
    pages = [block.page for block, _ in blocks]
    assert pages == sorted(pages)
    if pages.count(pages[-1]) == 1 < len(pages) and not blocks[-1][1]:
        assert pages.count(pages[-2]) <= 2


def test_a_row_higher_than_a_page_goes_on_over_pages() -> None:
    with made(a_record(an_entry("word " * 2_500, occurred="14:00"))) as pdf:
        assert sum(page.extract_text().count("word") for page in pdf.pages) == 2_500
