"""The report as GitHub-flavoured Markdown: the same content in the same order as the PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.atomic_file import write_whole
from drafting.markdown_sources import sources
from drafting.markdown_words import NOT_RECORDED, escaped, links, table, target, value
from drafting.outline import outline
from drafting.wording import MOVES, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.record import Record
    from drafting.options import ReportOptions
    from drafting.report import (
        ActionRow,
        Clock,
        DecisionRow,
        HypothesisRow,
        MoveRow,
        Report,
        TimelineRow,
    )


class MarkdownReport:
    """Writes the report of a record as Markdown (UTF-8)."""

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the document, whole or not at all.

        Raises:
            ExportError: The file exists and may not be replaced, or it cannot be written.
        """
        text = markdown(record, options)
        write_whole(path, text.encode("utf-8"), overwrite=options.overwrite)


def markdown(record: Record, options: ReportOptions) -> str:
    """Return the document; the same text for an equal record and equal options."""
    return rendered(outline(record, options))


def rendered(report: Report) -> str:
    """Return a report as Markdown."""
    parts = [
        *_front(report),
        *_timeline(report),
        *_moves(report.moves),
        *_section("Decisions", _decision_rows(report.decisions)),
        *_section("Hypotheses", _hypothesis_rows(report.hypotheses)),
        *_section("Actions", _action_rows(report.actions)),
        *_method(report),
        *_section("Sources", sources(report)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front(report: Report) -> list[str]:
    head = [
        ("Incident", escaped(report.incident_id)),
        ("Severity", escaped(report.severity)),
        ("State", report.state),
        ("Owner", escaped(report.owner)),
        ("Date (UTC)", report.date),
        ("Classification", escaped(report.classification)),
        ("Draft made", report.made_at),
        ("Record SHA-256", f"`{report.record_sha256}`" if report.record_sha256 else ""),
    ]
    cautions = [f"> **{escaped(sentence.text)}**" for sentence in report.cautions]
    cautions += [
        f"> Hypothesis {links((h.ref,))} ({h.state}): *{escaped(quoted(h.text))}*"
        for h in report.unconfirmed
    ]
    summary = " ".join(
        escaped(sentence.text) + (f" ({links(sentence.refs)})" if sentence.refs else "")
        for sentence in report.summary
    )
    measures = [
        (m.label, escaped(m.value or "") or NOT_RECORDED, escaped(m.basis), links(m.refs))
        for m in report.measures
    ]
    return [
        f"# {escaped(report.title).replace('<br>', ' ')}",
        table(("What", "Value"), [(label, words or NOT_RECORDED) for label, words in head]),
        "\n>\n".join(cautions),
        "## Summary",
        summary,
        table(("Measure", "Value", "From", "Lines"), measures),
        "### Top actions",
        escaped(report.top_actions_by),
        _top_actions(report.top_actions),
    ]


def _top_actions(actions: Sequence[ActionRow]) -> str:
    if not actions:
        return "*No open actions are recorded.*"
    rows = [(links((a.ref,)), escaped(a.text), value(a.owner), value(a.due)) for a in actions]
    return table(("", "Action", "Owner", "Due"), rows)


def _timeline(report: Report) -> list[str]:
    local = [escaped(report.zone)] if report.zone else []
    heads = ("", "UTC", *local, "Δ", "Kind", "Event", "Role", "Source")
    rows = [
        (
            target(row.ref),
            _time(row.clock),
            *([row.clock.local] if local else []),
            row.delta,
            f"{row.kind.letter} {row.kind.value}",
            _event(row),
            escaped(row.role),
            links(row.sources) or "none",
        )
        for row in report.timeline
    ]
    note = f"Times are UTC. Δ counts from {report.delta_from}." if report.delta_from else ""
    if any(row.clock.dated for row in report.timeline):
        note += f" Times without a date are of {report.main_day}."
    if not rows:
        return ["## Timeline", "*The record holds no entries for it.*"]
    return ["## Timeline", note, table(heads, rows)]


def _moves(rows: Sequence[MoveRow]) -> list[str]:
    if not rows:
        return []
    cells = [
        (
            row.at,
            escaped(row.what),
            escaped(f"{row.before} → {row.after}"),
            value(row.by),
            value(row.reason),
        )
        for row in rows
    ]
    return [f"### {MOVES}", table(("At", "What", "Change", "By", "Reason"), cells)]


def _time(clock: Clock) -> str:
    """Return a time with its day where that is another, or when it was only said."""
    words = f"{clock.day} {clock.utc}" if clock.dated else clock.utc
    return f"{words}<br>{clock.said}" if clock.said else words


def _event(row: TimelineRow) -> str:
    words = escaped(row.text)
    if row.unproven:
        words = f"*{words}*"
    elif row.ruled_out:
        words = f"~~{words}~~"
    elif row.anchor:
        words = f"**{words}**"
    seen = "visible to customers" if row.customer_visible else ""
    notes = [part for part in (row.anchor, row.note, row.doubt, seen) if part]
    return f"{words}<br>({escaped('; '.join(notes))})" if notes else words


def _decision_rows(rows: Sequence[DecisionRow]) -> str:
    heads = ("", "UTC", "Decision", "Decided by", "Why", "Instead of", "Known then",
             "Reversible", "Source")  # fmt: skip
    return table(
        heads,
        [
            (
                target(row.ref),
                _time(row.clock),
                escaped(row.decision),
                value(row.who),
                value(row.rationale),
                value("; ".join(row.alternatives)),
                value(row.information),
                value(row.reversible),
                links((row.line, *row.sources)),
            )
            for row in rows
        ],
    )


def _hypothesis_rows(rows: Sequence[HypothesisRow]) -> str:
    return table(
        ("Line", "Hypothesis", "State", "Source"),
        [
            (
                links((row.ref,)),
                f"*{escaped(row.text)}*" if row.unproven else escaped(row.text),
                f"**{row.state}**" if row.unproven else row.state,
                links(row.sources),
            )
            for row in rows
        ],
    )


def _action_rows(rows: Sequence[ActionRow]) -> str:
    return table(
        ("", "Action", "Owner", "Due", "Priority", "Purpose", "Verified by", "Status", "Source"),
        [
            (
                target(row.ref),
                escaped(row.text),
                value(row.owner),
                value(row.due),
                value(row.priority),
                value(row.purpose),
                value(row.verification),
                escaped(row.status),
                links(((row.line,) if row.line else ()) + row.sources),
            )
            for row in rows
        ],
    )


def _method(report: Report) -> list[str]:
    points = "\n".join(f"- **{label}**: {escaped(words)}" for label, words in report.method.points)
    recordings = [
        (
            row.session,
            row.track,
            row.started,
            row.length,
            escaped(row.source),
            "<br>".join(row.gaps) or "no gaps",
        )
        for row in report.method.recordings
    ]
    heads = ("Session", "Track", "Began", "Length", "From", "Without audio")
    empty = "*The record holds no recordings.*"
    return ["## Method note", points, table(heads, recordings) or empty]


def _section(title: str, body: str) -> list[str]:
    return [f"## {title}", body or f"*The record holds no {title.lower()}.*"]
