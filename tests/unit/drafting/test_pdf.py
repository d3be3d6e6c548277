"""A report as a PDF document."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import ExportError
from drafting.options import PageSize, ReportOptions
from drafting.pdf.document import PdfReport
from tests.builders import (
    a_record,
    an_entry,
)
from tests.unit.drafting.checkout import FONTS, MADE_AT, OPTIONS, the_checkout_record
from tests.unit.drafting.rendered import NASTY, made, text_of


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


def test_what_no_font_draws_is_a_box_that_copies_as_the_character() -> None:
    with made(a_record(an_entry("ระบบ checkout"))) as pdf:
        text = text_of(pdf)
    assert "ระบบ checkout" in text
    assert "4 characters that the fonts here lack are printed as boxes" in " ".join(text.split())


def test_markup_in_somebody_s_words_is_printed_as_it_is() -> None:
    with made(a_record(an_entry(NASTY[5]))) as pdf:
        text = text_of(pdf)
    for words in ("<b>bold</b> &", "<a href='#nowhere'>", "&amp;", "</para>"):
        assert words in text


def test_bookmarks_lead_to_every_section() -> None:
    with made(the_checkout_record()) as pdf:
        titles = [title for level, title, *_ in pdf.doc.get_outlines() if level == 1]
    assert titles == [
        "Summary", "Timeline", "Decisions", "Mitigation attempts", "Hypotheses", "Actions",
        "Close-out", "Review, 60 minutes", "Sources", "Glossary", "Method note",
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
