"""From the report to a document: the sections in their order, the same as on the printed page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import (
    Badge,
    Bullets,
    Cautions,
    Code,
    Document,
    Heading,
    Paragraph,
    RefLink,
    Ribbon,
    Table,
    Words,
)
from drafting.content.lines import links, plain, stacked, target, time_of, value
from drafting.content.sources import sources
from drafting.wording import MOVES, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drafting.content.blocks import Block, Line
    from drafting.options import ReportOptions
    from drafting.report import (
        ActionRow,
        DecisionRow,
        HypothesisRow,
        MoveRow,
        Report,
        Sentence,
        TimelineRow,
    )

HASH_SHOWN = 12  # characters of a SHA-256 in the footer


def report_document(report: Report, options: ReportOptions) -> Document:
    """Return the whole report; the same for an equal report and equal options."""
    return Document(
        title=" ".join(report.title.split()),
        incident_id=report.incident_id,
        made_at=options.made_at,
        footer=_footer(report),
        blocks=(
            *_front(report),
            *_timeline(report),
            *_moves(report.moves),
            *section("Decisions", _decisions(report.decisions)),
            *section("Hypotheses", _hypotheses(report.hypotheses)),
            *section("Actions", _actions(report.actions)),
            *_method(report),
            *section("Sources", *sources(report)),
        ),
    )


def section(title: str, *blocks: Block | None) -> Iterator[Block]:
    """Yield a section; one without content says so."""
    yield Heading(2, title)
    there = [block for block in blocks if block is not None]
    yield from there or [_absent(f"The record holds no {title.lower()}.")]


def _absent(sentence: str) -> Paragraph:
    return Paragraph((Words(sentence, slanted=True),))


def _footer(report: Report) -> str:
    shown = f"record {report.record_sha256[:HASH_SHOWN]}" if report.record_sha256 else ""
    parts = (report.incident_id, report.classification, "Draft", shown)
    return " · ".join(part for part in parts if part)


def _front(report: Report) -> Iterator[Block]:
    digest = report.record_sha256
    head: list[tuple[str, Line]] = [
        ("Incident", value(report.incident_id)),
        ("Severity", value(report.severity)),
        ("State", value(report.state)),
        ("Owner", value(report.owner)),
        ("Date (UTC)", value(report.date)),
        ("Classification", value(report.classification)),
        ("Draft made", value(report.made_at)),
        ("Record SHA-256", (Code(digest),) if digest else value("")),
    ]
    yield Heading(1, " ".join(report.title.split()))
    yield Table(("What", "Value"), tuple((plain(name), line) for name, line in head), (1, 3))
    cautions: list[Line] = [(Words(caution.text, strong=True),) for caution in report.cautions]
    cautions += [_unconfirmed(hypothesis) for hypothesis in report.unconfirmed]
    if cautions:
        yield Cautions(tuple(cautions))
    yield Heading(2, "Summary")
    yield Paragraph(_told(report.summary))
    if report.ribbon:
        yield Ribbon(report.ribbon)
    measures = tuple(
        (plain(m.label), value(m.value or ""), plain(m.basis), links(m.refs))
        for m in report.measures
    )
    yield Table(("Measure", "Value", "From", "Lines"), measures, (3, 2, 4, 2))
    yield Heading(3, "Top actions")
    if report.top_actions_by:
        yield Paragraph(plain(report.top_actions_by))
    yield _top_actions(report.top_actions)


def _unconfirmed(hypothesis: HypothesisRow) -> Line:
    return (
        Words("Hypothesis "),
        RefLink(hypothesis.ref),
        Words(f" ({hypothesis.state}): "),
        Words(quoted(hypothesis.text), slanted=True),
    )


def _told(sentences: Sequence[Sentence]) -> Line:
    """Return sentences with the lines that carry them."""
    line: list[Line] = []
    for number, sentence in enumerate(sentences):
        space = " " if number else ""
        line.append(plain(f"{space}{sentence.text}"))
        if sentence.refs:
            line.append((Words(" ("), *links(sentence.refs), Words(")")))
    return tuple(inline for part in line for inline in part)


def _top_actions(actions: Sequence[ActionRow]) -> Block:
    if not actions:
        return _absent("No open actions are recorded.")
    rows = tuple((links((a.ref,)), plain(a.text), value(a.owner), value(a.due)) for a in actions)
    return Table(("", "Action", "Owner", "Due"), rows, (1, 8, 3, 2))


def _timeline(report: Report) -> Iterator[Block]:
    yield Heading(2, "Timeline")
    if not report.timeline:
        yield _absent("The record holds no entries for it.")
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
        (3, 5, *((5,) if local else ()), 5, 7, 18, 8, 5),
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


def _decisions(rows: Sequence[DecisionRow]) -> Block | None:
    if not rows:
        return None
    return Table(
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


def _hypotheses(rows: Sequence[HypothesisRow]) -> Block | None:
    if not rows:
        return None
    return Table(
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


def _actions(rows: Sequence[ActionRow]) -> Block | None:
    if not rows:
        return None
    return Table(
        ("", "Action", "Owner", "Due", "Priority", "Purpose", "Verified by", "Status", "Source"),
        tuple(
            (
                target(row.ref),
                plain(row.text),
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


def _method(report: Report) -> Iterator[Block]:
    yield Heading(2, "Method note")
    if report.method.points:
        yield Bullets(
            tuple(
                (Words(label, strong=True), Words(f": {words}"))
                for label, words in report.method.points
            )
        )
    if not report.method.recordings:
        yield _absent("The record holds no recordings.")
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
