"""Rules on the timeline: R02 hypotheses, R03 evidence of anchors, R21 milestones, R22 recovery."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.analysis import FactorStatus
from app.domain.ids import EvidenceId
from app.domain.incident import IncidentState
from app.domain.record import Record
from app.domain.rules.commands import ENTRY, TIME, WORDS, Typed, changing, command, proving
from app.domain.rules.findings import Circumstances, Place, Problem, and_list, quoted
from app.domain.timeline import (
    Anchor,
    EntryKind,
    HypothesisState,
    TimelineEntry,
)

# What a timeline tells at least, by the anchors of which any will do.
MILESTONES: tuple[tuple[str, frozenset[Anchor]], ...] = (
    ("detection", frozenset({Anchor.DETECTION})),
    ("triage", frozenset({Anchor.TRIAGE})),
    ("mitigation", frozenset({Anchor.MITIGATION_ATTEMPT, Anchor.ROLLBACK_OR_FIX})),
    ("communication", frozenset({Anchor.COMMUNICATION})),
    ("resolution", frozenset({Anchor.RECOVERY_CONFIRMED, Anchor.MONITORING_COMPLETE})),
)
OVER = frozenset({IncidentState.RESOLVED, IncidentState.POSTMORTEM_ONLY, IncidentState.CLOSED})


def guesses_stay_guesses(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R02: a hypothesis is confirmed by evidence, and nothing rests on one as on a fact."""
    proofs = {one.id for one in record.evidence}
    guesses: dict[str, TimelineEntry] = {}
    for entry in record.entries:
        if entry.hypothesis_state is HypothesisState.CONFIRMED:
            if proofs.isdisjoint(entry.evidence):
                yield Problem(
                    Place("entry", entry.id, "evidence"),
                    f"The hypothesis {quoted(entry.text)} is confirmed without evidence.",
                    "Attach what confirmed it, or set it back to open.",
                    typed=proving(entry.incident_id, entry.id),
                )
        elif entry.kind is EntryKind.HYPOTHESIS:
            guesses[entry.id] = entry
    yield from _built_on(record, guesses, proofs)


def _built_on(
    record: Record, guesses: dict[str, TimelineEntry], proofs: set[EvidenceId]
) -> Iterator[Problem]:
    for factor in record.factors:
        guess = next((guesses[name] for name in factor.entries if name in guesses), None)
        firm = factor.status is FactorStatus.CONFIRMED and not proofs.intersection(factor.evidence)
        if firm and guess is not None:
            yield Problem(
                Place("factor", factor.id, "status"),
                f"{quoted(factor.text)} is confirmed, and rests on the hypothesis "
                f"{quoted(guess.text)}, which is {guess.hypothesis_state}.",
                "Attach evidence to the factor, or make it a candidate.",
                typed=changing(
                    factor.incident_id, "factors", factor.id, status=FactorStatus.CANDIDATE
                ),
            )
    for text in record.communications:
        guess = next((guesses[name] for name in text.facts_used if name in guesses), None)
        if guess is not None:
            yield Problem(
                Place("communication", text.id, "facts_used"),
                f"It tells the hypothesis {quoted(guess.text)} as a fact; "
                f"it is {guess.hypothesis_state}.",
                "Take it out, or confirm it with evidence first.",
            )


def anchors_are_proven(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R03: what the incident's times rest on has evidence, or says why there is none."""
    proofs = {one.id for one in record.evidence}
    for entry in record.entries:
        excused = bool((entry.no_evidence_because or "").strip())
        if entry.anchor is not None and not excused and proofs.isdisjoint(entry.evidence):
            anchor = entry.anchor.value.replace("_", " ")
            yield Problem(
                Place("entry", entry.id, "evidence"),
                f"{quoted(entry.text)} marks the {anchor} and has no evidence.",
                "Attach a link, screenshot or alert, or say “none, because …”: "
                f"hotwash anchor … {entry.anchor} --because {WORDS}.",
                typed=proving(entry.incident_id, entry.id),
            )


def milestones_are_told(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R21: the timeline tells each milestone and the key decisions."""
    told = {entry.anchor for entry in record.entries}
    missing = [name for name, anchors in MILESTONES if told.isdisjoint(anchors)]
    if not any(entry.kind is EntryKind.DECISION for entry in record.entries):
        missing.append("key decisions")
    if missing:
        yield Problem(
            Place("incident", record.incident.id, "entries"),
            f"The timeline does not tell {and_list(missing)}.",
            "Mark the entry that tells it with its anchor; of what there was none, enter a line "
            "that says why, and mark that. Decisions are entered with /dec.",
            typed=_telling(record, told),
        )


def _telling(record: Record, told: set[Anchor | None]) -> Typed:
    """Return how the first milestone that is missing is told; of decisions, the line to enter."""
    for _name, anchors in MILESTONES:
        if told.isdisjoint(anchors):
            return command(record.incident.id, "anchor", ENTRY, min(anchors))
    return command(record.incident.id, "log", f"/dec {TIME} {WORDS}")


def recovery_is_seen(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R22: users could see that it was over, and there is proof."""
    proofs = {one.id for one in record.evidence}
    stated = [e for e in record.entries if e.anchor is Anchor.RECOVERY_CONFIRMED]
    if any(e.customer_visible and not proofs.isdisjoint(e.evidence) for e in stated):
        return
    if stated:
        last = stated[-1]
        yield Problem(
            Place("entry", last.id, "evidence"),
            f"{quoted(last.text)} confirms the recovery without a signal that users see, "
            "with evidence.",
            "Attach one (a success rate, a customer's word) and mark it as customer-visible.",
            typed=proving(last.incident_id, last.id)
            if proofs.isdisjoint(last.evidence)
            else changing(last.incident_id, "entries", last.id, customer_visible=True),
        )
    elif record.incident.state in OVER:
        yield Problem(
            Place("incident", record.incident.id, "entries"),
            "It is over, and nothing in the timeline confirms the recovery.",
            "Anchor the entry that tells what users saw as “recovery confirmed”.",
            typed=command(record.incident.id, "anchor", ENTRY, Anchor.RECOVERY_CONFIRMED),
        )
