"""The follow-up actions, grouped by the factors that they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.options import Section
from drafting.pdf import look
from drafting.pdf.cells import web_link
from drafting.pdf.paragraphs import Paragraph
from drafting.pdf.rows_table import Column, Fill, Row
from drafting.wording import shortened

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from drafting.pdf.setting import Setting
    from drafting.report import ActionRow, Report
    from drafting.report_analysis import ActionGroup

COLUMNS = (
    Column("", 34),
    Column("ACTION"),
    Column("OWNER", 84),
    Column("DUE", 58),
    Column("VERIFIED BY", 116),
    Column("SOURCE", 46),
)
EXCERPT = 140  # characters of a factor; the whole of it stands among the factors


def actions(report: Report, setting: Setting) -> list[Flowable]:
    """Return the section; without factors the actions stand in no group."""
    groups = report.analysis.action_groups
    grouped = any(group.factor is not None for group in groups)
    rows = [
        row
        for group in groups
        for row in (
            *([_band(group, setting)] if grouped else []),
            *(_action(action, setting) for action in group.actions),
        )
    ]
    return setting.section("Actions", Section.ACTIONS, setting.table(COLUMNS, rows))


def _band(group: ActionGroup, setting: Setting) -> Row:
    if group.factor is None:
        return Row(((Paragraph("Of no factor", look.NOTE),),), fill=Fill.BAND)
    words = setting.types.markup(shortened(group.factor.text, EXCERPT))
    markup = f"Answers {setting.links((group.factor.ref,))}: {words}"
    return Row(((Paragraph(markup, look.NOTE),),), fill=Fill.BAND)


def _action(row: ActionRow, setting: Setting) -> Row:
    parts = [row.status, row.purpose, f"priority {row.priority}" if row.priority else ""]
    note = setting.types.markup(" · ".join(part for part in parts if part))
    line = (row.line,) if row.line else ()
    return Row(
        (
            (Paragraph(row.ref, look.CELL_PALE),),
            (
                setting.text(row.text),
                Paragraph(" · ".join(filter(None, (note, *_beside(row, setting)))), look.NOTE),
            ),
            (setting.value(row.owner),),
            (setting.value(row.due),),
            (setting.value(row.verification),),
            setting.refs((*line, *row.sources)),
        ),
        name=row.ref,
    )


def _beside(row: ActionRow, setting: Setting) -> tuple[str, ...]:
    """Return the ticket, other factors, and what the action waits for, as markup."""
    ticket = setting.types.markup(row.ticket)
    others = row.factors[1:]
    return (
        web_link(ticket, row.ticket_address) if row.ticket_address else ticket,
        f"also {setting.links(others)}" if others else "",
        f"after {setting.links(row.depends_on)}" if row.depends_on else "",
    )
