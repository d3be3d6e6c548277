"""Reports as PDF, and how their pages are read."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pdfplumber

from app.domain.record import Record
from app.domain.timeline import Anchor, EntryKind
from app.domain.times import Precision
from drafting.pdf.document import PdfReport
from drafting.pdf.look import BOTTOM_MARGIN, TOP_MARGIN
from tests.builders import (
    START,
    a_record,
    a_segment,
    a_source,
    an_action,
    an_entry,
    an_incident,
)
from tests.record_builders import an_evidence
from tests.unit.drafting.checkout import FONTS, OPTIONS

FOOTER = re.compile(r"page (\d+) of (\d+)$")
ROUNDING = 0.1


def made(record: Record, **options: Any) -> Any:
    content = PdfReport(FONTS).render(record, replace(OPTIONS, **options))
    return pdfplumber.open(BytesIO(content))


def text_of(pdf: Any) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def target_of(page: Any, word: Any, pages: dict[int, Any]) -> Any:
    """Return the page that a word's link leads to; ``pages`` are all by their object's number."""
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    link = next(a for a in page.annots if a["x0"] <= x <= a["x1"] and a["top"] <= y <= a["bottom"])
    return pages[link["data"]["Dest"][0].objid]


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
    evidence = tuple(an_evidence(url=words, name=words, note=words) for words in NASTY)
    proofs = tuple(proof.id for proof in evidence)
    anchored = an_entry(NASTY[0], occurred="14:00", anchor=Anchor.IMPACT_START, evidence=proofs)
    return a_record(
        anchored,
        *entries,
        incident=an_incident(
            title="支付 \x00\ud800 " + "Donaudampfschifffahrtselektrizitäten" * 5,
            severity="重大 " + "S" * 90,
            owner="منى",
            classification="c" * 200,
        ),
        evidence=evidence,
        actions=(an_action("B" * 300, owner="C" * 100, verification_plan="D" * 200),),
    )
