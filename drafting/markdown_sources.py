"""What the lines of a Markdown report rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.markdown_words import escaped, links, table, target, web_link
from drafting.wording import EVIDENCE, captured_words, file_words, place_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafting.report import EvidenceRow, Report, SourceRow


def sources(report: Report) -> str:
    """Return the cited excerpts, then the evidence; empty where there is neither."""
    evidence = _evidence_rows(report.evidence)
    tables = (_source_rows(report.sources), f"### {EVIDENCE}\n\n{evidence}" if evidence else "")
    return "\n\n".join(part for part in tables if part)


def _source_rows(rows: Sequence[SourceRow]) -> str:
    return table(
        ("", "Where", "Who", "Words", "Cited in"),
        [
            (
                target(row.ref),
                escaped(place_of(row)),
                escaped(row.speaker or f"{row.track} track, voice not told apart"),
                escaped(words_of(row)),
                links(row.cited_by),
            )
            for row in rows
        ],
    )


def _evidence_rows(rows: Sequence[EvidenceRow]) -> str:
    return table(
        ("", "Kind", "What", "Captured", "Cited in"),
        [
            (
                target(row.ref),
                row.kind,
                "<br>".join(_evidence_words(row)),
                captured_words(row),
                links(row.cited_by) or "no entry",
            )
            for row in rows
        ],
    )


def _evidence_words(row: EvidenceRow) -> list[str]:
    url = web_link(row.url, row.address) if row.address else escaped(row.url)
    return [words for words in (escaped(row.note), escaped(file_words(row)), url) if words]
