"""What a facilitator runs the review from: agenda, questions pinned to lines, ground rules."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING

from drafting.report import Sentence
from drafting.report_conduct import AgendaItem, ReviewGuide
from drafting.wording import listing, quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.timeline import TimelineEntry
    from drafting.report import ActionRow, DecisionRow, HypothesisRow, TimelineRow
    from drafting.report_analysis import AttemptRow, Causes

MINUTES = 60
MOST_QUESTIONS = 14
QUIET_S = 600
BRIEF = 70
AGENDA = (
    AgendaItem("5", "Opening: what the review is for, ground rules, who takes notes"),
    AgendaItem("35\N{EN DASH}40", "Walk the timeline line by line; stop at the questions below"),
    AgendaItem("10", "Contributing factors; what went well, what did not, what was luck"),
    AgendaItem("5\N{EN DASH}10", "Actions: owner, date and verification of each; review dates"),
)
RULES = (
    "Speak of roles, and of what was visible at the time. Nobody's action is the cause.",
    "Ask “what” and “how”, not “who” and “why”.",
    "A fact carries evidence. Everything else is a hypothesis, and welcome as one.",
    "Wishes and “should have” go to the actions. No solutions before the timeline is walked.",
)


def review_guide(
    entries: Sequence[TimelineEntry],
    timeline: Sequence[TimelineRow],
    *,
    decisions: Sequence[DecisionRow],
    hypotheses: Sequence[HypothesisRow],
    attempts: Sequence[AttemptRow],
    actions: Sequence[ActionRow],
    causes: Causes,
) -> ReviewGuide:
    """Return the guide; every question comes from something that the record lacks."""
    asked = tuple(
        chain(
            (Sentence(question) for question in causes.open_questions),
            _of_whys(causes),
            _of_hypotheses(hypotheses),
            _of_anchors(entries, timeline),
            _of_figures(timeline),
            _of_attempts(attempts),
            _of_quiet(entries, timeline),
            _of_decisions(decisions),
            _of_actions(actions),
        )
    )
    return ReviewGuide(
        MINUTES, AGENDA, asked[:MOST_QUESTIONS], max(0, len(asked) - MOST_QUESTIONS), RULES
    )


def _said(text: str) -> str:
    return quoted(shortened(text, BRIEF))


def _of_hypotheses(rows: Sequence[HypothesisRow]) -> Iterator[Sentence]:
    for row in rows:
        if row.unproven:
            yield Sentence(f"What would confirm or rule out {_said(row.text)}?", (row.ref,))


def _of_anchors(
    entries: Sequence[TimelineEntry], timeline: Sequence[TimelineRow]
) -> Iterator[Sentence]:
    """Ask at what time untimed anchors were, and what shows the times of the others."""
    unproven: list[TimelineRow] = []
    for entry, row in zip(entries, timeline, strict=True):
        if not row.anchor or row.ruled_out:
            continue
        if entry.occurred_at is None:
            yield Sentence(f"At what time was this ({row.anchor})?", (row.ref,))
        elif not entry.evidence and not entry.no_evidence_because:
            unproven.append(row)
    if unproven:
        names = listing(list(dict.fromkeys(row.anchor for row in unproven)))
        yield Sentence(f"What shows the time of {names}?", tuple(row.ref for row in unproven))


def _of_figures(timeline: Sequence[TimelineRow]) -> Iterator[Sentence]:
    for row in timeline:
        if row.doubt:
            yield Sentence(f"Is the figure right? {row.doubt}.", (row.ref,))


def _of_attempts(attempts: Sequence[AttemptRow]) -> Iterator[Sentence]:
    for row in attempts:
        if not row.result:
            yield Sentence("What did this attempt lead to?", (row.line,))


def _of_quiet(
    entries: Sequence[TimelineEntry], timeline: Sequence[TimelineRow]
) -> Iterator[Sentence]:
    """Ask about the longest stretch of which the record tells nothing."""
    timed = [
        (entry.occurred_at, row)
        for entry, row in zip(entries, timeline, strict=True)
        if entry.occurred_at is not None
    ]
    quiet = [
        ((after - before).total_seconds(), row.ref, later.ref)
        for (before, row), (after, later) in pairwise(timed)
    ]
    length, *refs = max(quiet, key=lambda one: one[0], default=(0.0, "", ""))
    if length >= QUIET_S:
        yield Sentence(
            f"What was done in the {int(length // 60)} minutes between these lines?", tuple(refs)
        )


def _of_decisions(decisions: Sequence[DecisionRow]) -> Iterator[Sentence]:
    for row in decisions:
        if not row.rationale or not row.information:
            yield Sentence("What was visible when this was decided, and what else?", (row.ref,))


def _of_whys(causes: Causes) -> Iterator[Sentence]:
    for why in causes.whys:
        if not why.answer:
            yield Sentence(why.question, (why.ref,))


def _of_actions(actions: Sequence[ActionRow]) -> Iterator[Sentence]:
    for row in actions:
        missing = [
            words
            for words, said in (
                ("who does it", row.owner),
                ("by when", row.due),
                ("how will it be seen to work", row.verification),
            )
            if not said
        ]
        if missing:
            asked = ", ".join(missing)
            yield Sentence(f"{asked[0].upper()}{asked[1:]}?", (row.ref,))
