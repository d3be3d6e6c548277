"""What the report rests on: cited excerpts, evidence, terms, and how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.evidence_table import evidence_table
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Row
from drafting.pdf.talk_bars import TalkBar
from drafting.wording import EVIDENCE, place_of, words_of

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from drafting.pdf.rows_table import Cell
    from drafting.pdf.setting import Setting
    from drafting.report import RecordingRow, Report, SourceRow
    from drafting.report_conduct import TalkRow

SOURCES = (
    Column("", 34),
    Column("WHERE AND WHO", 184),
    Column("WORDS"),
    Column("CITED IN", 58),
)
GLOSSARY = (Column("TERM", 150), Column("WHAT IT MEANS HERE"))
METHOD = (Column("ABOUT", 92), Column("HOW"))
RECORDINGS = (
    Column("SESSION", 58),
    Column("TRACK", 48),
    Column("BEGAN", 106),
    Column("LENGTH", 58),
    Column("FROM"),
    Column("WITHOUT AUDIO", 132),
)
TALK = (Column("ROLE", 150), Column("SPOKE", 62), Column("OF ALL THAT KNOWN VOICES SAID"))
ONLY_CITED = "Cited excerpts only; the words are those that stood when they were cited."


def sources(report: Report, setting: Setting) -> list[Flowable]:
    """Return excerpts and evidence."""
    excerpts = setting.table(SOURCES, [_source(row, setting) for row in report.sources])
    evidence = evidence_table(report.evidence, setting)
    if excerpts is None:
        intro = (Paragraph(EVIDENCE, look.SUBHEADING),)
        return setting.section("Sources", Section.SOURCES, evidence, intro=intro)
    intro = (Paragraph(ONLY_CITED, look.NOTE),)
    return [
        *setting.section("Sources", Section.SOURCES, excerpts, intro=intro),
        *setting.subsection(EVIDENCE, evidence),
    ]


def _source(row: SourceRow, setting: Setting) -> Row:
    who = row.speaker or f"{row.track} track, voice not told apart"
    return Row(
        (
            (Paragraph(row.ref, look.CELL_BOLD),),
            (setting.text(place_of(row), look.NOTE), setting.text(who, look.NOTE)),
            (setting.text(words_of(row), look.CELL if row.quote.strip() else look.CELL_PALE),),
            setting.refs(row.cited_by),
        ),
        name=row.ref,
    )


def glossary(report: Report, setting: Setting) -> list[Flowable]:
    """Return the terms."""
    rows = [
        Row(((setting.text(term.text, look.CELL_BOLD),), (setting.text(term.kind),)))
        for term in report.glossary
    ]
    return setting.section("Glossary", Section.GLOSSARY, setting.table(GLOSSARY, rows))


def method(report: Report, setting: Setting) -> list[Flowable]:
    """Return how the report came about; to be made last, for it counts unprintable characters."""
    types = setting.types
    points = [(label, types.markup(words)) for label, words in report.method.points]
    if report.record_sha256:
        points.append(("Record", f"SHA-256 {report.record_sha256}"))
    if types.boxes:
        boxes = f"{types.boxes} characters that the fonts here lack are printed as boxes."
        points.append(("Characters", boxes))
    rows = [
        Row(((Paragraph(label, look.CELL_BOLD),), (Paragraph(words, look.CELL),)))
        for label, words in points
    ]
    recordings = [_recording(row, setting) for row in report.method.recordings]
    talk = [_talk(row, setting) for row in report.conduct.talk]
    return [
        *setting.section("Method note", Section.METHOD, setting.table(METHOD, rows)),
        *(
            setting.subsection("Recordings", setting.table(RECORDINGS, recordings))
            or [Paragraph("The record holds no recordings.", look.EMPTY)]
        ),
        *setting.subsection("Talk time", setting.table(TALK, talk)),
    ]


def _recording(row: RecordingRow, setting: Setting) -> Row:
    gaps: Cell = tuple(Paragraph(gap, look.NOTE) for gap in row.gaps)
    return Row(
        (
            (Paragraph(row.session, look.CELL),),
            (Paragraph(row.track, look.CELL),),
            (Paragraph(row.started, look.CELL),),
            (Paragraph(row.length, look.CELL),),
            (setting.text(row.source),),
            gaps or (Paragraph("no gaps", look.CELL_PALE),),
        )
    )


def _talk(row: TalkRow, setting: Setting) -> Row:
    return Row(
        (
            (setting.text(row.who),),
            (Paragraph(row.length, look.CELL),),
            (TalkBar(row.share),),
        )
    )
