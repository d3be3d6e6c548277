"""From the report to a document: the sections in their order, the same as on the printed page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drafting.content import analysis, conduct, log, sources
from drafting.content.blocks import Document, Heading
from drafting.content.front import front
from drafting.content.lines import absent
from drafting.content.reachable import with_reachable_links
from drafting.options import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafting.content.blocks import Block
    from drafting.options import ReportOptions
    from drafting.report import Report

HASH_SHOWN = 12  # characters of a SHA-256 in the footer


def report_document(report: Report, options: ReportOptions) -> Document:
    """Return the whole report; the same for an equal report and equal options."""
    whole = Document(
        title=" ".join(report.title.split()),
        incident_id=report.incident_id,
        made_at=options.made_at,
        footer=_footer(report),
        blocks=(*front(report), *_sections(report)),
    )
    return replace(whole, blocks=with_reachable_links(whole.blocks))


def _footer(report: Report) -> str:
    stage = "Final" if report.final_by else "Draft"
    shown = f"SHA-256 {report.sha256[:HASH_SHOWN]}" if report.sha256 else ""
    parts = (report.incident_id, report.classification, stage, shown)
    return " · ".join(part for part in parts if part)


def _sections(report: Report) -> Iterator[Block]:
    """Yield each section that is printed; one without content says so."""
    told = report.analysis
    contents = {
        Section.IMPACT: ("Impact", analysis.impact(told)),
        Section.TIMELINE: ("Timeline", log.timeline(report)),
        Section.DECISIONS: ("Decisions", log.decisions(report.decisions)),
        Section.MITIGATIONS: ("Mitigation attempts", log.attempts(told.attempts)),
        Section.HYPOTHESES: ("Hypotheses", log.hypotheses(report.hypotheses)),
        Section.FACTORS: ("Contributing factors", analysis.causes(told.causes)),
        Section.LEARNINGS: ("Learnings", analysis.learnings(told.learnings)),
        Section.ACTIONS: ("Actions", analysis.actions(told.action_groups)),
        Section.COMMUNICATIONS: ("Communications", conduct.communications(report.conduct)),
        Section.CLOSEOUT: ("Close-out", conduct.closeout(report.closeout)),
        Section.REVIEW: ("Review", conduct.review(report.review)),
        Section.SOURCES: ("Sources", sources.sources(report)),
        Section.GLOSSARY: ("Glossary", conduct.glossary(report.glossary)),
        Section.METHOD: ("Method note", sources.method(report)),
    }
    for section, (title, content) in contents.items():
        if report.prints(section):
            yield Heading(2, title)
            yield from list(content) or [absent(f"The record holds no {title.lower()}.")]
