"""How lines of the timeline look, and where they lead."""

import re

import pytest

from app.domain.timeline import Anchor, EntryKind
from app.domain.times import Precision
from drafting.options import Section
from drafting.outline import outline
from drafting.pdf.look import SECONDARY
from tests.builders import (
    a_record,
    a_source,
    an_entry,
    at,
)
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record
from tests.unit.drafting.rendered import made, target_of, text_of


def test_every_line_stands_in_order_with_its_badge_time_and_reference() -> None:
    record = the_checkout_record()
    report = outline(record, OPTIONS)
    others = frozenset(Section) - {Section.TIMELINE}
    with made(record, sections_left_out=others) as pdf:
        lines = text_of(pdf).splitlines()
    starts = [line for line in lines if re.match(r"T\d+ (\d|≈|not)", line)]
    assert len(starts) == len(report.timeline) == 24
    for line, row in zip(starts, report.timeline, strict=True):
        first_words = " ".join(row.text.split()[:4])
        assert line.startswith(f"{row.ref} {row.clock.utc if row.clock.day else 'not stated'}")
        assert f" {row.kind.letter} {first_words}" in line
        assert line.endswith(" ".join(row.sources))


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


def test_claims_and_sources_lead_to_each_other() -> None:
    record = the_checkout_record()
    with made(record) as pdf:
        pages = {page.page_obj.pageid: page for page in pdf.pages}
        line_page = next(p for p in pdf.pages if p.search(r"The rollback started at 14:21\."))
        word = line_page.search(r"S11\b")[0]
        there = target_of(line_page, word, pages)
        assert there.search("“The rollback started at 14:21.”")
        back = target_of(there, there.search(r"T11\b")[0], pages)
        assert back is line_page


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
        assert target_of(front, {**cell, "x1": cell["x0"] + 8}, pages) is timeline


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
