"""The first page, which is to be readable alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportlab.platypus import Flowable, Spacer

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.boxes import Chip, ChipLine, Grid, Panel, draft_chip
from drafting.pdf.fonts import BOLD, ITALIC
from drafting.pdf.logo import Masthead
from drafting.pdf.pages import Heading
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.ribbon import Ribbon
from drafting.pdf.rows_table import Column, Row, RowsTable
from drafting.pdf.setting import NOT_RECORDED
from drafting.wording import quoted, shortened

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

    from drafting.branding import Branding
    from drafting.pdf.setting import Setting
    from drafting.report import HypothesisRow, Measure, Report

CHIP_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Brevity:
    """How much of somebody's words the page shows; ``between`` is the room between blocks."""

    hypotheses: int
    title: int
    words: int
    cell: int
    between: float


# From the usual to the shortest: the page takes the first with which everything fits.
BREVITIES = (
    Brevity(4, 500, 160, 60, 14.0),
    Brevity(3, 300, 120, 50, 10.0),
    Brevity(2, 180, 80, 40, 8.0),
    Brevity(1, 100, 50, 26, 6.0),
)


def front_page(report: Report, setting: Setting, branding: Branding) -> list[Flowable]:
    """Return the first page's blocks from top to bottom, kept to one page where words allow."""
    blocks: list[Flowable] = []
    for brevity in BREVITIES:
        blocks = _blocks(report, setting, branding, brevity)
        if (
            sum(b.wrap(setting.width, setting.page_height)[1] for b in blocks)
            <= setting.page_height
        ):
            break
    return blocks


def _blocks(
    report: Report, setting: Setting, branding: Branding, brevity: Brevity
) -> list[Flowable]:
    long = len(report.title) > look.LONG_TITLE_LENGTH
    title = shortened(report.title, brevity.title)
    gap = brevity.between
    blocks: list[Flowable] = [
        Bookmark("Summary", "summary"),
        Masthead(branding, setting.types),
        Spacer(0, 3),
        setting.text(title, look.LONG_TITLE if long else look.TITLE),
        Spacer(0, 8),
        ChipLine(_chips(report, setting)),
        Spacer(0, gap),
        Grid(
            [
                _labelled(label, shortened(value, brevity.cell), setting)
                for label, value in _particulars(report)
            ]
        ),
        Spacer(0, gap),
    ]
    if report.cautions or report.unconfirmed:
        blocks += [Panel(_cautions(report, setting, brevity)), Spacer(0, gap)]
    blocks += [
        Paragraph("Summary", look.SUBHEADING),
        Spacer(0, 3),
        _summary(report, setting, look.LEAD if brevity is BREVITIES[0] else look.CELL),
        Spacer(0, gap),
        Grid([_measure(m, setting, brevity) for m in report.measures], framed=True),
        Grid([_measure(m, setting, brevity) for m in report.reach], framed=True),
    ]
    if report.ribbon:
        blocks += [Spacer(0, gap), Ribbon(report.ribbon, report.bands, setting.types)]
    blocks += [Spacer(0, gap), *_top_actions(report, setting, brevity)]
    if report.sha256:
        proof = f"SHA-256 over {report.hash_of}: {report.sha256}"
        blocks += [Spacer(0, 8), Paragraph(proof, look.LABEL)]
    return blocks


def _chips(report: Report, setting: Setting) -> list[Chip]:
    line = setting.types.line
    severity = shortened(report.severity, CHIP_LENGTH) or "severity not recorded"
    chips = [
        Chip(line(severity, BOLD), filled=bool(report.severity)),
        Chip(line(report.state, BOLD)),
    ]
    return chips if report.final_by else [*chips, draft_chip()]


def _particulars(report: Report) -> list[tuple[str, str]]:
    made = ("Made final", f"{report.made_at}, {report.final_by}")
    return [
        ("Incident", report.incident_id),
        ("Date (UTC)", report.date),
        ("Owner", report.owner),
        ("Classification", report.classification),
        made if report.final_by else ("Draft made", report.made_at),
    ]


def _labelled(label: str, value: str, setting: Setting) -> list[Flowable]:
    return [Paragraph(label, look.LABEL), setting.value(value)]


def _cautions(report: Report, setting: Setting, brevity: Brevity) -> list[Flowable]:
    markup = setting.types.markup
    first, *others = [markup(sentence.text) for sentence in report.cautions] or [""]
    words = " ".join((f"<b>{first}</b>", *others)) if first else ""
    parts: list[Flowable] = [Paragraph(words, look.WARNING_TEXT)] if words else []
    shown = report.unconfirmed[: brevity.hypotheses]
    parts += [_hypothesis(row, setting, brevity) for row in shown]
    more = len(report.unconfirmed) - len(shown)
    if more:
        where = f"#{Section.HYPOTHESES}"
        printed = report.prints(Section.HYPOTHESES)
        place = f'under <a href="{where}">Hypotheses</a>' if printed else "in the record"
        parts.append(Paragraph(f"and {more} more {place}", look.WARNING_TEXT))
    return parts


def _hypothesis(row: HypothesisRow, setting: Setting, brevity: Brevity) -> Paragraph:
    said = setting.types.markup(quoted(shortened(row.text, brevity.words)), ITALIC)
    words = f"<b>Hypothesis</b> {setting.links((row.ref,))} ({row.state}): <i>{said}</i>"
    return Paragraph(words, look.WARNING_TEXT)


def _summary(report: Report, setting: Setting, style: ParagraphStyle) -> Paragraph:
    sentences = [
        setting.types.markup(sentence.text)
        + (f" ({setting.links(sentence.refs)})" if sentence.refs else "")
        for sentence in report.summary
    ]
    return Paragraph(" ".join(sentences), style)


def _measure(measure: Measure, setting: Setting, brevity: Brevity) -> list[Flowable]:
    limit = max(brevity.cell, len(measure.basis) if measure.value is None else 0)
    basis, refs = setting.types.markup(shortened(measure.basis, limit)), ""
    if measure.value is None:
        basis = setting.linked(basis, measure.refs)
    elif measure.refs:
        refs = f"<br/>{setting.links(measure.refs)}"
    value = setting.types.markup(measure.value, BOLD) if measure.value else NOT_RECORDED
    return [
        Paragraph(measure.label, look.LABEL),
        Paragraph(value, look.FIGURE if measure.value else look.FIGURE_MISSING),
        Paragraph(basis + refs, look.LABEL),
    ]


def _top_actions(report: Report, setting: Setting, brevity: Brevity) -> list[Flowable]:
    head = Paragraph("Top actions", look.SUBHEADING)
    if not report.top_actions:
        return [head, Paragraph("No open actions are recorded.", look.EMPTY)]
    columns = [Column("", 26), Column("ACTION"), Column("OWNER", 130), Column("DUE", 66)]
    rows = [
        Row(
            (
                (Paragraph(setting.links((action.ref,)), look.CELL),),
                (setting.text(shortened(action.text, brevity.words)),),
                (setting.value(shortened(action.owner, brevity.cell)),),
                (setting.value(action.due),),
            )
        )
        for action in report.top_actions
    ]
    by = Paragraph(report.top_actions_by, look.NOTE)
    return [head, by, Spacer(0, 2), RowsTable(columns, rows, page_height=setting.page_height)]


class Bookmark(Heading):
    """A destination and a bookmark without words of its own."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Take no room."""
        self.width, self.height = width, 0.0
        return width, 0.0

    def draw(self) -> None:
        """Set the bookmark."""
        self.mark()
