"""Lays a report out and returns the file's bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from drafting.pdf.fonts import Typesetter, one_line
from drafting.pdf.front import front_page
from drafting.pdf.pages import Pages, PageText
from drafting.pdf.sections import Sections

if TYPE_CHECKING:
    from pathlib import Path

    from drafting.options import ReportOptions
    from drafting.report import Report

HASH_LENGTH = 12


def pdf_bytes(report: Report, fonts_dir: Path, options: ReportOptions) -> bytes:
    """Return the PDF; the same bytes for an equal report and equal options.

    Raises:
        ExportError: A font file is missing or damaged.
    """
    types = Typesetter(fonts_dir)
    target = BytesIO()
    pages = Pages(
        target,
        text=_page_text(report, types),
        page_size=options.page_size,
        made_at=options.made_at,
    )
    sections = Sections(report, types, width=pages.body_width, page_height=pages.body_height)
    pages.make([*front_page(report, types, pages.body_height), *sections.all()])
    return target.getvalue()


def _page_text(report: Report, types: Typesetter) -> PageText:
    classification = report.classification or "classification not recorded"
    short = report.record_sha256[:HASH_LENGTH]
    return PageText(
        title=one_line(f"Postmortem (draft): {report.title}"),
        author=one_line(report.owner),
        subject=one_line(
            f"{report.incident_id}, {report.severity or 'severity not recorded'}, "
            f"{report.state}, {classification}"
        ),
        running_head=types.line(report.title),
        footer=types.line(f"{report.incident_id} · {classification}"),
        hash_words=f"record {short}" if short else "record hash not given",
    )
