"""The sections after the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import CondPageBreak, PageBreak, Paragraph, Spacer

from drafting.pdf import look
from drafting.pdf.cells import clock_cell, links, value_or_missing
from drafting.pdf.evidence_table import evidence_table
from drafting.pdf.fonts import ITALIC
from drafting.pdf.moves_table import moves_table
from drafting.pdf.pages import Gap, Heading
from drafting.pdf.rows_table import Column, Row, RowsTable
from drafting.pdf.timeline_table import Legend, timeline_table
from drafting.wording import EVIDENCE, MOVES, place_of, shortened, words_of

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from drafting.pdf.fonts import Typesetter
    from drafting.report import ActionRow, DecisionRow, HypothesisRow, Report, SourceRow

HEADING_ROOM = look.HEADING.leading + 34.0
SECTION_GAP = 22.0
EXCERPT = 300  # characters of a hypothesis; the whole of it stands in the timeline


class Sections:
    """Makes the sections of one report for a page of one size (points)."""

    def __init__(
        self, report: Report, types: Typesetter, *, width: float, page_height: float
    ) -> None:
        self._report = report
        self._types = types
        self._width = width
        self._page_height = page_height

    def all(self) -> list[Flowable]:
        """Return everything after the first page; the timeline begins on a page of its own."""
        sources = self._sources()  # before the method note, which counts unprintable characters
        return [
            PageBreak(),
            *self._timeline(),
            *self._moves(),
            *self._decisions(),
            *self._hypotheses(),
            *self._actions(),
            *self._method(),
            *sources,
        ]

    def _timeline(self) -> list[Flowable]:
        report = self._report
        words = "Times are UTC" + (
            f"; in grey below, {self._types.markup(report.zone)}." if report.zone else "."
        )
        if report.delta_from:
            words += f" Δ counts from {report.delta_from}."
        if any(row.clock.dated for row in report.timeline):
            words += f" Times without a date are of {report.main_day}."
        table = timeline_table(report, self._types, self._page_height) if report.timeline else None
        return self._section(
            "Timeline",
            "timeline",
            table,
            intro=(Paragraph(words, look.NOTE), Spacer(0, 4), Legend()),
            what="entries for it",
        )

    def _moves(self) -> list[Flowable]:
        table = moves_table(self._report.moves, self._types, self._page_height)
        return self._subsection(MOVES, table) if table is not None else []

    def _decisions(self) -> list[Flowable]:
        columns = [Column("", 28), Column("UTC", 62), Column("DECISION"), Column("SOURCE", 46)]
        rows = [self._decision(row) for row in self._report.decisions]
        return self._section("Decisions", "decisions", self._table(columns, rows))

    def _decision(self, row: DecisionRow) -> Row:
        types = self._types
        details = [
            ("Decided by", row.who),
            ("Why", row.rationale),
            ("Instead of", "; ".join(row.alternatives)),
            ("Known then", row.information),
            ("Reversible", row.reversible),
        ]
        told = [
            Paragraph(f"<b>{label}:</b> {types.markup(value)}", look.NOTE)
            for label, value in details
            if value
        ]
        missing = [label.lower() for label, value in details[:3] if not value]
        if missing:
            told.append(Paragraph(f"Not recorded: {', '.join(missing)}.", look.NOTE))
        return Row(
            (
                (Paragraph(row.ref, look.CELL_PALE),),
                clock_cell(row.clock, types),
                (Paragraph(types.markup(row.decision), look.CELL), *told),
                (Paragraph(links((row.line, *row.sources)), look.CELL),),
            ),
            name=row.ref,
        )

    def _hypotheses(self) -> list[Flowable]:
        columns = [Column("LINE", 30), Column("HYPOTHESIS"), Column("STATE", 130),
                   Column("SOURCE", 46)]  # fmt: skip
        rows = [self._hypothesis(row) for row in self._report.hypotheses]
        return self._section("Hypotheses", "hypotheses", self._table(columns, rows))

    def _hypothesis(self, row: HypothesisRow) -> Row:
        style = look.CELL_ITALIC if row.unproven else look.CELL
        font = ITALIC if row.unproven else look.CELL.fontName
        pale = look.CELL_PALE if row.ruled_out else style
        return Row(
            (
                (Paragraph(links((row.ref,)), look.CELL),),
                (Paragraph(self._types.markup(shortened(row.text, EXCERPT), font), pale),),
                (Paragraph(row.state, look.NOTE_WARNING if row.unproven else look.NOTE),),
                (Paragraph(links(row.sources), look.CELL),),
            )
        )

    def _actions(self) -> list[Flowable]:
        columns = [
            Column("", 28),
            Column("ACTION"),
            Column("OWNER", 92),
            Column("DUE", 68),
            Column("VERIFIED BY", 120),
            Column("SOURCE", 46),
        ]
        rows = [self._action(row) for row in self._report.actions]
        return self._section("Actions", "actions", self._table(columns, rows))

    def _action(self, row: ActionRow) -> Row:
        types = self._types
        parts = [row.status, row.purpose, f"priority {row.priority}" if row.priority else ""]
        note = " · ".join(part for part in parts if part)
        line = (row.line,) if row.line else ()
        return Row(
            (
                (Paragraph(row.ref, look.CELL_PALE),),
                (
                    Paragraph(types.markup(row.text), look.CELL),
                    Paragraph(types.markup(note), look.NOTE),
                ),
                (value_or_missing(row.owner, types),),
                (value_or_missing(row.due, types),),
                (value_or_missing(row.verification, types),),
                (Paragraph(links((*line, *row.sources)), look.CELL),),
            ),
            name=row.ref,
        )

    def _method(self) -> list[Flowable]:
        types, method = self._types, self._report.method
        points = [(label, types.markup(words)) for label, words in method.points]
        if self._report.record_sha256:
            points.append(("Record", f"SHA-256 {self._report.record_sha256}"))
        if types.boxes:
            boxes = f"{types.boxes} characters that the fonts here lack are printed as boxes."
            points.append(("Characters", boxes))
        columns = [Column("ABOUT", 92), Column("HOW")]
        rows = [
            Row(((Paragraph(label, look.CELL_BOLD),), (Paragraph(words, look.CELL),)))
            for label, words in points
        ]
        section = self._section("Method note", "method", self._table(columns, rows))
        return [*section, *self._recordings()]

    def _recordings(self) -> list[Flowable]:
        types = self._types
        columns = [
            Column("SESSION", 58),
            Column("TRACK", 48),
            Column("BEGAN", 106),
            Column("LENGTH", 58),
            Column("FROM"),
            Column("WITHOUT AUDIO", 132),
        ]
        rows = [
            Row(
                (
                    (Paragraph(row.session, look.CELL),),
                    (Paragraph(row.track, look.CELL),),
                    (Paragraph(row.started, look.CELL),),
                    (Paragraph(row.length, look.CELL),),
                    (Paragraph(types.markup(row.source), look.CELL),),
                    tuple(Paragraph(gap, look.NOTE) for gap in row.gaps)
                    or (Paragraph("no gaps", look.CELL_PALE),),
                )
            )
            for row in self._report.method.recordings
        ]
        table = self._table(columns, rows)
        if table is None:
            return [
                Paragraph("The record holds no recordings.", look.EMPTY),
                Gap(SECTION_GAP),
            ]
        return self._subsection("Recordings", table)

    def _subsection(self, title: str, table: RowsTable) -> list[Flowable]:
        return [
            CondPageBreak(table.least_height(self._width) + HEADING_ROOM),
            Paragraph(title, look.SUBHEADING),
            table,
            Gap(SECTION_GAP),
        ]

    def _sources(self) -> list[Flowable]:
        columns = [Column("", 34), Column("WHERE AND WHO", 184), Column("WORDS"),
                   Column("CITED IN", 58)]  # fmt: skip
        rows = [self._source(row) for row in self._report.sources]
        words = "Cited excerpts only; the words are those that stood when they were cited."
        excerpts = self._table(columns, rows)
        evidence = evidence_table(self._report.evidence, self._types, self._page_height)
        if excerpts is None:
            subheading = Paragraph(EVIDENCE, look.SUBHEADING)
            return self._section("Sources", "sources", evidence, intro=(subheading,))
        intro = (Paragraph(words, look.NOTE),)
        section = self._section("Sources", "sources", excerpts, intro=intro)
        return (
            [*section, *self._subsection(EVIDENCE, evidence)] if evidence is not None else section
        )

    def _source(self, row: SourceRow) -> Row:
        types = self._types
        who = row.speaker or f"{row.track} track, voice not told apart"
        words_style = look.CELL if row.quote.strip() else look.CELL_PALE
        return Row(
            (
                (Paragraph(row.ref, look.CELL_BOLD),),
                (
                    Paragraph(types.markup(place_of(row)), look.NOTE),
                    Paragraph(types.markup(who), look.NOTE),
                ),
                (Paragraph(types.markup(words_of(row)), words_style),),
                (Paragraph(links(row.cited_by), look.CELL),),
            ),
            name=row.ref,
        )

    def _table(self, columns: list[Column], rows: list[Row]) -> RowsTable | None:
        return RowsTable(columns, rows, page_height=self._page_height) if rows else None

    def _section(
        self,
        title: str,
        key: str,
        table: RowsTable | None,
        *,
        intro: tuple[Flowable, ...] = (),
        what: str = "",
    ) -> list[Flowable]:
        """Return heading and table; the heading never stands alone at the foot of a page."""
        if table is None:
            empty = Paragraph(f"The record holds no {what or title.lower()}.", look.EMPTY)
            return [CondPageBreak(HEADING_ROOM), Heading(title, key), Spacer(0, 4), empty,
                    Gap(SECTION_GAP)]  # fmt: skip
        needed = min(HEADING_ROOM + table.least_height(self._width), self._page_height)
        return [
            CondPageBreak(needed),
            Heading(title, key),
            Spacer(0, 4),
            *intro,
            Spacer(0, 6),
            table,
            Gap(SECTION_GAP),
        ]
