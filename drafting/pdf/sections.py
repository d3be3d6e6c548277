"""The sections after the first page, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.platypus import PageBreak

from drafting.options import Section
from drafting.pdf.action_section import actions
from drafting.pdf.appendices import glossary, method, sources
from drafting.pdf.causes_section import factors, learnings
from drafting.pdf.closing_section import closeout
from drafting.pdf.conduct_section import communications
from drafting.pdf.impact_section import impact
from drafting.pdf.log_sections import decisions, hypotheses, mitigations
from drafting.pdf.review_page import review
from drafting.pdf.timeline_section import timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportlab.platypus import Flowable

    from drafting.pdf.setting import Setting
    from drafting.report import Report

MADE: dict[Section, Callable[[Report, Setting], list[Flowable]]] = {
    Section.IMPACT: impact,
    Section.TIMELINE: timeline,
    Section.DECISIONS: decisions,
    Section.MITIGATIONS: mitigations,
    Section.HYPOTHESES: hypotheses,
    Section.FACTORS: factors,
    Section.LEARNINGS: learnings,
    Section.ACTIONS: actions,
    Section.COMMUNICATIONS: communications,
    Section.CLOSEOUT: closeout,
    Section.REVIEW: review,
    Section.SOURCES: sources,
    Section.GLOSSARY: glossary,
    Section.METHOD: method,
}


def sections(report: Report, setting: Setting) -> list[Flowable]:
    """Return everything after the first page, without the sections that are left out.

    The method note comes last: it counts the characters that the others could not draw.
    """
    made = [MADE[section](report, setting) for section in Section if report.prints(section)]
    return [PageBreak(), *(block for blocks in made for block in blocks)]
