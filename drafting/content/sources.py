"""What a document rests on: cited excerpts, evidence and its pictures, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Bullets, Clip, Figure, Heading, Table, WebLink, Words
from drafting.content.lines import absent, links, plain, stacked, target
from drafting.wording import EVIDENCE, captured_words, file_words, place_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drafting.content.blocks import Block, Line
    from drafting.report import EvidenceRow, Report, SourceRow


def sources(report: Report) -> Iterator[Block]:
    """Yield the cited excerpts, then the evidence; nothing where there is neither."""
    if report.sources:
        yield _excerpts(report.sources)
    if report.evidence:
        yield Heading(3, EVIDENCE)
        yield _evidence(report.evidence)
        yield from (Figure(row.ref, _caption(row)) for row in report.evidence)


def _excerpts(rows: Sequence[SourceRow]) -> Table:
    return Table(
        ("", "Where", "Who", "Words", "Cited in"),
        tuple(
            (
                target(row.ref),
                plain(place_of(row)),
                plain(row.speaker or f"{row.track} track, voice not told apart"),
                _words(row),
                links(row.cited_by),
            )
            for row in rows
        ),
        (2, 7, 4, 10, 3),
    )


def _words(row: SourceRow) -> Line:
    heard: Line = (Words(" "), Clip(row.ref)) if row.audio is not None else ()
    return (*plain(words_of(row)), *heard)


def _evidence(rows: Sequence[EvidenceRow]) -> Table:
    return Table(
        ("", "Kind", "What", "Captured", "Cited in"),
        tuple(
            (
                target(row.ref),
                plain(row.kind),
                stacked((plain(row.note), plain(file_words(row)), _link(row))),
                plain(captured_words(row)),
                links(row.cited_by) or plain("no entry"),
            )
            for row in rows
        ),
        (2, 4, 12, 5, 3),
    )


def _link(row: EvidenceRow) -> Line:
    return (WebLink(row.url, row.address),) if row.address else plain(row.url)


def _caption(row: EvidenceRow) -> str:
    return ": ".join(part for part in (row.ref, row.note or row.name or row.kind) if part)


def method(report: Report) -> Iterator[Block]:
    """Yield how the report came about, and the recordings that it rests on."""
    if report.method.points:
        yield Bullets(
            tuple(
                (Words(label, strong=True), Words(f": {words}"))
                for label, words in report.method.points
            )
        )
    if not report.method.recordings:
        yield absent("The record holds no recordings.")
        return
    yield Table(
        ("Session", "Track", "Began", "Length", "From", "Without audio"),
        tuple(
            (
                plain(row.session),
                plain(row.track),
                plain(row.started),
                plain(row.length),
                plain(row.source),
                stacked(plain(gap) for gap in row.gaps) or plain("no gaps"),
            )
            for row in report.method.recordings
        ),
        (3, 2, 4, 3, 4, 4),
    )
