"""What holds on every page of every report."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drafting.pdf.document import PdfReport
from drafting.pdf.look import BOTTOM_MARGIN, MARGIN, TOP_MARGIN
from tests.builders import (
    a_record,
)
from tests.unit.drafting.checkout import FONTS, OPTIONS, ROOT, SHA256, the_checkout_record
from tests.unit.drafting.rendered import (
    FOOTER,
    ROUNDING,
    a_long_record,
    a_nasty_record,
    body_of,
    made,
)
from tests.unit.drafting.whole import (
    LONG_URL,
    LONG_WORD,
    SCRIPTS,
    a_record_in_words,
    a_record_of_many,
    the_whole_record,
)

EMBEDDED = r"[A-Z]{6}\+(NotoSans-\w+|DejaVuSans|NotoEmoji-Regular|DroidSansFallback)"
RECORDS = {
    "checkout": the_checkout_record,
    "empty": lambda: a_record(sessions=(), tracks=()),
    "nasty": a_nasty_record,
    "long": lambda: a_long_record(30),
    "whole": the_whole_record,
    "many": a_record_of_many,
    "scripts": lambda: a_record_in_words(SCRIPTS),
    "long words": lambda: a_record_in_words((LONG_WORD[:80], LONG_URL)),
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
            if annotation["uri"] is None:
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
    assert all(re.fullmatch(EMBEDDED, name) for name in names)


@pytest.mark.parametrize("record", [the_checkout_record, a_nasty_record])
def test_the_same_record_gives_the_same_bytes(record: Any) -> None:
    kept = record()
    assert PdfReport(FONTS).render(kept, OPTIONS) == PdfReport(FONTS).render(kept, OPTIONS)


def test_another_process_in_another_time_zone_gives_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from tests.unit.drafting.checkout import FONTS, OPTIONS, the_checkout_record;"
        "from drafting.pdf.document import PdfReport;"
        "PdfReport(FONTS).write(the_checkout_record(), Path(sys.argv[1]), options=OPTIONS)"
    )
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
        )
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
