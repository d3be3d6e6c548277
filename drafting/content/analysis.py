"""The sections that analyse: impact, contributing factors, learnings, actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Bullets, Chart, Heading, Paragraph, Table, WebLink, Words
from drafting.content.lines import (
    NOT_RECORDED,
    absent,
    links,
    pairs,
    plain,
    sentence,
    stacked,
    target,
    value,
)
from drafting.report import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drafting.content.blocks import Block, Line
    from drafting.report import ActionRow
    from drafting.report_analysis import (
        ActionGroup,
        Analysis,
        Causes,
        FactorRow,
        ImpactPart,
        Learning,
        SloRow,
        WhyRow,
    )


def impact(analysis: Analysis) -> Iterator[Block]:
    """Yield how far it reached: layers, objectives, scope, what was measured."""
    part = analysis.impact
    if part.rows:
        yield _layers(part)
    if part.untold:
        yield Paragraph(plain(f"Nothing is recorded of these layers: {', '.join(part.untold)}."))
    if part.slos:
        yield Heading(3, "Objectives")
        yield _objectives(part.slos)
    if part.scope:
        yield Heading(3, "Scope")
        yield pairs((row.question, value(row.answer)) for row in part.scope)
    if analysis.metrics:
        yield Heading(3, "What was measured")
        yield from map(Chart, analysis.metrics)


def _layers(part: ImpactPart) -> Table:
    return Table(
        ("", "Layer", "What", "Value", "Basis", "Source"),
        tuple(
            (
                target(row.ref),
                plain(row.layer),
                plain(row.what),
                plain(row.value),
                stacked((plain(row.basis), plain(row.assumption))),
                links(row.sources),
            )
            for row in part.rows
        ),
        (2, 4, 5, 10, 7, 3),
    )


def _objectives(rows: Sequence[SloRow]) -> Table:
    return Table(
        ("", "Objective", "Target", "Budget", "Used", "Made of", "Source"),
        tuple(
            (
                target(row.ref),
                plain(row.name),
                plain(row.target),
                plain(row.budget),
                stacked((plain(f"{row.used}, {row.share}"), (Words(row.breach, strong=True),)))
                if row.breach
                else plain(f"{row.used}, {row.share}"),
                plain(row.made_of),
                links(row.sources),
            )
            for row in rows
        ),
        (2, 5, 6, 4, 5, 7, 3),
    )


def causes(told: Causes) -> Iterator[Block]:
    """Yield why it could happen; what is a candidate looks apart from what is confirmed."""
    if told.is_empty:
        return
    gaps = [(name, value(words)) for name, words in told.gaps]
    yield pairs(
        [
            ("trigger", value(told.trigger)),
            *gaps,
            ("what would stop it from coming back", value(told.stopping_condition)),
            ("first occurrence", value(told.first_occurrence)),
            ("method", value(told.method)),
        ]
    )
    if told.factors:
        yield Heading(3, "Factors by layer")
        yield _factors(told.factors)
    if told.whys:
        yield Heading(3, "Whys")
        yield _whys(told.whys)
    for head, words in (
        ("Not confirmed", told.unconfirmed),
        ("Defences that did not hold", told.missed_defenses),
        ("Open questions", told.open_questions),
    ):
        if words:
            yield Heading(3, head)
            yield Bullets(tuple(plain(each) for each in words))


def _factors(rows: Sequence[FactorRow]) -> Table:
    return Table(
        ("", "Layer", "Role", "Factor", "Standing", "Lines", "Source", "Actions"),
        tuple(
            (
                target(row.ref),
                plain(row.layer),
                plain(row.role),
                (Words(row.text, slanted=not row.confirmed),),
                plain("confirmed" if row.confirmed else "candidate"),
                links(row.lines),
                links(row.sources),
                links(row.actions) or (NOT_RECORDED,),
            )
            for row in rows
        ),
        (2, 5, 5, 10, 4, 3, 3, 4),
    )


def _whys(rows: Sequence[WhyRow]) -> Table:
    return Table(
        ("", "Question", "Answer", "Source"),
        tuple(
            (
                target(row.ref),
                plain(row.question),
                plain(row.answer) or (Words("open", slanted=True),),
                links(row.sources),
            )
            for row in rows
        ),
        (2, 9, 11, 3),
    )


def learnings(rows: Sequence[Learning]) -> Iterator[Block]:
    """Yield what is worth keeping; a head that nobody filled says so."""
    if not any(row.words for row in rows):
        return
    for row in rows:
        yield Heading(3, row.head)
        if row.words:
            yield Bullets(tuple(plain(words) for words in row.words))
        else:
            yield absent("Nothing is recorded.")


def actions(groups: Sequence[ActionGroup]) -> Iterator[Block]:
    """Yield the follow-ups, each group under the factor that it answers."""
    grouped = any(group.factor is not None for group in groups)
    for group in groups:
        if group.factor is not None:
            yield Paragraph(
                sentence(Sentence(f"Against: {group.factor.text}", (group.factor.ref,)))
            )
        elif grouped:
            yield Paragraph(plain("Against no factor:"))
        yield _actions(group.actions)


def _actions(rows: Sequence[ActionRow]) -> Table:
    return Table(
        ("", "Action", "Owner", "Due", "Priority", "Purpose", "Verified by", "Status", "Source"),
        tuple(
            (
                target(row.ref),
                _action(row),
                value(row.owner),
                value(row.due),
                value(row.priority),
                value(row.purpose),
                value(row.verification),
                plain(row.status),
                links(((row.line,) if row.line else ()) + row.sources),
            )
            for row in rows
        ),
        (2, 8, 5, 5, 4, 4, 7, 5, 4),
    )


def _action(row: ActionRow) -> Line:
    """Return the words, then its ticket and what has to come before it."""
    ticket: Line = plain(row.ticket)
    if row.ticket_address:
        ticket = (WebLink(row.ticket, row.ticket_address),)
    after: Line = (Words("after "), *links(row.depends_on)) if row.depends_on else ()
    return stacked((plain(row.text), ticket, after))
