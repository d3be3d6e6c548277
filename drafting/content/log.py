"""The sections that follow the incident: timeline, decisions, attempts, hypotheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Badge, Heading, Paragraph, Table, Words
from drafting.content.lines import absent, links, plain, stacked, target, time_of, value
from drafting.wording import MOVES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drafting.content.blocks import Block, Line
    from drafting.report import DecisionRow, HypothesisRow, MoveRow, Report, TimelineRow
    from drafting.report_analysis import AttemptRow


def timeline(report: Report) -> Iterator[Block]:
    """Yield the timeline, then how severity, state and roles moved on."""
    yield from _lines(report)
    yield from _moves(report.moves)


def _lines(report: Report) -> Iterator[Block]:
    if not report.timeline:
        yield absent("The record holds no entries for it.")
        return
    note = f"Times are UTC. Δ counts from {report.delta_from}." if report.delta_from else ""
    if any(row.clock.dated for row in report.timeline):
        note += f" Times without a date are of {report.main_day}."
    if note:
        yield Paragraph(plain(note))
    local = (report.zone,) if report.zone else ()
    yield Table(
        ("", "UTC", *local, "Δ", "Kind", "Event", "Role", "Source"),
        tuple(
            (
                target(row.ref),
                time_of(row.clock),
                *((plain(row.clock.local),) if local else ()),
                plain(row.delta),
                (Badge(row.kind),),
                _event(row),
                plain(row.role),
                links(row.sources) or plain("none"),
            )
            for row in report.timeline
        ),
        (3, 7, *((5,) if local else ()), 5, 7, 17, 7, 5),
    )


def _moves(rows: Sequence[MoveRow]) -> Iterator[Block]:
    if not rows:
        return
    yield Heading(3, MOVES)
    yield Table(
        ("At", "What", "Change", "By", "Reason"),
        tuple(
            (
                plain(row.at),
                plain(row.what),
                plain(f"{row.before} → {row.after}"),
                value(row.by),
                value(row.reason),
            )
            for row in rows
        ),
        (3, 3, 4, 3, 5),
    )


def _event(row: TimelineRow) -> Line:
    words = Words(
        row.text,
        strong=bool(row.anchor) and not (row.unproven or row.ruled_out),
        slanted=row.unproven,
        struck=row.ruled_out,
    )
    seen = "visible to customers" if row.customer_visible else ""
    notes = "; ".join(part for part in (row.anchor, row.note, row.doubt, seen) if part)
    return stacked(((words,), plain(f"({notes})" if notes else "")))


def decisions(rows: Sequence[DecisionRow]) -> Iterator[Block]:
    """Yield the decision log."""
    if not rows:
        return
    yield Table(
        ("", "UTC", "Decision", "Decided by", "Why", "Instead of", "Known then", "Reversible",
         "Source"),
        tuple(
            (
                target(row.ref),
                time_of(row.clock),
                plain(row.decision),
                value(row.who),
                value(row.rationale),
                value("; ".join(row.alternatives)),
                value(row.information),
                value(row.reversible),
                links((row.line, *row.sources)),
            )
            for row in rows
        ),
        (2, 4, 7, 6, 6, 6, 6, 6, 5),
    )  # fmt: skip


def attempts(rows: Sequence[AttemptRow]) -> Iterator[Block]:
    """Yield what was tried against the incident, in its order."""
    if not rows:
        return
    yield Table(
        ("Line", "UTC", "Attempt", "Result", "Role", "Source"),
        tuple(
            (
                links((row.line,)),
                time_of(row.clock),
                plain(row.text),
                value(row.result),
                plain(row.role),
                links(row.sources),
            )
            for row in rows
        ),
        (2, 4, 12, 5, 5, 4),
    )


def hypotheses(rows: Sequence[HypothesisRow]) -> Iterator[Block]:
    """Yield the hypotheses and where each stands."""
    if not rows:
        return
    yield Table(
        ("Line", "Hypothesis", "State", "Source"),
        tuple(
            (
                links((row.ref,)),
                (Words(row.text, slanted=row.unproven),),
                (Words(row.state, strong=row.unproven),),
                links(row.sources),
            )
            for row in rows
        ),
        (2, 12, 5, 4),
    )
