"""The PDF's parts after the timeline, what can be left out of it, and what makes it final."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pdfminer.pdftypes import resolve1

from app.domain.incident import IncidentTrack
from drafting.options import Section
from drafting.pdf.document import PdfReport
from drafting.pdf.look import BOTTOM_MARGIN, MARGIN, TOP_MARGIN
from tests.builders import a_record, an_entry, an_incident
from tests.lacking import skip_for
from tests.unit.drafting.checkout import FONTS, MADE_AT, OPTIONS, SHA256
from tests.unit.drafting.rendered import ROUNDING, body_of, made, target_of, text_of
from tests.unit.drafting.whole import LONG_URL, a_record_in_words, the_whole_record

MANIFEST = "0b5e" * 16
HEADING_SIZE = 13.5


@pytest.fixture(scope="module")
def pdf() -> Iterator[Any]:
    with made(the_whole_record()) as document:
        yield document


def only(*sections: Section) -> dict[str, Any]:
    return {"sections_left_out": frozenset(Section) - set(sections)}


def page_with(pdf: Any, words: str) -> Any:
    return next(page for page in pdf.pages if page.search(words, regex=False))


def test_every_part_has_its_heading_in_order(pdf: Any) -> None:
    titles = [title for level, title, *_ in pdf.doc.get_outlines() if level == 1]
    assert titles == [
        "Summary", "Impact", "Timeline", "Decisions", "Mitigation attempts", "Hypotheses",
        "Contributing factors", "What we learned", "Actions", "Communications", "Close-out",
        "Review, 60 minutes", "Sources", "Glossary", "Method note",
    ]  # fmt: skip
    text = " ".join(text_of(pdf).split())
    for words in (
        "breached by 4.8 min", "assuming: as many", "SEV2",
        "candidate, not", "How did it fill?", "not answered", "Not confirmed",
        "Whether retries filled it faster", "Where we were lucky", "jira OPS-412", "12 min late",
        "by Marcus: there is none", "facilitator", "Ground rules", "Handovers",
        "Nothing watched the pool", "APPROVED BY", "EU tenants",
    ):  # fmt: skip
        assert words in text


def test_a_factor_and_what_proves_it_lead_to_each_other(pdf: Any) -> None:
    pages = {page.page_obj.pageid: page for page in pdf.pages}
    here = page_with(pdf, "The pool held one connection per request")
    row = here.search("The pool held one connection per request", regex=False)[0]
    line = here.crop((0, row["top"] - 2, here.width, row["bottom"] + 2))
    proof = re.search(r"E\d+", line.extract_text())
    assert proof is not None
    there = target_of(here, line.search(proof[0])[0], pages)
    evidence = there.search("Connections in use")[0]
    back = there.crop((0, evidence["top"] - 2, there.width, evidence["bottom"] + 2))
    assert target_of(there, back.search(r"F1\b")[0], pages) is here


def test_a_chip_of_the_factor_grid_leads_to_its_factor(pdf: Any) -> None:
    pages = {page.page_obj.pageid: page for page in pdf.pages}
    page = page_with(pdf, "Filled: confirmed.")
    chip = page.search(r"\bF2\b")[0]
    assert target_of(page, chip, pages).search("No alert watched the pool")


def test_the_review_page_gives_room_for_notes(pdf: Any) -> None:
    page = page_with(pdf, "Questions, pinned to lines")
    notes = page.search(r"\bNotes\b")[0]
    ruled = [line for line in page.lines if line["top"] > notes["bottom"]]
    assert len(ruled) >= 3
    assert max(line["bottom"] for line in ruled) <= page.height - BOTTOM_MARGIN + 1


def test_no_heading_stands_alone_at_the_foot_of_a_page(pdf: Any) -> None:
    for page in pdf.pages[1:]:
        for char in page.chars:
            if char["size"] > HEADING_SIZE:
                below = page.crop(
                    (0, char["bottom"] + 3, page.width, page.height - BOTTOM_MARGIN + 1)
                )
                assert below.extract_text().strip()


def test_every_part_fits_the_other_paper_as_well() -> None:
    with made(the_whole_record(), page_size="Letter") as pdf:
        for page in pdf.pages:
            assert min(char["x0"] for char in page.chars) >= MARGIN - ROUNDING
            assert max(char["x1"] for char in page.chars) <= page.width - MARGIN + ROUNDING


def test_the_first_page_holds_all_of_its_parts_however_long_their_words_are() -> None:
    with made(a_record_in_words((LONG_URL, "W" * 300))) as pdf:
        front = pdf.pages[0].extract_text()
        assert "SHA-256 over record" in front
        assert pdf.pages[1].search("Impact")[0]["top"] < TOP_MARGIN + 40


def test_the_first_page_prints_the_hash_that_it_was_given() -> None:
    for in_pack, over in (
        (True, "manifest of the evidence pack"),
        (False, "record, evidence and"),
    ):
        with made(a_record(), manifest_hash=MANIFEST, in_pack=in_pack, **only()) as pdf:
            front = pdf.pages[0].extract_text()
        assert f"SHA-256 over {over}" in front
        assert MANIFEST in front
        assert SHA256[:12] not in front


def test_a_final_document_bears_a_name_and_no_stamp() -> None:
    with made(the_whole_record(), final_by="Marcus", **only(Section.DECISIONS)) as pdf:
        text = text_of(pdf)
        assert pdf.metadata["Title"] == "Postmortem: Checkout errors"
    assert "Marcus" in text
    assert "DRAFT" not in text
    assert "Draft" not in text


def test_sections_that_are_left_out_are_counted_and_nothing_leads_to_them() -> None:
    others = only(Section.DECISIONS, Section.ACTIONS)
    with made(the_whole_record(), **others) as pdf:
        titles = [title for level, title, *_ in pdf.doc.get_outlines() if level == 1]
        words = " ".join(pdf.pages[0].extract_text().split())
        leads = {a["data"]["Dest"][0].objid for page in pdf.pages for a in page.annots
                 if a["uri"] is None}  # fmt: skip
        assert leads <= {page.page_obj.pageid for page in pdf.pages}
    assert titles == ["Summary", "Decisions", "Actions"]
    assert "Left out by choice: 12 sections (impact, timeline, mitigations" in words


def test_entries_that_are_left_out_are_counted_and_their_words_are_nowhere() -> None:
    kept, gone = (
        an_entry("We saw errors", occurred="14:02"),
        an_entry("A secret", occurred="14:03"),
    )
    with made(a_record(kept, gone), entries_left_out=frozenset({gone.id})) as pdf:
        text = " ".join(text_of(pdf).split())
    assert "Left out by choice: 1 timeline entry." in text
    assert "A secret" not in text
    assert "1 of 2 timeline entries are printed; 1 left out by a person." in text


def test_an_incident_of_the_security_track_goes_by_its_codename() -> None:
    secret = an_incident(
        title="Keys were stolen", codename="Blue Heron", track=IncidentTrack.SECURITY
    )
    with made(a_record(incident=secret), **only()) as pdf:
        text = text_of(pdf)
        assert pdf.metadata["Title"] == "Postmortem (draft): Blue Heron"
    assert "Blue Heron" in text
    assert "stolen" not in text


def test_text_extraction_gives_every_entry_s_words_in_order() -> None:
    record = the_whole_record()
    content = PdfReport(FONTS).render(record, OPTIONS)
    pages = pypdfium2.PdfDocument(content)
    text = " ".join(" ".join(p.get_textpage().get_text_range().split()) for p in pages)
    place = text.index("Timeline")
    ordered = sorted(
        (e for e in record.entries if e.in_report and e.occurred_at), key=lambda e: e.occurred_at
    )
    for entry in ordered:
        words = " ".join(entry.text.split())
        found = re.search(r"\s".join(map(re.escape, words.split())), text[place:])
        assert found is not None, words


def test_qpdf_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    if shutil.which("qpdf") is None:
        skip_for("qpdf is not there")
    path = tmp_path / "report.pdf"
    PdfReport(FONTS).write(the_whole_record(), path, options=OPTIONS)
    checked = subprocess.run(
        ["qpdf", "--check", path], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "WARNING" not in checked.stdout + checked.stderr


def test_the_document_tells_its_language_its_title_and_its_clock(pdf: Any) -> None:
    catalog = pdf.doc.catalog
    assert catalog["Lang"] == b"en"
    assert str(resolve1(catalog["ViewerPreferences"])["DisplayDocTitle"]) == "True"
    assert f"{MADE_AT:%Y%m%d%H%M%S}" in pdf.metadata["CreationDate"]
    assert body_of(pdf.pages[0])
