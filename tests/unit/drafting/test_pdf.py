import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate

from app.domain.errors import ExportError
from app.domain.record import Record
from app.domain.timeline import Anchor, EntryKind
from app.domain.times import Precision
from drafting.options import PageSize, ReportOptions
from drafting.outline import outline
from drafting.pdf.document import PdfReport
from drafting.pdf.look import BOTTOM_MARGIN, MARGIN, SECONDARY, TOP_MARGIN
from drafting.pdf.pages import Gap
from tests.builders import (
    START,
    a_record,
    a_segment,
    a_source,
    an_action,
    an_entry,
    an_incident,
    at,
)
from tests.unit.drafting.checkout import FONTS, MADE_AT, OPTIONS, ROOT, SHA256, the_checkout_record

FOOTER = re.compile(r"page (\d+) of (\d+)$")
ROUNDING = 0.1


def made(record: Record, **options: Any) -> Any:
    content = PdfReport(FONTS).render(record, replace(OPTIONS, **options))
    return pdfplumber.open(BytesIO(content))


def text_of(pdf: Any) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def body_of(page: Any) -> str:
    """Return a page's words without head and footer."""
    body = page.crop((0, TOP_MARGIN - 1, page.width, page.height - BOTTOM_MARGIN + 1))
    return str(body.extract_text())


def a_long_record(rows: int) -> Record:
    kinds = list(EntryKind)
    words = "Event number {} was seen on the dashboards while the team kept looking at them."
    return a_record(
        *(
            an_entry(
                words.format(n),
                kind=kinds[n % len(kinds)],
                occurred=START + timedelta(minutes=7 * n),
                precision=Precision.MINUTE,
                sources=(a_source(a_segment(f"Event {n}", n * 1_000, n * 1_000 + 900)),),
            )
            for n in range(rows)
        )
    )


NASTY = (
    (
        "https://grafana.internal.example/d/abc123/checkout?orgId=1&from=1710252000000&to=17102556000"
        "00&var-service=checkout&var-region=eu-central-1&viewPanel=42"
    ),
    "W" * 400,
    "数据库连接池已耗尽、支付页面返回错误" * 6,
    "فشل الدفع بعد النشر 😀 🚀",
    "Ошибка оплаты: Ἀθῆναι, Žižka, İstanbul, naïve → ≥ ½ ✓",
    "<b>bold</b> & <a href='#nowhere'>link</a> &amp; </para> \x00\x07\u202e\ud800\ttab\n\n\nline",
    "word " * 700,
)


def a_nasty_record() -> Record:
    entries = [
        an_entry(words, occurred=f"14:{n:02d}", kind=kind, owner_role=words[:90])
        for n, words in enumerate(NASTY)
        for kind in (EntryKind.FACT, EntryKind.HYPOTHESIS)
    ]
    anchored = an_entry(NASTY[0], occurred="14:00", anchor=Anchor.IMPACT_START)
    return a_record(
        anchored,
        *entries,
        incident=an_incident(
            title="支付 \x00\ud800 " + "Donaudampfschifffahrtselektrizitäten" * 5,
            severity="重大 " + "S" * 90,
            owner="منى",
            classification="c" * 200,
        ),
        actions=(an_action("B" * 300, owner="C" * 100, verification_plan="D" * 200),),
    )


RECORDS = {
    "checkout": the_checkout_record,
    "empty": lambda: a_record(sessions=(), tracks=()),
    "nasty": a_nasty_record,
    "long": lambda: a_long_record(100),
}


@pytest.fixture(scope="module", params=list(RECORDS))
def pdf(request: pytest.FixtureRequest) -> Iterator[Any]:
    with made(RECORDS[request.param]()) as document:
        yield document


def test_nothing_is_printed_outside_the_margins(pdf: Any) -> None:
    for page in pdf.pages:
        for char in page.chars:
            assert char["x0"] >= MARGIN - ROUNDING
            assert char["x1"] <= page.width - MARGIN + ROUNDING


def test_the_body_keeps_clear_of_head_and_footer(pdf: Any) -> None:
    for page in pdf.pages:
        body = [
            c for c in page.chars if c["top"] > TOP_MARGIN - 1 and c["bottom"] < page.height - 40
        ]
        assert all(c["bottom"] <= page.height - BOTTOM_MARGIN + 1 for c in body)
        between = [c for c in page.chars if 45 < c["top"] < TOP_MARGIN - 3]
        assert not between


def test_no_page_is_without_words(pdf: Any) -> None:
    assert all(body_of(page) for page in pdf.pages)


def test_every_page_tells_its_number_and_how_many_there_are(pdf: Any) -> None:
    for number, page in enumerate(pdf.pages, start=1):
        last = page.extract_text().splitlines()[-1]
        found = FOOTER.search(last)
        assert found is not None
        assert (int(found[1]), int(found[2])) == (number, len(pdf.pages))
        assert f"record {SHA256[:12]}" in last


def test_every_internal_link_leads_somewhere(pdf: Any) -> None:
    numbers = {page.page_obj.pageid for page in pdf.pages}
    for page in pdf.pages:
        for annotation in page.annots:
            destination = annotation["data"]["Dest"]
            assert destination[0].objid in numbers


def test_words_do_not_overlap(pdf: Any) -> None:
    for page in pdf.pages:
        rows: dict[float, list[Any]] = {}
        for word in page.extract_words(keep_blank_chars=True, x_tolerance=1):
            rows.setdefault(round(word["bottom"], 1), []).append(word)
        for words in rows.values():
            ordered = sorted(words, key=lambda word: word["x0"])
            for left, right in itertools.pairwise(ordered):
                assert left["x1"] <= right["x0"] + 1.5


def test_every_font_is_embedded_truetype(pdf: Any) -> None:
    names = {char["fontname"] for page in pdf.pages for char in page.chars}
    assert all(re.fullmatch(r"[A-Z]{6}\+(NotoSans-\w+|DejaVuSans)", name) for name in names)


@pytest.mark.parametrize("record", [the_checkout_record, a_nasty_record])
def test_the_same_record_gives_the_same_bytes(record: Any) -> None:
    kept = record()
    assert PdfReport(FONTS).render(kept, OPTIONS) == PdfReport(FONTS).render(kept, OPTIONS)


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from tests.unit.drafting.checkout import FONTS, OPTIONS, the_checkout_record;"
        "from drafting.pdf.document import PdfReport;"
        "PdfReport(FONTS).write(the_checkout_record(), Path(sys.argv[1]), options=OPTIONS)"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        )
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_the_clock_in_the_document_is_the_one_it_was_given() -> None:
    with made(the_checkout_record()) as pdf:
        assert pdf.metadata["CreationDate"] == "D:20260313090000+00'00'"
        assert pdf.metadata["Title"] == "Postmortem (draft): Checkout errors"
        assert pdf.metadata["Author"] == "Priya"
    later = MADE_AT + timedelta(days=1)
    with made(the_checkout_record(), made_at=later) as pdf:
        assert "2026-03-14 09:00 UTC" in pdf.pages[0].extract_text()


def test_the_first_page_can_be_read_alone() -> None:
    with made(the_checkout_record()) as pdf:
        page = pdf.pages[0].extract_text()
    for words in (
        "Checkout errors", "SEV1", "resolved", "DRAFT", "inc-a", "Priya", "2026-03-12",
        "internal", "Draft: no approval is recorded.", "Hypothesis", "Summary", "29 min",
        "Time to detect", "response", "14:31 recovery confirmed", "Top actions",
        "Add a canary stage.", "on-call engineer (Daniel)", "2026-03-19", "not recorded",
    ):  # fmt: skip
        assert words in page


def test_every_line_stands_in_order_with_its_badge_time_and_reference() -> None:
    record = the_checkout_record()
    report = outline(record, OPTIONS)
    with made(record) as pdf:
        lines = text_of(pdf).splitlines()
    starts = [line for line in lines if re.match(r"T\d+ (\d|≈|not)", line)]
    assert len(starts) == len(report.timeline) == 24
    for line, row in zip(starts, report.timeline, strict=True):
        first_words = " ".join(row.text.split()[:4])
        assert line.startswith(f"{row.ref} {row.clock.utc if row.clock.day else 'not stated'}")
        assert f" {row.kind.letter} {first_words}" in line
        assert line.endswith(row.sources[0])


def test_a_hypothesis_is_italic_named_and_hatched_and_a_fact_is_none_of_these() -> None:
    guess, fact = "Perhaps the pool is empty", "The pool is empty indeed"
    record = a_record(
        an_entry(guess, kind=EntryKind.HYPOTHESIS, occurred="14:00"),
        an_entry(fact, occurred="14:01"),
    )
    with made(record) as pdf:
        page = pdf.pages[1]
        fonts = {
            words: {c["fontname"] for c in page.search(words)[0]["chars"]}
            for words in (guess, fact)
        }
        assert all("Italic" in name for name in fonts[guess])
        assert all("Regular" in name for name in fonts[fact])
        assert "hypothesis, not confirmed" in page.extract_text()


def test_a_ruled_out_hypothesis_is_grey_and_says_so() -> None:
    with made(the_checkout_record()) as pdf:
        page = next(p for p in pdf.pages[1:] if p.search("I think the deploy broke"))
        colours = {c["non_stroking_color"] for c in page.search("I think the deploy")[0]["chars"]}
        assert "hypothesis, ruled out 14:52 UTC" in page.extract_text()
    (grey,) = colours
    assert grey == pytest.approx((0x59 / 255, 0x63 / 255, 0x6E / 255), abs=0.01)


def test_each_kind_has_a_letter_in_a_shape_of_its_own() -> None:
    """Without colour the letter and the outline are left: no two outlines may be the same."""
    with made(the_checkout_record()) as pdf:
        page = pdf.pages[1]
        legend_y = page.search("fact")[0]["top"]
        shapes = [s for s in (*page.curves, *page.rects) if abs(s["top"] - legend_y) < 8]
        letters = [
            c["text"] for c in page.chars if abs(c["top"] - legend_y) < 6 and c["size"] < 7.5
        ]
    assert "".join(letters) == "FHDASR"
    outlines = {
        tuple((round(x - s["x0"], 1), round(y - s["top"], 1)) for x, y in s["pts"]) for s in shapes
    }
    assert len(outlines) == len(EntryKind)


def test_the_head_of_a_table_repeats_and_no_row_is_torn() -> None:
    with made(a_long_record(150)) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    timeline = [page for page in pages if re.search(r"^T\d+ \d\d:\d\d", page, re.MULTILINE)]
    assert len(timeline) > 5
    assert all(re.search(r"^UTC Δ EVENT ROLE SOURCE$", page, re.MULTILINE) for page in timeline)
    numbers = [
        int(n) for page in pages for n in re.findall(r"^T(\d+) \d\d:\d\d", page, re.MULTILINE)
    ]
    assert numbers == list(range(1, 151))
    for page in timeline:
        # each row has two lines of text: its first and its last words share a page
        assert len(re.findall(r"Event number", page)) == len(re.findall(r"at them\.", page))


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    titles = ("Decisions", "Hypotheses", "Actions", "Method note", "Sources")
    for rows in range(8, 26, 3):
        with made(a_long_record(rows)) as pdf:
            for page in pdf.pages[1:]:
                for char in page.chars:
                    if char["size"] > 13.5:
                        below = [c for c in page.chars if c["top"] > char["bottom"] + 3]
                        body = [c for c in below if c["bottom"] < page.height - BOTTOM_MARGIN + 1]
                        assert body, f"a heading alone, {rows} rows"
            assert all(title in text_of(pdf) for title in titles)


@pytest.mark.parametrize("sources", range(1, 61))
def test_the_last_page_has_words_however_many_sources_there_are(sources: int) -> None:
    cited = tuple(
        a_source(a_segment(f"Words {n}", n * 1_000, n * 1_000 + 900)) for n in range(sources)
    )
    with made(a_record(an_entry(sources=cited))) as pdf:
        assert f"Words {sources - 1}" in body_of(pdf.pages[-1])


class Block(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Something of a height that remembers on which page it was drawn."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.width, self.height, self.page = 100.0, height, 0

    def draw(self) -> None:
        self.page = self.canv.getPageNumber()


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_white_space_never_makes_a_page(heights: list[int]) -> None:
    """The page holds 100 points, so that blocks often fill it exactly."""
    blocks = [Block(height) for height in heights]
    story = [part for block in blocks for part in (CondPageBreak(40), block, Gap(22))]
    document = BaseDocTemplate(BytesIO(), pagesize=(200, 100))
    frame = Frame(0, 0, 200, 100, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    document.build(story)
    assert {block.page for block in blocks} == set(range(1, document.page + 1))


def test_a_row_higher_than_a_page_goes_on_over_pages() -> None:
    with made(a_record(an_entry("word " * 2_500, occurred="14:00"))) as pdf:
        assert sum(page.extract_text().count("word") for page in pdf.pages) == 2_500


def test_what_no_font_draws_is_a_box_that_copies_as_the_character() -> None:
    record = a_record(*(an_entry(words) for words in NASTY[:-1]))
    with made(record) as pdf:
        text = text_of(pdf)
    assert "数据库连接池" in text
    assert "Ошибка оплаты: Ἀθῆναι, Žižka" in text
    assert re.search(r"\d+ characters that the fonts here lack are printed as boxes", text)


def test_markup_in_somebody_s_words_is_printed_as_it_is() -> None:
    with made(a_record(an_entry(NASTY[5]))) as pdf:
        text = text_of(pdf)
    for words in ("<b>bold</b> &", "<a href='#nowhere'>", "&amp;", "</para>"):
        assert words in text


def test_claims_and_sources_lead_to_each_other() -> None:
    record = the_checkout_record()
    with made(record) as pdf:
        pages = {page.page_obj.pageid: page for page in pdf.pages}
        line_page = next(p for p in pdf.pages if p.search(r"The rollback started at 14:21\."))
        word = line_page.search(r"S11\b")[0]
        there = _target(line_page, word, pages)
        assert there.search("“The rollback started at 14:21.”")
        back = _target(there, there.search(r"T11\b")[0], pages)
        assert back is line_page


def _target(page: Any, word: Any, pages: dict[int, Any]) -> Any:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    link = next(a for a in page.annots if a["x0"] <= x <= a["x1"] and a["top"] <= y <= a["bottom"])
    return pages[link["data"]["Dest"][0].objid]


def test_a_line_without_a_time_says_in_grey_when_it_was_said_and_is_linked_to() -> None:
    entry = an_entry(
        "We declare", anchor=Anchor.DECLARED, noticed_at=at("14:46:04"), sources=(a_source(),)
    )
    impact = an_entry("impact", occurred="14:02", anchor=Anchor.IMPACT_START)
    with made(a_record(impact, entry)) as pdf:
        front, timeline = pdf.pages[:2]
        said = timeline.search("said 14:46:04")[0]
        for char in said["chars"]:
            assert char["non_stroking_color"] == pytest.approx(SECONDARY.rgb(), abs=0.01)
        assert timeline.search(r"T2 not stated")
        pages = {page.page_obj.pageid: page for page in pdf.pages}
        cell = front.search("T2 has no stated")[-1]
        link = front.within_bbox((cell["x0"], cell["top"], cell["x0"] + 10, cell["bottom"]))
        assert link.extract_text() == "T2"
        assert _target(front, {**cell, "x1": cell["x0"] + 8}, pages) is timeline


def test_a_line_of_another_day_shows_it_in_its_row() -> None:
    record = a_record(
        an_entry("impact", occurred="14:02", anchor=Anchor.IMPACT_START),
        an_entry("fixed", occurred=at("00:10", day=13), precision=Precision.MINUTE),
    )
    with made(record) as pdf:
        lines = pdf.pages[1].extract_text().splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("T2 00:10"))
    assert lines[number + 1] == "2026-03-13"
    assert not any(
        line.startswith("2026-03-12") for line in lines[lines.index("2026-03-12") + 1 :]
    )


def test_bookmarks_lead_to_every_section() -> None:
    with made(the_checkout_record()) as pdf:
        titles = [title for _, title, *_ in pdf.doc.get_outlines()]
    assert titles == [
        "Summary", "Timeline", "Decisions", "Hypotheses", "Actions", "Method note", "Sources",
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "width"), [("A4", 595.3), ("Letter", 612.0)])
def test_paper_comes_in_two_sizes(size: PageSize, width: float) -> None:
    with made(the_checkout_record(), page_size=size) as pdf:
        assert {round(float(page.width), 1) for page in pdf.pages} == {width}


def test_another_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="A4 or Letter"):
        ReportOptions(MADE_AT, page_size="A5")  # type: ignore[arg-type]


def test_a_missing_font_is_a_clear_error_and_leaves_no_file(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts"
    shutil.copytree(FONTS, fonts)
    (fonts / "NotoSans-Bold.ttf").write_bytes(b"no font")
    target = tmp_path / "report.pdf"
    with pytest.raises(ExportError, match="NotoSans-Bold"):
        PdfReport(fonts).write(the_checkout_record(), target, options=OPTIONS)
    assert not target.exists()


def test_a_file_that_exists_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"mine")
    with pytest.raises(ExportError, match="exists already"):
        PdfReport(FONTS).write(the_checkout_record(), target, options=OPTIONS)
    assert target.read_bytes() == b"mine"
