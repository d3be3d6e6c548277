"""How fast the PDF is made, beside plain ReportLab with the same tables, and how much it holds.

Times are the processor's: one thread does all of it, and others' load does not count.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from app.domain.timeline import EntryKind
from app.domain.times import Precision
from tests.bench.figures import Figure
from tests.bench.peak import peak_bytes
from tests.builders import START, a_record, a_segment, a_source, an_entry
from tests.unit.drafting.checkout import FONTS, OPTIONS, the_checkout_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.record import Record
    from drafting.report import Report

ROWS, ROWS_QUICK = 2_940, 294  # 500 pages, 50
RATIO_BAR, DEMO_BAR_S, MEMORY_BAR_MB = 0.8, 0.5, 300
ROWS_A_TABLE = 40  # in one plain table: with more of them ReportLab is slower
TIMES = ROUNDS = 3
WIDTHS = (32, 62, 52, 22, 190, 82, 44)
WORDS = (
    "Event number {} was seen on the dashboards of checkout while operations compared the error "
    "rate in eu-west with that of the release before."
)


def measure(*, quick: bool = False) -> list[Figure]:
    """Time the stress report and the checkout incident; the memory is a process's of its own."""
    rows = ROWS_QUICK if quick else ROWS
    ours, plain, pages = _speeds(a_stress_record(rows))
    held = subprocess.run(
        [sys.executable, "-m", "tests.bench.report", str(rows)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    held_mb = json.loads(held.stdout)["held_mb"]
    demo_s = _checkout_s()
    ratio = ours / plain
    return [
        Figure(
            f"report_{pages}_pages",
            round(ours, 1),
            "pages/s",
            round(plain, 1),
            round(ratio, 3),
            # Most of a short report is what each begins with: the bar is for the long one.
            None if quick else f"at least {RATIO_BAR} of plain ReportLab",
            ok=None if quick else ratio >= RATIO_BAR,
        ),
        Figure(
            f"report_{pages}_pages_memory",
            held_mb,
            "MB",
            bar=f"at most {MEMORY_BAR_MB} MB, record and libraries included",
            ok=held_mb <= MEMORY_BAR_MB,
        ),
        Figure(
            "report_of_the_checkout_incident",
            round(demo_s, 3),
            "s",
            bar=f"at most {DEMO_BAR_S} s",
            ok=demo_s <= DEMO_BAR_S,
        ),
    ]


def a_stress_record(rows: int) -> Record:
    """Return an incident of very many lines, each citing words of its own."""
    kinds = list(EntryKind)
    entries = []
    for number in range(rows):
        said = a_segment(WORDS.format(number), number * 1_000, number * 1_000 + 900)
        entries.append(
            an_entry(
                WORDS.format(number),
                kind=kinds[number % len(kinds)],
                occurred=START + timedelta(minutes=number),
                precision=Precision.MINUTE,
                owner_role="operations lead",
                sources=(a_source(said),),
            )
        )
    return a_record(*entries)


def _speeds(record: Record) -> tuple[float, float, int]:
    """Return pages per second of ours and of plain ReportLab, and how many pages ours has."""
    import pypdfium2  # noqa: PLC0415  for this alone

    from drafting.outline import outline  # noqa: PLC0415
    from drafting.pdf.document import PdfReport  # noqa: PLC0415

    report = outline(record, OPTIONS)
    PdfReport(FONTS).render(a_stress_record(len(EntryKind)), OPTIONS)  # imports, reads fonts
    ours_s, plain_s = list[float](), list[float]()
    for _ in range(ROUNDS):  # in turn, and the fastest of each: other work slows them unevenly
        began = time.process_time()
        content = PdfReport(FONTS).render(record, OPTIONS)
        ours_s.append(time.process_time() - began)
        began = time.process_time()
        plain = plain_pdf(report)
        plain_s.append(time.process_time() - began)
    pages, plain_pages = len(pypdfium2.PdfDocument(content)), len(pypdfium2.PdfDocument(plain))
    return pages / min(ours_s), plain_pages / min(plain_s), pages


def plain_pdf(report: Report) -> bytes:
    """Return the same tables as ReportLab's own: timeline, hypotheses, decisions, excerpts."""
    from reportlab.lib.pagesizes import A4  # noqa: PLC0415
    from reportlab.platypus import SimpleDocTemplate  # noqa: PLC0415

    from drafting.pdf.fonts import Typesetter  # noqa: PLC0415

    Typesetter(FONTS)  # registers the fonts
    timeline = [
        (r.ref, r.clock.utc, r.delta, r.kind.letter, r.text, r.role, " ".join(r.sources))
        for r in report.timeline
    ]
    hypotheses = [(r.ref, r.text, r.state, " ".join(r.sources)) for r in report.hypotheses]
    decisions = [(r.ref, r.clock.utc, r.decision, r.line) for r in report.decisions]
    excerpts = [(r.ref, r.clock, r.quote, " ".join(r.cited_by)) for r in report.sources]
    story = [
        *_tables(timeline, WIDTHS),
        *_tables(decisions, (32, 62, 340, 50)),
        *_tables(hypotheses, (32, 260, 130, 60)),
        *_tables(excerpts, (34, 184, 208, 58)),
    ]
    target = BytesIO()
    SimpleDocTemplate(target, pagesize=A4).build(story)
    return target.getvalue()


def _tables(rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]) -> list[Any]:
    from reportlab.platypus import Paragraph, Table  # noqa: PLC0415

    from drafting.pdf import look  # noqa: PLC0415

    rule = [("LINEBELOW", (0, 0), (-1, -1), 0.5, look.LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    tables = []
    for start in range(0, len(rows), ROWS_A_TABLE):
        cells = [
            [Paragraph(escape(words), look.CELL) for words in row]
            for row in rows[start : start + ROWS_A_TABLE]
        ]
        heads = [Paragraph("HEAD", look.HEAD) for _ in widths]
        tables.append(Table([heads, *cells], colWidths=widths, repeatRows=1, style=rule))
    return tables


def _checkout_s() -> float:
    from drafting.pdf.document import PdfReport  # noqa: PLC0415

    record, taken = the_checkout_record(), list[float]()
    for _ in range(TIMES):
        began = time.process_time()
        PdfReport(FONTS).render(record, OPTIONS)
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def main(arguments: list[str]) -> None:
    """Make the stress report once and tell how much memory the process held at most."""
    from drafting.pdf.document import PdfReport  # noqa: PLC0415

    PdfReport(FONTS).render(a_stress_record(int(arguments[0])), OPTIONS)
    print(json.dumps({"held_mb": round(peak_bytes() / 1_000_000)}))


if __name__ == "__main__":
    main(sys.argv[1:])
