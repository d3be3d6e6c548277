"""The first page, which is to be readable alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import Flowable, Paragraph, Spacer

from drafting.pdf import look
from drafting.pdf.boxes import Chip, ChipLine, Grid, Panel, draft_chip
from drafting.pdf.cells import NOT_RECORDED, linked, links, value_or_missing
from drafting.pdf.fonts import BOLD, ITALIC
from drafting.pdf.pages import Heading
from drafting.pdf.ribbon import Ribbon
from drafting.pdf.rows_table import Column, Row, RowsTable
from drafting.wording import quoted, shortened

if TYPE_CHECKING:
    from drafting.pdf.fonts import Typesetter
    from drafting.report import Measure, Report

SHOWN_HYPOTHESES = 4
CHIP_LENGTH = 40
SHORT_CELL = 60


def front_page(report: Report, types: Typesetter, page_height: float) -> list[Flowable]:
    """Return the first page's blocks from top to bottom."""
    title = types.markup(report.title, BOLD)
    long = len(report.title) > look.LONG_TITLE_LENGTH
    blocks: list[Flowable] = [
        Bookmark("Summary", "summary"),
        Paragraph("INCIDENT POSTMORTEM", look.OVERLINE),
        Spacer(0, 3),
        Paragraph(title, look.LONG_TITLE if long else look.TITLE),
        Spacer(0, 8),
        ChipLine(_chips(report, types)),
        Spacer(0, 13),
        Grid([_labelled(label, value, types) for label, value in _particulars(report)]),
        Spacer(0, 13),
        Panel(_cautions(report, types)),
        Spacer(0, 15),
        Paragraph("Summary", look.SUBHEADING),
        Spacer(0, 3),
        *_summary(report, types),
        Spacer(0, 13),
        Grid([_measure(measure, types) for measure in report.measures], framed=True),
    ]
    if report.ribbon:
        blocks += [Spacer(0, 15), Ribbon(report.ribbon)]
    return [*blocks, Spacer(0, 15), *_top_actions(report, types, page_height)]


def _chips(report: Report, types: Typesetter) -> list[Chip]:
    severity = shortened(report.severity, CHIP_LENGTH) or "severity not recorded"
    return [
        Chip(types.line(severity, BOLD), filled=bool(report.severity)),
        Chip(types.line(report.state, BOLD)),
        draft_chip(),
    ]


def _particulars(report: Report) -> list[tuple[str, str]]:
    return [
        ("Incident", report.incident_id),
        ("Date (UTC)", report.date),
        ("Owner", report.owner),
        ("Classification", report.classification),
        ("Draft made", report.made_at),
    ]


def _labelled(label: str, value: str, types: Typesetter) -> list[Flowable]:
    shown = types.markup(shortened(value, SHORT_CELL)) if value else NOT_RECORDED
    style = look.CELL if value else look.CELL_PALE
    return [Paragraph(label, look.LABEL), Paragraph(shown, style)]


def _cautions(report: Report, types: Typesetter) -> list[Flowable]:
    first, *others = (types.markup(sentence.text) for sentence in report.cautions)
    words = " ".join((f"<b>{first}</b>", *others))
    parts: list[Flowable] = [Paragraph(words, look.WARNING_TEXT)]
    shown = report.unconfirmed[:SHOWN_HYPOTHESES]
    parts += [
        Paragraph(
            f"<b>Hypothesis</b> {links((h.ref,))} ({h.state}): "
            f"<i>{types.markup(quoted(shortened(h.text)), ITALIC)}</i>",
            look.WARNING_TEXT,
        )
        for h in shown
    ]
    more = len(report.unconfirmed) - len(shown)
    if more:
        more_words = f'and {more} more under <a href="#hypotheses">Hypotheses</a>'
        parts.append(Paragraph(more_words, look.WARNING_TEXT))
    return parts


def _summary(report: Report, types: Typesetter) -> list[Flowable]:
    sentences = [
        types.markup(sentence.text) + (f" ({links(sentence.refs)})" if sentence.refs else "")
        for sentence in report.summary
    ]
    return [Paragraph(" ".join(sentences), look.LEAD)]


def _measure(measure: Measure, types: Typesetter) -> list[Flowable]:
    basis, refs = types.markup(measure.basis), ""
    if measure.value is None:
        basis = linked(basis, measure.refs)
    elif measure.refs:
        refs = f"<br/>{links(measure.refs)}"
    value = types.markup(measure.value, BOLD) if measure.value else NOT_RECORDED
    return [
        Paragraph(measure.label, look.LABEL),
        Paragraph(value, look.FIGURE if measure.value else look.FIGURE_MISSING),
        Paragraph(basis + refs, look.LABEL),
    ]


def _top_actions(report: Report, types: Typesetter, page_height: float) -> list[Flowable]:
    head = Paragraph("Top actions", look.SUBHEADING)
    if not report.top_actions:
        return [head, Paragraph("No open actions are recorded.", look.EMPTY)]
    columns = [Column("", 26), Column("ACTION"), Column("OWNER", 130), Column("DUE", 66)]
    rows = [
        Row(
            (
                (Paragraph(links((action.ref,)), look.CELL),),
                (Paragraph(types.markup(shortened(action.text)), look.CELL),),
                (value_or_missing(shortened(action.owner, SHORT_CELL), types),),
                (value_or_missing(action.due, types),),
            )
        )
        for action in report.top_actions
    ]
    by = Paragraph(report.top_actions_by, look.NOTE)
    return [head, by, Spacer(0, 2), RowsTable(columns, rows, page_height=page_height)]


class Bookmark(Heading):
    """A destination and a bookmark without words of its own."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Take no room."""
        self.width, self.height = width, 0.0
        return width, 0.0

    def draw(self) -> None:
        """Set the bookmark."""
        self.mark()
