"""What stands before the sections: what it is, what to know first, the summary in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import (
    Cautions,
    Code,
    Heading,
    Paragraph,
    RefLink,
    Ribbon,
    Table,
    Words,
)
from drafting.content.lines import absent, joined, links, pairs, plain, sentence, value
from drafting.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drafting.content.blocks import Block, Line
    from drafting.report import ActionRow, HypothesisRow, Report


def front(report: Report) -> Iterator[Block]:
    """Yield what a reader needs who reads no further."""
    head: list[tuple[str, Line]] = [
        ("Incident", value(report.incident_id)),
        ("Severity", value(report.severity)),
        ("State", value(report.state)),
        ("Owner", value(report.owner)),
        ("Date (UTC)", value(report.date)),
        ("Classification", value(report.classification)),
        ("Final by" if report.final_by else "Draft made", value(_made(report))),
    ]
    if report.sha256:
        head.append((f"SHA-256 ({report.hash_of})", (Code(report.sha256),)))
    yield Heading(1, " ".join(report.title.split()))
    yield pairs(head)
    cautions: list[Line] = [(Words(caution.text, strong=True),) for caution in report.cautions]
    cautions += [_unconfirmed(hypothesis) for hypothesis in report.unconfirmed]
    if cautions:
        yield Cautions(tuple(cautions))
    yield Heading(2, "Summary")
    yield Paragraph(joined([sentence(told) for told in report.summary], Words(" ")))
    if report.ribbon:
        yield Ribbon(report.ribbon)
    measures = tuple(
        (plain(m.label), value(m.value or ""), plain(m.basis), links(m.refs))
        for m in (*report.measures, *report.reach)
    )
    yield Table(("Measure", "Value", "From", "Lines"), measures, (3, 2, 4, 2))
    yield Heading(3, "Top actions")
    if report.top_actions_by:
        yield Paragraph(plain(report.top_actions_by))
    yield _top_actions(report.top_actions)


def _made(report: Report) -> str:
    return f"{report.final_by}, {report.made_at}" if report.final_by else report.made_at


def _unconfirmed(hypothesis: HypothesisRow) -> Line:
    return (
        Words("Hypothesis "),
        RefLink(hypothesis.ref),
        Words(f" ({hypothesis.state}): "),
        Words(quoted(hypothesis.text), slanted=True),
    )


def _top_actions(actions: Sequence[ActionRow]) -> Block:
    if not actions:
        return absent("No open actions are recorded.")
    rows = tuple((links((a.ref,)), plain(a.text), value(a.owner), value(a.due)) for a in actions)
    return Table(("", "Action", "Owner", "Due"), rows, (1, 8, 3, 2))
