"""Evidence in the report: which lines name it, where it is listed, and what leads to it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import Evidence, EvidenceKind
from app.domain.ids import EvidenceId
from app.domain.record import Change, Record
from app.domain.redacting import MARK
from app.domain.timeline import EntryKind, HypothesisState
from drafting.markdown import markdown
from drafting.outline import outline
from tests.builders import a_record, a_segment, a_source, an_entry, an_operation, at
from tests.record_builders import SHA, an_evidence
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.outlined import method, report_of
from tests.unit.drafting.rendered import made, target_of, text_of

LOG = an_evidence(kind=EvidenceKind.LOG_QUERY, url=None, name="payment-api.log")
LONG_URL = (
    "https://grafana.example/d/abc123/checkout?orgId=1" + "&var-service=checkout" * 12 + "#the-end"
)


def a_link(url: str, **changes: Any) -> Evidence:
    return an_evidence(
        kind=EvidenceKind.DASHBOARD, url=url, file=None, sha256=None, captured_at=None, **changes
    )


DASHBOARD = a_link(LONG_URL, note="Pool in use")
LOOSE = a_link("https://status.example/42")


def the_proven_record() -> Record:
    """A guess that a log and a dashboard confirm, a decision on the log, a link of no entry."""
    return a_record(
        an_entry("Somebody saw it", occurred="14:01"),
        an_entry(
            "The pool was exhausted",
            kind=EntryKind.HYPOTHESIS,
            occurred="14:19",
            hypothesis_state=HypothesisState.CONFIRMED,
            evidence=(LOG.id, DASHBOARD.id),
        ),
        an_entry("Roll back", kind=EntryKind.DECISION, occurred="14:20", evidence=(LOG.id,)),
        evidence=(LOOSE, DASHBOARD, LOG),
    )


def test_evidence_is_numbered_as_the_lines_name_it_and_tells_which_do() -> None:
    report = outline(the_proven_record(), OPTIONS)
    assert [row.sources for row in report.timeline] == [(), ("E1", "E2"), ("E1",)]
    assert [row.sources for row in report.hypotheses] == [("E1", "E2")]
    assert [row.sources for row in report.decisions] == [("E1",)]
    assert [(row.ref, row.cited_by) for row in report.evidence] == [
        ("E1", ("T2", "T3", "D1")), ("E2", ("T2",)), ("E3", ()),
    ]  # fmt: skip


def test_evidence_stands_beside_what_was_said() -> None:
    entry = an_entry(sources=(a_source(a_segment()),), evidence=(LOG.id,))
    report = report_of(entry, evidence=(LOG,))
    assert report.timeline[0].sources == ("S1", "E1")


def test_a_row_tells_what_it_is_its_name_hash_and_when_it_was_taken() -> None:
    log, dashboard, _ = outline(the_proven_record(), OPTIONS).evidence
    assert (log.kind, log.name, log.sha256) == ("log query", "payment-api.log", SHA[:12])
    assert (log.url, log.captured) == ("", "2026-03-12 14:46 UTC")
    assert (dashboard.note, dashboard.address) == ("Pool in use", LONG_URL)
    assert (dashboard.sha256, dashboard.captured) == ("", "")


@given(st.permutations(range(3)))
def test_what_no_entry_names_stands_as_it_was_put_on_record(order: list[int]) -> None:
    links = [a_link(f"https://example.org/{letter}") for letter in "cba"]
    named = [
        replace(link, id=EvidenceId(f"{place:03d}"))
        for link, place in zip(links, order, strict=True)
    ]
    operations = tuple(
        an_operation(Change(None, link), at=at(f"14:5{n}")) for n, link in enumerate(named)
    )
    kept = tuple(sorted(named, key=lambda link: link.id))
    report = report_of(evidence=kept, operations=operations)
    assert [row.url[-1] for row in report.evidence] == ["c", "b", "a"]


def test_evidence_of_a_line_that_a_person_left_out_is_not_listed_and_the_note_says_so() -> None:
    left_out = an_entry(in_report=False, evidence=(LOG.id,))
    report = report_of(left_out, evidence=(LOG, LOOSE))
    assert [row.url for row in report.evidence] == [LOOSE.url]
    assert method(report)["Evidence"] == (
        "1 of 2 pieces listed under Sources. The others belong only to entries that are left out."
    )
    all_of_it = method(outline(the_proven_record(), OPTIONS))["Evidence"]
    assert all_of_it == "3 of 3 pieces listed under Sources."
    assert "Evidence" not in method(report_of())


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("HTTPS://example.org/a?b=%20&c=d#e", "HTTPS://example.org/a?b=%20&c=d#e"),
        ('https://example.org/"<ü|>', "https://example.org/%22%3C%C3%BC%7C%3E"),
        ("https://example.org/\ud800", ""),
        ("ftp://example.org/a", ""),
        ("javascript:alert(1)", ""),
        ("https://tom:secret@example.org", ""),
        (f"https://example.org/{MARK}", ""),
    ],
)
def test_only_a_whole_address_of_the_web_is_a_link(url: str, address: str) -> None:
    assert [row.address for row in report_of(evidence=(a_link(url),)).evidence] == [address]


def test_a_redacted_name_stays_redacted() -> None:
    proof = an_evidence(name=MARK, url=f"https://example.org/{MARK}", file="customer-7.png")
    record = a_record(an_entry(evidence=(proof.id,)), evidence=(proof,))
    with made(record) as pdf:
        texts = (text_of(pdf), markdown(record, OPTIONS).replace("\\", ""))
    for text in texts:
        assert f"{MARK}, SHA-256 {SHA[:12]}" in text
        assert "customer-7" not in text


def test_markdown_names_evidence_in_its_line_and_lists_it() -> None:
    lines = markdown(the_proven_record(), OPTIONS).splitlines()
    told = {line[: line.index("</a>")]: line for line in lines if line.startswith("| <a id=")}
    assert told['| <a id="t1">'].endswith("| none |")
    assert told['| <a id="t2">'].endswith("| [E1](#e1) [E2](#e2) |")
    assert told['| <a id="e1">'].endswith(
        f"| log query | payment-api.log, SHA-256 {SHA[:12]}… | 2026-03-12 14:46 UTC "
        "| [T2](#t2) [T3](#t3) [D1](#d1) |"
    )
    shown = LONG_URL.replace("&", "&amp;")
    assert r"Pool in use<br>[https\://grafana.example/" in told['| <a id="e2">']
    assert f"](<{shown}>) | time of capture not recorded |" in told['| <a id="e2">']
    assert told['| <a id="e3">'].endswith("| no entry |")
    assert "holds no sources" not in "\n".join(lines)


def test_an_address_opens_no_cell_of_a_markdown_table() -> None:
    link = a_link("https://example.org/a|b>c](<d)&lt;e")
    row = next(
        line
        for line in markdown(a_record(evidence=(link,)), OPTIONS).splitlines()
        if line.startswith('| <a id="e1">')
    )
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
    assert "](<https://example.org/a%7Cb%3Ec](%3Cd)&amp;lt;e>)" in row


def test_the_pages_show_evidence_and_its_long_address_can_be_followed_on_every_line() -> None:
    with made(the_proven_record()) as pdf:
        text = text_of(pdf)
        page = next(p for p in pdf.pages if p.search("payment-api.log"))
        live = [a for a in page.annots if a["uri"] == LONG_URL]
        lines = {round(link["top"]) for link in live}
        rest = {a["uri"] for p in pdf.pages for a in p.annots} - {None, LONG_URL}
    assert len(lines) > 3
    assert rest == {LOOSE.url}
    assert "The record holds no sources." not in text
    assert f"payment-api.log, SHA-256 {SHA[:12]}…" in text
    assert re.search(r"^T1 14:01.* none$", text, re.MULTILINE)
    assert re.search(r"^T2 14:19.* E1 E2$", text, re.MULTILINE)


def test_claims_and_evidence_lead_to_each_other() -> None:
    with made(the_proven_record()) as pdf:
        pages = {page.page_obj.pageid: page for page in pdf.pages}
        line_page = next(p for p in pdf.pages if p.search(r"T2 14:19"))
        there = target_of(line_page, line_page.search(r"E1\b")[0], pages)
        row = there.search(r"E1 log query")[0]
        cited = next(w for w in there.search(r"T2\b") if w["top"] >= row["top"] - 2)
        assert target_of(there, cited, pages) is line_page


def test_a_number_of_three_figures_stands_on_one_line() -> None:
    things = tuple(a_link(f"https://example.org/{n}") for n in range(100))
    with made(a_record(evidence=things)) as pdf:
        assert re.search(r"^E100 dashboard", text_of(pdf), re.MULTILINE)
