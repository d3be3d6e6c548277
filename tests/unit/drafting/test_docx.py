import io
import itertools
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from app.domain.record import Record
from drafting.docx.document import DocxReport
from drafting.options import Section
from drafting.outline import outline
from tests.builders import a_record, an_entry, an_incident
from tests.lacking import skip_for
from tests.unit.drafting.checkout import MADE_AT, OPTIONS, the_checkout_record
from tests.unit.drafting.full_shelf import FullShelf
from tests.unit.drafting.rendered import a_long_record, a_nasty_record
from tests.unit.drafting.whole import the_whole_record


def content_of(record: Record, **options: Any) -> bytes:
    return DocxReport(FullShelf()).render(record, replace(OPTIONS, **options))


def read(record: Record, **options: Any) -> Document:
    return docx.Document(io.BytesIO(content_of(record, **options)))


def words_of(document: Document) -> str:
    return "\n".join(
        "".join(piece.text or "" for piece in each.iter(qn("w:t")))
        for each in document.element.body.iter(qn("w:p"))
    )


def test_headings_are_real_and_stand_in_the_report_s_order() -> None:
    document = read(the_whole_record())
    title, *heads = [
        p.text for p in document.paragraphs if p.style and p.style.name in {"Title", "Heading 1"}
    ]
    assert title == the_whole_record().incident.title
    assert heads == [
        "Summary", "Impact", "Timeline", "Decisions", "Mitigation attempts", "Hypotheses",
        "Contributing factors", "Learnings", "Actions", "Communications", "Close-out", "Review",
        "Sources", "Glossary", "Method note",
    ]  # fmt: skip


def test_a_section_that_is_left_out_is_not_there() -> None:
    document = read(the_whole_record(), sections_left_out=frozenset({Section.TIMELINE}))
    heads = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert "Timeline" not in heads
    assert "Decisions" in heads


def test_the_timeline_is_a_table_with_the_report_s_lines_in_order() -> None:
    record = the_checkout_record()
    document = read(record)
    table = next(t for t in document.tables if "Event" in [c.text for c in t.rows[0].cells])
    texts = [row.cells[-3].text for row in table.rows[1:]]
    rows = outline(record, OPTIONS).timeline
    assert len(texts) == len(rows) == 24
    assert all(text.startswith(row.text) for text, row in zip(texts, rows, strict=True))


def test_heads_of_tables_repeat_and_no_row_splits() -> None:
    for table in read(the_whole_record()).element.body.iter(qn("w:tbl")):
        rows = list(table.iter(qn("w:tr")))
        heads = [
            row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        ]
        assert heads == rows[:1]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_no_two_tables_touch_since_word_would_make_one_of_them() -> None:
    body = read(the_whole_record()).element.body
    tags = [child.tag for child in body]
    assert all(pair != (qn("w:tbl"),) * 2 for pair in itertools.pairwise(tags))


def test_every_link_leads_to_a_bookmark() -> None:
    body = read(the_whole_record()).element.body
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    led_to = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert len(marks) == len(set(marks))
    assert led_to
    assert led_to <= set(marks)


def test_a_web_link_keeps_its_address() -> None:
    document = read(the_checkout_record())
    targets = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert targets == ["https://grafana.example/d/1"]


def test_the_properties_say_what_it_is_and_when_it_was_made() -> None:
    about = read(the_checkout_record()).core_properties
    assert about.title == "Checkout errors"
    assert about.subject == "Incident inc-a"
    assert about.author == "Hotwash"
    assert about.created == about.modified == MADE_AT


def test_pictures_are_shown_with_words_for_those_who_do_not_see_them() -> None:
    document = read(the_checkout_record())
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr", "").startswith("E1: ")
    assert shape.width == 300 * 914_400 // 72


def test_the_same_record_gives_the_same_bytes_whenever_it_is_written() -> None:
    content = content_of(the_whole_record())
    assert content == content_of(the_whole_record())
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("paper", "width_mm"), [("A4", 210.0), ("Letter", 215.9)])
def test_the_paper_is_the_chosen_one(paper: str, width_mm: float) -> None:
    width = read(the_checkout_record(), page_size=paper).sections[0].page_width
    assert width is not None
    assert width.mm == pytest.approx(width_mm, abs=0.1)


def test_hostile_words_and_other_scripts_stay_words() -> None:
    nasty = "<w:p/>&amp; \x00\x0b\ud800\u202etxt\r\nline"
    words = words_of(read(a_record(an_entry(nasty), incident=an_incident(title=nasty))))
    assert "<w:p/>&amp; \ufffd\ufffd\ufffdtxt" in words
    told = words_of(read(a_nasty_record()))
    assert "数据库连接池已耗尽" in told
    assert "فشل الدفع بعد النشر" in told


def test_words_from_right_to_left_are_marked_as_such() -> None:
    body = read(a_record(an_entry("فشل الدفع"), an_entry("paid"))).element.body
    marked = [
        "".join(piece.text or "" for piece in p.iter(qn("w:t")))
        for p in body.iter(qn("w:p"))
        if p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    ]
    assert marked == ["فشل الدفع"]


@pytest.mark.prove
def test_libreoffice_keeps_every_table(tmp_path: Path) -> None:
    for name, record in (("whole", the_whole_record()), ("long", a_long_record(500))):
        (tmp_path / f"{name}.docx").write_bytes(content_of(record))
        page = converted(tmp_path / f"{name}.docx", "html").read_text("utf-8")
        document = read(record)
        rows = sum(len(table._tbl.tr_lst) for table in document.tables)
        assert len(re.findall(r"<table\b", page)) == len(document.tables)
        assert len(re.findall(r"<tr\b", page)) == rows


def converted(path: Path, to: str, *options: str) -> Path:
    """Have LibreOffice convert a file, and return the new one beside it."""
    office = shutil.which("soffice")
    if office is None:
        skip_for("there is no LibreOffice here (apt-get install libreoffice-writer-nogui)")
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    subprocess.run(
        [
            office,
            "--headless",
            profile,
            *options,
            "--convert-to",
            to,
            "--outdir",
            path.parent,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=150,
    )
    return path.with_suffix(f".{to}")
