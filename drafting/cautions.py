"""What a reader must know before relying on the first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.options import Section
from drafting.report import Sentence
from drafting.wording import counted, listing

if TYPE_CHECKING:
    from app.domain.incident import Incident
    from drafting.lines import Lines
    from drafting.options import ReportOptions

DRAFT = "Draft: no approval is recorded."


def cautions(incident: Incident, lines: Lines, options: ReportOptions) -> tuple[Sentence, ...]:
    """Return the cautions; the first of a draft says that it is one."""
    told = [] if options.final_by else [Sentence(DRAFT)]
    if incident.state.is_running:
        told.append(
            Sentence(f"The incident is {incident.state.value}: conclusions are provisional.")
        )
    told += _left_out(lines, options)
    if lines.chosen.untrusted:
        things = counted(lines.chosen.untrusted, "statement")
        told.append(Sentence(f"Left out because of flagged transcript: {things}."))
    unproven = sum(hypothesis.unproven for hypothesis in lines.hypotheses)
    if unproven:
        things = counted(unproven, "hypothesis is", "hypotheses are")
        told.append(Sentence(f"{things} not confirmed."))
    return tuple(told)


def _left_out(lines: Lines, options: ReportOptions) -> list[Sentence]:
    """Tell what a person chose not to print: which sections, and how many entries."""
    sections = [one.value for one in Section if one in options.sections_left_out]
    entries = lines.chosen.held_back
    parts = [f"{counted(len(sections), 'section')} ({listing(sections)})"] if sections else []
    parts += [counted(entries, "timeline entry", "timeline entries")] if entries else []
    return [Sentence(f"Left out by choice: {listing(parts)}.")] if parts else []
