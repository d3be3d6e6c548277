import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ExportError
from app.domain.timeline import Anchor, EntryKind
from drafting.markdown import MarkdownReport, markdown
from drafting.markdown_words import escaped
from drafting.outline import outline
from tests.builders import a_record, a_source, an_entry, an_incident, at
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record


def test_the_sections_stand_in_the_report_s_order() -> None:
    heads = re.findall(r"^## (.*)$", markdown(the_checkout_record(), OPTIONS), re.MULTILINE)
    assert heads == [
        "Summary", "Impact", "Timeline", "Decisions", "Mitigation attempts", "Hypotheses",
        "Contributing factors", "Learnings", "Actions", "Communications", "Close-out", "Review",
        "Sources", "Glossary", "Method note",
    ]  # fmt: skip


def test_every_line_of_the_report_is_in_it_in_order() -> None:
    record = the_checkout_record()
    text = markdown(record, OPTIONS)
    timeline = text[text.index("## Timeline") : text.index("## Decisions")]
    places = [timeline.index(escaped(row.text)) for row in outline(record, OPTIONS).timeline]
    assert places == sorted(places)
    assert len(places) == 24


def test_every_link_has_its_target() -> None:
    text = markdown(the_checkout_record(), OPTIONS)
    linked = set(re.findall(r"\]\(#([a-z0-9]+)\)", text))
    targets = re.findall(r'<a id="([a-z0-9]+)"></a>', text)
    assert linked
    assert linked <= set(targets)
    assert len(targets) == len(set(targets))


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    nasty = "a | b\n| c | d |\n```\n<script>alert(1)</script> [x](javascript:y) # *not* _it_"
    record = a_record(
        an_entry(nasty, occurred="14:02"),
        an_entry(nasty, kind=EntryKind.DECISION, owner_role=nasty),
        incident=an_incident(title=nasty, severity=nasty, owner=nasty),
    )
    text = markdown(record, OPTIONS)
    unescaped_bar = re.compile(r"(?<!\\)\|")
    for table in re.split(r"\n\n", text):
        lines = [line for line in table.splitlines() if line.startswith("|")]
        assert len({len(unescaped_bar.findall(line)) for line in lines}) <= 1
    assert "<script>" not in text
    assert len(text.splitlines()[0]) > len(nasty)


@given(st.text())
def test_no_text_opens_a_tag_a_table_cell_or_a_line(text: str) -> None:
    shown = escaped(text).replace("<br>", "")
    assert not re.search(r"(?<!\\)(\\\\)*[<>|*_`\[\]#]", shown)
    assert "\n" not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("- x", r"\- x"), ("1. x", r"1\. x"), ("12) x", r"12\) x"), ("a-b 1.5", "a-b 1.5")],
)
def test_words_that_look_like_a_list_stay_words(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_hypothesis_never_reads_as_a_fact() -> None:
    text = markdown(a_record(an_entry("Maybe the pool", kind=EntryKind.HYPOTHESIS)), OPTIONS)
    line = next(part for part in text.splitlines() if part.startswith('| <a id="t1">'))
    assert "H hypothesis" in line
    assert "*Maybe the pool*" in line
    assert "hypothesis, not confirmed" in line


def test_another_day_and_when_it_was_only_said_stand_in_the_time_s_column() -> None:
    text = markdown(
        a_record(
            an_entry("impact", occurred="14:02", anchor=Anchor.IMPACT_START),
            an_entry("fixed", occurred=at("00:10", day=13)),
            an_entry("wait", noticed_at=at("14:46:04"), sources=(a_source(),)),
        ),
        OPTIONS,
    )
    assert "| 14:02 |" in text
    assert "| 2026-03-13 00:10:00 |" in text
    assert "| time not stated<br>said 14:46:04 |" in text
    assert "Times without a date are of 2026-03-12." in text


def test_an_empty_record_says_so_in_every_section() -> None:
    text = markdown(a_record(sessions=(), tracks=()), OPTIONS)
    assert text.count("*The record holds no") == 11


def test_the_file_is_utf8_and_never_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    record = the_checkout_record(title="Оплата 支付 😀")
    MarkdownReport().write(record, path, options=OPTIONS)
    assert path.read_text("utf-8") == markdown(record, OPTIONS)
    assert path.read_text("utf-8").startswith("# Оплата 支付 😀\n")
    with pytest.raises(ExportError):
        MarkdownReport().write(record, path, options=OPTIONS)
